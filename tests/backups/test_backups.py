"""What a backup holds, what it shares with the one before, and when it's refused."""

import gzip
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from ftcml.backups import making, manifest
from ftcml.backups.manifest import Manifest
from ftcml.backups.progress import Progress
from ftcml.core.files import storage
from ftcml.installation import identity, named_files
from tests.training.scripted import content
from training.models import TrainingJob
from videos.models import Frame, Video

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _data_of_this_test(settings, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.WEIGHTS_DIR = tmp_path, tmp_path / "weights"


@pytest.fixture
def picture(model: TrainingJob) -> str:
    """The name of a picture of a video."""
    return Frame.objects.filter(video__team=model.team, video__kind=Video.Kind.VIDEO).first().picture_name


def back_up(place: Path) -> making.Made:
    return making.back_up(place, Progress(lambda line: None))


def place_of(made: making.Made, name: str) -> Path:
    return made.folder / manifest.FILES / name


def test_a_backup_holds_every_file_that_rows_name_and_only_its_owner_reads_it(model, tmp_path, stored_files) -> None:
    made = back_up(tmp_path / "backups")
    held = {path.relative_to(made.folder / "files") for path in (made.folder / "files").rglob("*") if path.is_file()}
    stored = {Path(path).relative_to(tmp_path / "files") for path in stored_files() if "/files/" in path}
    named = {name for names in named_files.in_turn() for name in names}
    assert held == stored
    assert held <= {Path(name) for name in named}
    assert made.manifest.lost == [name for name in sorted(named) if not name.endswith("/") and Path(name) not in held]
    assert [path for path in (made.folder, *made.folder.rglob("*")) if path.stat().st_mode & 0o077] == []


def test_with_a_backup_nobody_can_act_as_another_person(model, tmp_path, coach_client, settings) -> None:
    (tmp_path / "secret_key").write_text(settings.SECRET_KEY)
    made = back_up(tmp_path / "backups")
    assert "sessions.session" not in made.manifest.tables
    assert not list(made.folder.rglob("*secret*"))


def test_what_did_not_change_is_shared_with_the_backup_before(model, picture, tmp_path) -> None:
    first = back_up(tmp_path / "backups")
    storage.put(picture, ContentFile(b"another"))
    second = back_up(tmp_path / "backups")
    assert (second.copied, second.copied_bytes) == (1, len(b"another"))
    assert place_of(second, picture).read_bytes() == b"another"
    assert place_of(first, picture).read_bytes() != b"another", "the older backup is as it was"
    shared = model.model_name
    assert os.path.samefile(place_of(first, shared), place_of(second, shared))


def test_files_in_a_bucket_are_backed_up_and_shared_as_well(bucket, model, tmp_path) -> None:
    first, second = (back_up(tmp_path / "backups") for _ in range(2))
    assert place_of(second, model.model_name).read_bytes() == content(model.model_name)
    assert (first.copied, second.copied) == (first.manifest.files, 0)


def test_a_backup_that_was_stopped_goes_on_where_it_was(model, tmp_path, monkeypatch) -> None:
    with monkeypatch.context() as stopped:
        stopped.setattr(making, "_write_rows", lambda *of: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            back_up(tmp_path / "backups")
    assert list(manifest.complete_in(tmp_path / "backups")) == []
    made = back_up(tmp_path / "backups")
    assert (made.copied, made.manifest.files > 0) == (0, True)
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [made.folder.name]


def test_a_file_that_was_lost_before_is_named(model, picture, tmp_path, capsys) -> None:
    storage.remove(picture)
    call_command("back_up", str(tmp_path / "backups"))
    ((_, made),) = manifest.complete_in(tmp_path / "backups")
    assert picture in made.lost
    assert "A file that the database names wasn't stored any more." in capsys.readouterr().out


def test_without_the_right_files_nothing_is_backed_up(model, tmp_path) -> None:
    storage.remove(identity.NAME)
    with pytest.raises(CommandError, match="aren't where they should be"):
        call_command("back_up", str(tmp_path / "backups"))
    assert not (tmp_path / "backups").exists()


def test_the_newest_are_kept(model, tmp_path) -> None:
    for day in range(10, 14):
        folder = tmp_path / "backups" / f"ftcml-202601{day}-120000"
        folder.mkdir(parents=True)
        Manifest(1, "0.5.0", "", "", [], {}, 0, 0, "", {}, []).write(folder)
    (tmp_path / "backups" / "ftcml-of-a-person").mkdir()
    call_command("back_up", str(tmp_path / "backups"), keep=2)
    newest, *others = sorted((path.name for path in (tmp_path / "backups").iterdir()), reverse=True)[1:]
    assert newest.startswith("ftcml-2026") or others
    kept = [folder.name for folder, _ in manifest.complete_in(tmp_path / "backups")]
    assert len(kept) == 2
    assert kept[1] == "ftcml-20260113-120000"
    assert (tmp_path / "backups" / "ftcml-of-a-person").exists()


def test_a_table_is_a_file_of_lines_that_people_can_read(model, tmp_path) -> None:
    made = back_up(tmp_path / "backups")
    with gzip.open(manifest.row_file(made.folder, "accounts.team"), "rt") as lines:
        assert [line for line in lines if model.team.name in line]
