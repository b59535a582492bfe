"""What a server has cost since its start: rows, bytes, requests and the time of processors."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields

import psutil
import psycopg
from psycopg import sql

from bench.cluster.counted_s3 import CountedS3
from bench.server.faults import TRAINING_WORKER
from bench.server.local_server import LocalServer
from bench.server.postgres import TemporaryPostgres

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_TRANSACTIONS = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"


@dataclass(frozen=True)
class Cost:
    """Seconds are of processors: of the web server, of the training worker, of its trainers, and of all others."""

    rows: float
    database_bytes: float
    transactions: float
    s3_requests: float
    s3_bytes: float
    web_seconds: float
    worker_seconds: float
    trainer_seconds: float
    other_seconds: float

    def less(self, other: "Cost") -> "Cost":
        return Cost(*(getattr(self, one.name) - getattr(other, one.name) for one in fields(self)))

    def times(self, factor: float) -> "Cost":
        return Cost(*(factor * getattr(self, one.name) for one in fields(self)))


def since_start(server: LocalServer, others: Sequence[int], postgres: TemporaryPostgres, s3: CountedS3) -> Cost:
    """`others`: the numbers of processes that are the server's, and not below it."""
    with psycopg.connect(postgres.url) as database:
        names = [name for (name,) in database.execute(_TABLES).fetchall()]
        counts = [_one(database, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))) for name in names]
        size = _one(database, sql.SQL("SELECT pg_database_size(current_database())"))
        transactions = _one(database, sql.SQL(_TRANSACTIONS))
    requests = s3.requests()
    seconds = _seconds(server, others)
    return Cost(sum(counts), size, transactions, requests, s3.stored_bytes(), *seconds)


def _one(database: "psycopg.Connection[tuple[int, ...]]", question: sql.SQL | sql.Composed) -> int:
    found = database.execute(question).fetchone()
    return found[0] if found else 0


def _seconds(server: LocalServer, others: Sequence[int]) -> tuple[float, float, float, float]:
    """Of the web server, the training worker, its ended trainers with the present one, and all other programs."""
    web = worker = trainers = rest = 0.0
    roots = [psutil.Process(number) for number in others]
    below = [process for root in roots for process in (root, *root.children(recursive=True))]
    for process in (*server.family(), *below):
        with suppress(psutil.Error):
            used, words = process.cpu_times(), " ".join(process.cmdline())
            own = used.user + used.system
            if "gunicorn" in words:
                web += own
            elif TRAINING_WORKER in words or "light_worker" in words:
                worker += own
                trainers += used.children_user + used.children_system
            elif "detector" in words or "light_trainer" in words:
                trainers += own
            else:
                rest += own + used.children_user + used.children_system
    return web, worker, trainers, rest
