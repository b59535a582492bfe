"""The version of the code that runs here, and whether the database is of a newer one, as during an upgrade."""

import tomllib
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from ftcml.installation import messages


@cache
def version() -> str:
    """Return the version of this server, from the one place that states it."""
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


def why_too_old() -> str:
    """Return why this code may not work with this database, as a sentence for operators; "" if it may.

    The rows of a newer version have columns that this one doesn't know. One query.
    """
    known, labels = _known_migrations()
    applied = {name for name in MigrationRecorder(connection).applied_migrations() if name[0] in labels}
    return messages.too_old(version()) if applied - known else ""


@cache
def _known_migrations() -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """Return the migrations that this code has, with those that they replace; and the labels of its apps.

    They are read once: a process keeps the code that it was started with.
    """
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    found = loader.disk_migrations
    replaced = {old for migration in found.values() for old in migration.replaces}
    labels = frozenset(config.label for config in apps.get_app_configs())
    return frozenset({*found, *replaced}), labels
