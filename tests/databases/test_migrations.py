"""A new database gets its tables by the migrations alone, and the migrations make what the models say."""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from datasets import messages
from datasets.models import Dataset
from ftcml.core.files import storage
from tests.processes import address_of
from training.models import TrainingJob

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    """The address of a database that no migration has touched."""
    if connection.vendor == "sqlite":
        yield address_of(str(tmp_path / "empty.sqlite3"))
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE empty")
    yield address_of("empty")
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE empty")


def test_an_empty_database_is_brought_up_to_date(empty_database: str) -> None:
    migrate = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": empty_database},
        capture_output=True,
        text=True,
    )
    assert migrate.returncode == 0, migrate.stderr
    assert "Applying training.0001_initial... OK" in migrate.stdout


def test_no_change_of_a_model_lacks_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True)


def migrated(*targets: tuple[str, str]) -> Any:
    """Bring the database to these migrations. Returns the models as they are then."""
    executor = MigrationExecutor(connection)
    return executor.migrate(list(targets)).apps


@pytest.fixture
def newest_again() -> Iterator[None]:
    """Brings the database up to date when the test has ended."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_a_dataset_that_was_deleted_before_is_removed_as_all_others_are(newest_again, team) -> None:
    before = migrated(("datasets", "0008_import_worked_at"))
    datasets = before.get_model("datasets", "Dataset")._base_manager
    datasets.create(team_id=team.pk, description="stays", state="READY")
    deleted = datasets.create(team_id=team.pk, description="is to go", deleted=timezone.now())
    after = migrated(("datasets", "0009_removals_of_deleted"))
    names = after.get_model("installation", "Removal").objects.values_list("name", flat=True)
    assert list(names) == [storage.team_prefix(team.pk, "datasets", deleted.pk)]


def test_inspections_are_renamed_there_and_back(newest_again, team, monkeypatch) -> None:
    before = migrated(("datasets", "0012_edits"))
    rename = importlib.import_module("datasets.migrations.0013_near_duplicates")
    monkeypatch.setattr(rename, "_AT_ONCE", 2)
    found = {"pairs": 3, "frames": 2, "closest": []}
    datasets = before.get_model("datasets", "Dataset")._base_manager
    for number in range(3):
        inspection = {"sizes": {}, "lookalikes": found}
        datasets.create(team_id=team.pk, description=f"{number}", inspection=inspection, deleted=timezone.now())
    never = datasets.create(team_id=team.pk, description="never looked at")
    after = migrated(("datasets", "0013_near_duplicates")).get_model("datasets", "Dataset")._base_manager
    renamed = {"sizes": {}, "near_duplicates": found}
    assert list(after.exclude(pk=never.pk).values_list("inspection", flat=True)) == [renamed] * 3
    assert after.get(pk=never.pk).inspection == {}
    back = migrated(("datasets", "0012_edits")).get_model("datasets", "Dataset")._base_manager
    assert list(back.exclude(pk=never.pk).values_list("inspection", flat=True)) == [inspection] * 3


@pytest.fixture
def of_before(newest_again, team) -> Any:
    """Makes a job as its row stood before the default file and the best checkpoint were keys."""
    old = migrated(("training", "0011_lost_files"))

    def make(files: dict[str, str], **fields: Any) -> Any:
        numbers = {"steps_requested": 400, "max_seconds": 60, "steps_completed": 400, "state": "SUCCEEDED"}
        job = old.get_model("training", "TrainingJob").objects.create(team_id=team.pk, **numbers, **fields)
        for step, precision in ((300, 0.62), (400, 0.5)):
            job.checkpoints.create(step=step, lease_number=1)
            job.metric_points.create(split="eval", tag="DetectionBoxes_Precision/mAP", step=step, value=precision)
        for variant, name in files.items():
            job.model_files.create(variant=variant, name=name, size=7, is_default=name == job.model_name)
        return job

    return make


def up_to_date(job: Any) -> TrainingJob:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    return TrainingJob.objects.get(pk=job.pk)


def test_the_default_file_and_the_best_checkpoint_become_keys(of_before) -> None:
    files = {"float32": "there/32", "int8": "there/8", "newest": "there/newest"}
    job = up_to_date(of_before(files, model_name="there/8", model_step=300, best_step=300, best_map=0.625))
    assert (job.model_name, job.model_step, job.best_step, job.best_map) == ("there/8", 300, 300, 0.625)
    assert [(file.variant, file.step, file.is_default) for file in job.model_files.all()] == [
        ("float32", 300, False),
        ("int8", 300, True),
        ("newest", 400, False),
    ]
    assert [checkpoint.mean_precision for checkpoint in job.checkpoints.all()] == [0.625, 0.5]


def test_a_model_of_before_there_were_rows_of_files_gets_one(of_before) -> None:
    job = up_to_date(of_before({}, model_name="there/model.tflite", model_step=400))
    assert (job.model_name, job.model_step, job.stored_names()) == ("there/model.tflite", 400, {"there/model.tflite"})
    assert (job.default_file.variant, job.default_file.size, job.best_checkpoint) == ("float32", 0, None)


def test_a_job_whose_default_file_was_lost_has_none(of_before) -> None:
    job = up_to_date(of_before({"int8": "there/8"}, model_name="", wants_model_again=True))
    assert (job.has_model, job.model_step, job.model_files.count()) == (False, 0, 1)


def test_the_way_back_writes_what_stood_there(of_before) -> None:
    files = {"float32": "there/32", "int8": "there/8"}
    job = up_to_date(of_before(files, model_name="there/8", model_step=300, best_step=300, best_map=0.625))
    old = migrated(("training", "0011_lost_files")).get_model("training", "TrainingJob").objects.get(pk=job.pk)
    assert (old.model_name, old.model_step, old.best_step, old.best_map) == ("there/8", 300, 300, 0.625)
    assert old.model_files.get(is_default=True).variant == "int8"


NOT_THERE = (
    "The server does not have the zip file of this dataset: the upload did not arrive whole, or the file was lost. "
    "Import it again."
)
REPAIRS = [{"kind": "picture_skipped", "file": "a.jpg", "text": "Damaged, or no picture: skipped.", "files": 1}]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NOT_THERE, "no_archive"),
        ("“a” and “b” may both be frame 1.2.3 of “c”. Import each video as a dataset of its own.", "other"),
        ("What no version says", "other"),
    ],
)
def test_an_import_that_failed_keeps_its_reason_and_its_repairs_there_and_back(newest_again, team, error, code) -> None:
    before = migrated(("datasets", "0009_removals_of_deleted")).get_model("datasets", "Dataset")
    of_before = before._base_manager.create(
        team_id=team.pk, description="broken", state="FAILED", error=error, repairs=REPAIRS
    )
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    dataset = Dataset.objects.get(pk=of_before.pk)
    assert dataset.reason_code == code
    assert [messages.of_repair(entry) for entry in dataset.repairs] == ["Damaged, or no picture: skipped."]
    back = migrated(("datasets", "0009_removals_of_deleted")).get_model("datasets", "Dataset")
    again = back._base_manager.get(pk=of_before.pk)
    assert (again.error, again.repairs) == (error, REPAIRS)


def test_the_reasons_of_a_job_stay_there_and_back(newest_again, team) -> None:
    said = "The training process crashed (SIGSEGV). What was learned up to step 100 is kept."
    before = migrated(("training", "0014_no_copies")).get_model("training", "TrainingJob")
    job = before.objects.create(team_id=team.pk, steps_requested=1, max_seconds=60, state="FAILED", state_reason=said)
    job.events.create(new_state="FAILED", why=said)
    assert up_to_date(job).reason_code == "crashed"
    again = migrated(("training", "0014_no_copies")).get_model("training", "TrainingJob").objects.get(pk=job.pk)
    assert (again.state_reason, again.events.get().why) == (said, said)


def test_a_checkpoint_of_before_is_counted_from_its_summary(newest_again, team) -> None:
    before = migrated(("training", "0016_no_sentences")).get_model("training", "TrainingJob")
    job = before.objects.create(team_id=team.pk, steps_requested=1, max_seconds=60, state="SUCCEEDED")
    summary = {"confusion": [[9, 1], [2, 0]], "labels": [{"ap50": 0.75}, {"ap50": None}]}
    job.checkpoints.create(step=100, lease_number=1, summary=summary)
    job.checkpoints.create(step=200, lease_number=1)
    counted = up_to_date(job).checkpoints.values_list("objects_there", "objects_found", "false_alarms", "ap50")
    assert list(counted) == [(10, 9, 2, 0.75), (None, None, None, None)]
