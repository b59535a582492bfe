"""A restore fills an empty place and no other one, from a backup that is whole and no other one."""

import json
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from ftcml.accounts.models import Team
from ftcml.backups import making, manifest, messages, places
from ftcml.backups.progress import Progress
from ftcml.core.files import storage
from ftcml.installation import identity
from ftcml.launcher import server
from ftcml.launcher.refusals import CannotStart
from training.models import TrainingJob

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backup(model, settings, tmp_path: Path) -> Path:
    """A backup of a team that has one of everything."""
    settings.DATA_DIR, settings.WEIGHTS_DIR = tmp_path / "data", tmp_path / "weights"
    settings.DATA_DIR.mkdir()
    return making.back_up(tmp_path / "backups", Progress(lambda line: None)).folder


def change(path: Path) -> None:
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.parametrize("part", ["files", "rows", "files.sqlite3"])
def test_a_damaged_backup_is_refused_before_anything_is_changed(part: str, backup: Path, empty_place) -> None:
    place = backup / part
    change(next(path for path in sorted(place.rglob("*")) if path.is_file()) if place.is_dir() else place)
    folder = empty_place()
    with pytest.raises(CommandError, match="isn't as it was written"):
        call_command("restore", str(backup))
    assert not (folder / "files").exists()


def test_a_backup_of_a_newer_version_is_refused(backup: Path, empty_place) -> None:
    content = json.loads((backup / manifest.MANIFEST).read_text())
    content["leaves"].append(["training", "0999_of_tomorrow"])
    (backup / manifest.MANIFEST).write_text(json.dumps(content))
    empty_place()
    with pytest.raises(CommandError, match="which is newer than this one"):
        call_command("restore", str(backup))


def test_a_folder_without_a_backup_is_refused(tmp_path) -> None:
    with pytest.raises(CommandError, match="There's no complete backup"):
        call_command("restore", str(tmp_path))


def test_a_place_that_is_not_empty_is_refused(backup: Path, empty_place) -> None:
    teams = Team.objects.count()
    with pytest.raises(CommandError, match="The database isn't empty"):
        call_command("restore", str(backup))
    assert Team.objects.count() == teams
    empty_place()
    storage.put("teams/1/of another", ContentFile(b"file"))
    with pytest.raises(CommandError, match=r"The file storage .* isn't empty"):
        call_command("restore", str(backup))


def test_a_stopped_restore_lets_no_server_start_and_is_not_resumed_into_another_database(
    backup: Path, empty_place
) -> None:
    storage.remove(identity.NAME)
    storage.remove_tree("teams")
    storage.remove_tree("exports")
    name = messages.name_of_restore(backup, manifest.Manifest.read(backup).created)
    places.claim(name, takes_rows=False)
    with pytest.raises(CannotStart, match="isn't finished"):
        server.check_finished()
    with pytest.raises(CommandError, match="was begun with another database"):
        call_command("restore", str(backup))
    assert TrainingJob.objects.exists()
