"""Celery's entry points to training. Messages carry no job: the rows say what there is to do."""

from celery import shared_task

from ftcml.core.work.one_turn import Turn
from ftcml.installation import identity
from training.integrity import sweeping, unused_files
from training.proposals import assistants, run_leases, run_process
from training.trash import emptying
from training.worker import training_worker


@shared_task
def run_next_job() -> None:
    """Train what waits, until nothing does."""
    training_worker.work()


@shared_task
def run_next_model() -> None:
    """Run one model over frames."""
    Turn(
        must_wait=identity.work_must_wait,
        claim_next=run_process.claim_next,
        work=run_process.work,
        waiting=run_leases.waiting,
        wake=run_leases.wake_worker,
    ).take()


@shared_task
def advance_assistants() -> None:
    """Take the next step of quick assistants: a dataset or a model may be there."""
    assistants.advance()


@shared_task
def sweep() -> None:
    sweeping.sweep()
    emptying.make_room()
    assistants.advance()
    if run_leases.waiting().exists():
        run_leases.wake_worker()


@shared_task
def tidy() -> None:
    emptying.empty_old()
    unused_files.remove_unused_files()
