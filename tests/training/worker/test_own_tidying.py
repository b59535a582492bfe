"""What a machine that only trains removes by itself."""

import os
import time
import uuid
from pathlib import Path

from ftcml.installation import identity
from tests.factories import DatasetFactory
from tests.training.scripted import completes, supervise
from training.services.jobs import attempt_folder, work_folder
from training.worker.own_tidying import tidy_this_machine

EIGHT_DAYS = 8 * 24 * 3600


def test_logs_of_jobs_stay_and_what_is_unknown_goes_after_days(start, settings) -> None:
    identity.check()
    job = start()
    supervise(job, completes)
    leftover = attempt_folder(job) / "earlier-checkpoint"
    leftover.mkdir()
    (attempt_folder(job) / "trainer.log").write_text("its story")
    old, young = (Path(settings.WORK_DIR) / str(uuid.uuid4()) for _ in range(2))
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (time.time() - EIGHT_DAYS,) * 2)

    tidy_this_machine()

    assert [work_folder(job).exists(), leftover.exists(), old.exists(), young.exists()] == [True, False, False, True]
    assert (attempt_folder(job) / "trainer.log").exists()


def test_copies_of_deleted_datasets_go(team, settings, tmp_path: Path) -> None:
    identity.check()
    settings.SHARD_COPIES_DIR = tmp_path
    there, deleted = (
        tmp_path / f"teams/{team.pk}/datasets/{pk}" for pk in (DatasetFactory(team=team).pk, uuid.uuid4())
    )
    for folder in (there, deleted):
        folder.mkdir(parents=True)

    tidy_this_machine()

    assert (there.exists(), deleted.exists()) == (True, False)
