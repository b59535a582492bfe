"""From SQLite and a folder to PostgreSQL and S3: all of it, compared at the end, and into an empty place only."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from bench.server.postgres import TemporaryPostgres
from ftcml.accounts.models import Team, User
from ftcml.backups import messages, places
from ftcml.core.files import storage
from ftcml.installation import identity
from tests.backups.empty_place import StoppedAt, other_database
from tests.factories import TeamFactory, UserFactory
from tests.servers.s3_server import S3Bucket, use
from tests.training.scripted import content
from training.models import Checkpoint, TrainingJob
from training.services import registry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def postgres() -> Iterator[TemporaryPostgres]:
    with TemporaryPostgres() as server:
        yield server


@pytest.fixture
def school(model, second_database, settings, tmp_path: Path) -> TrainingJob:
    """That model, in a data folder as `make run` has it."""
    settings.DATA_DIR = tmp_path
    # What PostgreSQL keeps in another way: a whole number that was a float, and the order of keys.
    Checkpoint.objects.filter(job=model).update(summary={"b": 1e16, "a": [-0.0, 2.0, 0.1]})
    UserFactory.create_batch(3)
    User.objects.order_by("-pk").first().delete()
    ours, copy = connection.settings_dict["NAME"], tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(ours)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return model


@pytest.fixture
def new_settings(school, settings, postgres, s3_server) -> Iterator[S3Bucket]:
    """From here on DATABASE_URL and FTCML_S3_BUCKET name an empty database and an empty bucket."""
    bucket = S3Bucket(s3_server).make()
    use(settings, bucket)
    with other_database(postgres.url):
        yield bucket


def change(database: Path, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute(statement, values)


def test_a_school_moves_to_postgresql_and_s3_and_resumes_where_it_was_stopped(
    school: TrainingJob, new_settings: S3Bucket, monkeypatch, capsys, tmp_path: Path
) -> None:
    change(tmp_path / "db.sqlite3", "UPDATE accounts_team SET name = name || ?", "x" * 5000)
    with pytest.raises(CommandError, match=r"doesn't take a row of accounts.team.*value too long"):
        call_command("move_data")
    assert not Team.objects.exists(), "all rows or none"

    change(tmp_path / "db.sqlite3", "UPDATE accounts_team SET name = ?", "Robo Raccoons")
    with monkeypatch.context() as stopped:
        stopped.setattr(
            "ftcml.backups.management.commands.move_data.Progress", lambda say: StoppedAt(messages.READING_BACK)
        )
        with pytest.raises(CommandError, match="Run the same command again"):
            call_command("move_data")
    assert "isn't finished" in places.unfinished()
    assert identity.problem()

    call_command("move_data")

    said = capsys.readouterr().out
    assert "Counts and checksums of all tables agree." in said
    assert "All checksums agree." in said
    assert (connection.vendor, identity.problem(), places.unfinished()) == ("postgresql", "", "")
    job = TrainingJob.objects.get(pk=school.pk)
    assert f"our/files/{job.model_name}" in new_settings.objects()
    assert content(job.model_name) == (tmp_path / "files" / job.model_name).read_bytes()
    assert job.checkpoints.last().summary == {"a": [0, 2.0, 0.1], "b": 10**16}
    call_command("check_storage")
    assert "nothing is lost" in capsys.readouterr().out
    last = User.objects.order_by("-pk").first().pk
    assert UserFactory().pk == last + 2, "a number isn't given twice, not even a deleted person's"
    assert not (tmp_path / "moving.sqlite3").exists()

    with pytest.raises(CommandError, match="The database isn't empty"):
        call_command("move_data")


def test_files_alone_move_to_a_bucket_that_is_empty(school: TrainingJob, settings, s3_server) -> None:
    bucket = S3Bucket(s3_server).make()
    use(settings, bucket)
    storage.put("of another program", ContentFile(b"file"))
    with pytest.raises(CommandError, match=r"The file storage bucket.* isn't empty"):
        call_command("move_data")
    storage.remove("of another program")
    with other_database(f"sqlite:///{settings.DATA_DIR / 'db.sqlite3'}"):
        call_command("move_data")
        assert (identity.problem(), Team.objects.count()) == ("", 1)
    assert f"our/files/{school.model_name}" in bucket.objects()


def test_a_move_needs_an_aim_and_a_server_that_stands_still(school, settings, s3_server) -> None:
    with pytest.raises(CommandError, match="Say where to move"):
        call_command("move_data")
    use(settings, S3Bucket(s3_server).make())
    with other_database(f"sqlite:///{settings.DATA_DIR / 'db.sqlite3'}"):
        registry.report("worker-1", "cpu", 1)
        with pytest.raises(CommandError, match="A training worker was seen"):
            call_command("move_data")
        assert TeamFactory()
