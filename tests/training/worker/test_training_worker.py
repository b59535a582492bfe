"""A training worker with the real trainer: TensorFlow trains the tiny model.

What a killed trainer costs is tried in the whole system, in tests/system.
"""

from collections.abc import Callable, Iterator

import psutil
import pytest

from datasets.importing import producing
from datasets.models import Dataset
from datasets.services import imports
from detector.contract import model_variants
from ftcml.core.files import storage
from tests.pages.voc_zip import write_zip
from training.models import TrainingJob
from training.services import jobs, registry
from training.services.starting.choices import TrainingChoices
from training.states import JobState
from training.worker.training_worker import Worker

pytestmark = pytest.mark.tensorflow

Observe = Callable[[TrainingJob], None]


@pytest.fixture
def tiny(start, team, coach, tmp_path) -> Callable[..., TrainingJob]:
    """Start a job of the tiny model on 24 drawn frames."""
    archive = write_zip(tmp_path / "cones.zip", frames=24)
    dataset: Dataset = imports.request_import(team, coach, archive, "cones")
    producing.produce(dataset)

    def tiny(**choices) -> TrainingJob:
        usual = {"datasets": [dataset], "starting_model": "Tiny test model 96x96", "description": "finds cones"}
        return start(**{**usual, **choices})

    return tiny


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """One for all tests here: the trainer that is ready after the first serves the second."""
    worker = Worker("tests")
    yield worker
    worker.shut_down()
    assert not trainers()


def trainers() -> list[psutil.Process]:
    """The trainers that this process has started and that still run."""
    return [child for child in psutil.Process().children() if "detector" in command_of(child)]


def command_of(child: psutil.Process) -> str:
    """Its command line; "" of one that has ended."""
    try:
        return " ".join(child.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


def at_step(step: int, act: Callable[[TrainingJob], object]) -> Observe:
    """Do something once, when the page would show that the job has reached a step."""
    done = []

    def observe(job: TrainingJob) -> None:
        if job.state == JobState.RUNNING and job.live_step >= step and not done:
            done.append(act(job))

    return observe


def has_model(job: TrainingJob) -> bool:
    """Whether a TensorFlow Lite file is stored for the job."""
    if not job.model_name:
        return False
    with storage.open_file(job.model_name) as stream:
        return stream.read(8)[4:] == b"TFL3"


def test_a_job_survives_a_shutdown_has_its_model_made_after_a_stop_and_is_trained_more(worker, tiny, coach) -> None:
    leaving = Worker("leaving")
    job = tiny(training_steps=20_000)
    leaving.work_on(job, at_step(1, lambda job: leaving.shut_down()))
    assert job.state == JobState.QUEUED
    assert job.steps_completed >= 1

    jobs.request_stop(job, coach)
    assert (job.state, job.model_name) == (JobState.STOPPED, "")

    worker.work()
    job.refresh_from_db()
    assert job.state == JobState.STOPPED
    assert has_model(job)

    registry.report("worker-1", "cpu", 1)  # as it has done since the test began, which may be minutes ago
    child = jobs.train_more(job, coach, TrainingChoices([], 20_000, 60, "finds cones better"))
    in_its_middle = job.steps_completed + 3
    worker.work_on(child, at_step(in_its_middle, lambda child: jobs.request_stop(child, coach)))
    assert child.state == JobState.STOPPED
    assert child.steps_completed == child.checkpoints.last().step >= in_its_middle
    assert child.started_from == f"the model “finds cones” at step {job.steps_completed}"
    assert has_model(child)
    assert {file.variant for file in child.model_files.all()} >= set(model_variants.VARIANTS)
