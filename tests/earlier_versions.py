"""Tables as an earlier version had them, to see what an upgrade makes of their rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@contextmanager
def before_migration(app: str, name: str) -> Iterator[Any]:
    """Bring the tables back to what they were before the app's migration "0123_name"; gives that version's models.

    Call `upgrade` within; at the end it's done in any case.
    """
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.nodes
    (key,) = (key for key in nodes if key[0] == app and key[1][5:] == name)
    before = [parent for parent in nodes[key].dependencies if parent[0] == app]
    executor.migrate(before)
    try:
        yield executor.loader.project_state(before).apps
    finally:
        upgrade()


def upgrade() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
