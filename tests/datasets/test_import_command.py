"""`python manage.py import_dataset`"""

import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from datasets.importing import import_process
from datasets.models import Dataset
from datasets.services import deletion
from tests.datasets.archives import picture, sound_frames, write_zip

# The import runs in a process of its own, which sees what is committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("children_see_this_test")]


def run(archive: Path, team: int, *more: str) -> str:
    out = StringIO()
    call_command(
        "import_dataset", str(archive), "--team", str(team), "--description", "from a shell", *more, stdout=out
    )
    return out.getvalue()


def test_it_imports_and_says_what_it_repaired(team, tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "set.zip", sound_frames(10) | {"broken.jpg": picture()[:200]})
    said = run(archive, team.number, "--eval-percent", "30")
    dataset = Dataset.objects.get(team=team)
    assert "Pictures skipped: can't be read: 1\n  broken.jpg Damaged or not a picture, so we skipped it." in said
    assert f"Dataset {dataset.pk} is ready: 7 training frames and 3 evaluation frames; labels: ball." in said
    assert dataset.description == "from a shell"


@pytest.mark.parametrize("limit", ["IMPORT_MAX_PROCESSOR_SECONDS", "IMPORT_MAX_SECONDS", "IMPORT_MAX_STEP_SECONDS"])
def test_it_keeps_to_the_limits_of_a_worker(team, tmp_path: Path, settings, monkeypatch, limit: str) -> None:
    setattr(settings, limit, 1)
    monkeypatch.setattr(import_process, "COMMAND", (sys.executable, "-c", "while True: pass"))
    with pytest.raises(CommandError, match=r"We stopped after|One file took over"):
        run(write_zip(tmp_path / "set.zip", sound_frames(3)), team.number)
    assert Dataset.objects.get().state == Dataset.State.FAILED


def test_a_dataset_that_is_deleted_meanwhile_is_named(team, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(
        import_process, "produce_in_child", lambda dataset, lease, progress: deletion.delete_dataset(dataset)
    )
    with pytest.raises(CommandError, match="Someone deleted this dataset"):
        run(write_zip(tmp_path / "set.zip", sound_frames(3)), team.number)


def test_a_refusal_is_its_error(team, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="We found no annotations"):
        run(write_zip(tmp_path / "set.zip", {"a.doc": ""}), team.number)
    assert Dataset.objects.get().state == Dataset.State.FAILED


def test_a_refusal_at_once_leaves_no_row(team, tmp_path: Path) -> None:
    (tmp_path / "set.zip").write_text("hello")
    with pytest.raises(CommandError, match="That isn't a zip file"):
        run(tmp_path / "set.zip", team.number)
    assert not Dataset.objects.exists()


def test_a_team_or_file_that_is_not_there_is_named(team, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no FTC team 4"):
        run(tmp_path / "set.zip", 4)
    with pytest.raises(CommandError, match=r"There is no file .*set\.zip"):
        run(tmp_path / "set.zip", team.number)
