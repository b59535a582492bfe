"""What the verdict of `make chaos` reads from the rows and files of a server."""

from pathlib import Path

import pytest

from bench.chaos.judging import chaos_rows
from bench.chaos.judging.chaos_story import Account, Attempt
from bench.chaos.judging.chaos_verdict import read_verdict
from detector.contract import attempt_files, spec
from ftcml.accounts.models import TrainingBalance
from ftcml.accounts.services import ledger
from ftcml.core.files import storage
from tests.factories import TrainingJobFactory, add_model
from training.models import Checkpoint, JobEvent, MetricPoint, TrainingJob
from training.services.jobs import work_folder


@pytest.fixture
def job(team, tmp_path) -> TrainingJob:
    """One that has ended well after one attempt, with its rows, its files and its account."""
    job = TrainingJobFactory(
        team=team, state="SUCCEEDED", steps_requested=100, steps_completed=100, lease_number=1, training_seconds=0
    )
    folder = f"{job.prefix}/{attempt_files.attempt_name(1)}"
    for state in ("QUEUED", "PREPARING", "RUNNING", "SUCCEEDED"):
        before = job.events.last()
        JobEvent.objects.create(job=job, old_state=before.new_state if before else "", new_state=state)
    Checkpoint.objects.create(
        job=job, step=100, lease_number=1, folder=f"{folder}/{attempt_files.checkpoint_name(100)}"
    )
    MetricPoint.objects.create(job=job, split="train", tag="Loss/total_loss", step=100, value=1.5)
    add_model(job, name=f"{folder}/{attempt_files.MODEL}")
    file = tmp_path / "file"
    file.write_bytes(b"weights")
    storage.put(f"{job.checkpoints.get().folder}/model.index", file)
    storage.put(job.model_name, file)
    storage.put(job.datasets.get().label_map_name, file)
    ledger.reserve(team, job.pk, job.max_seconds)
    ledger.settle(job.pk, 0)
    return job


@pytest.fixture
def attempt(job: TrainingJob) -> Path:
    folder = work_folder(job) / attempt_files.attempt_name(1)
    folder.mkdir(parents=True)
    told = spec.JobSpec(
        starting_model=job.starting_model,
        label_names=job.labels,
        training_shards=[],
        evaluation_shards=[],
        training_frames=80,
        evaluation_frames=20,
        batch_size=8,
        steps=100,
    )
    attempt_files.write(folder / attempt_files.JOB, told)
    return folder


def verdict(capsys):
    chaos_rows.print_verdict()
    return read_verdict(capsys.readouterr().out)


def test_a_job_s_story_is_read_from_rows_and_from_what_its_attempts_were_told(job, attempt):
    story = chaos_rows.read_story(job)

    assert [change.new for change in story.changes] == ["QUEUED", "PREPARING", "RUNNING", "SUCCEEDED"]
    assert story.attempts == (Attempt(1, resume_step=0, interval=100),)
    assert [(c.step, c.lease_number, c.attempts) for c in story.checkpoints] == [(100, 1, {1})]
    assert story.points == (("train", "Loss/total_loss", 100),)
    assert story.entries == (("reserve", 3600), ("charge", 0), ("refund", 3600))
    assert story.model_attempts == {1}


def test_an_account_is_read_as_it_is_even_when_it_is_wrong(team, job):
    balance = TrainingBalance.objects.get(team=team)
    assert list(chaos_rows.read_accounts()) == [Account("Team 7001", 36_000, 36_000)]

    TrainingBalance.objects.filter(pk=balance.pk).update(seconds_remaining=35_990)
    assert list(chaos_rows.read_accounts()) == [Account("Team 7001", 35_990, 36_000)]


def test_a_server_that_kept_its_promises_has_nothing_wrong(job, attempt, capsys):
    found = verdict(capsys)

    assert (found.jobs, found.attempts, found.states) == (1, 1, {"SUCCEEDED": 1})
    assert (found.tidied, found.wrongs) == (0, [])


def test_what_a_killed_worker_left_is_tidied_and_a_lost_file_is_wrong(job, attempt, capsys, tmp_path, settings):
    settings.QUARANTINE_DAYS = 0
    storage.put(f"{job.prefix}/{attempt_files.attempt_name(2)}/{attempt_files.MODEL}", tmp_path / "file")
    storage.remove(job.model_name)

    found = verdict(capsys)

    assert found.tidied == 1
    assert [wrong.kind for wrong in found.wrongs] == ["files"]
    assert job.model_name in found.wrongs[0].what
