"""Models that can be trained more."""

from django.core.files.base import ContentFile

from ftcml.core.files import storage
from tests.factories import TrainingJobFactory
from training.models import Checkpoint, TrainingJob
from training.states import JobState


def trained(step: int = 400, **fields: object) -> TrainingJob:
    """A SUCCEEDED job whose newest checkpoint, of `step`, lies in the storage."""
    of_steps = {"state": JobState.SUCCEEDED, "steps_completed": step, "live_step": step, "batch_size": 32}
    job = TrainingJobFactory(**{**of_steps, **fields})
    checkpoint(job, step)
    return job


def checkpoint(job: TrainingJob, step: int) -> Checkpoint:
    folder = f"{job.prefix}/checkpoint-{step:06d}"
    storage.put(f"{folder}/model.index", ContentFile(f"weights of {job} at step {step}".encode()))
    return job.checkpoints.create(step=step, lease_number=1, folder=folder)
