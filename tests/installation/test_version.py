"""An upgrade in the middle: programs that it hasn't reached yet take no work."""

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from ftcml.installation import identity
from ftcml.installation.version import version


def test_code_that_is_older_than_the_database_takes_no_work_and_says_why(db, caplog) -> None:
    assert not identity.work_must_wait()
    MigrationRecorder(connection).record_applied("training", "9999_of_tomorrow")
    assert identity.work_must_wait()
    assert identity.why_no_work() == (
        f"The database is of a newer version than this machine's {version()}. Upgrade this machine, then restart it."
    )


def test_apps_that_were_removed_are_no_newer_version(db) -> None:
    MigrationRecorder(connection).record_applied("of_long_ago", "0001_initial")
    assert not identity.work_must_wait()
