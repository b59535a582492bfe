"""Celery's way in. The rows say what there is to do; a message only wakes a worker up.

Each task asks once whether the stored files are this database's. Where they aren't, an import would lose its zip, every
picture would count as unreadable.
"""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings

from datasets.importing import import_leases, import_process
from datasets.importing.to_frames import frame_leases, taking_in_process
from datasets.inspection import inspecting
from datasets.services import editing, imports, unused_files
from datasets.services.labeling import labels_to_fix, production
from ftcml.core.work.one_turn import Turn
from ftcml.installation import identity
from videos.services.stored import unused_files as unused_files_of_videos


@worker_ready.connect
def tidy_this_machine(sender: Any, **kwargs: Any) -> None:
    """Remove what a killed worker left here. A machine that only imports has no other tidying."""
    if settings.CELERY_TASK_DEFAULT_QUEUE in sender.app.amqp.queues.consume_from and not identity.work_must_wait():
        unused_files.remove_work_folders()
        unused_files_of_videos.remove_work_folders()


@shared_task
def import_next() -> None:
    """Do one import, or produce one dataset."""
    done = Turn(
        must_wait=identity.work_must_wait,
        claim_next=import_leases.claim_next,
        work=import_process.produce_in_child,
        waiting=import_leases.waiting,
        wake=imports.wake_import_worker,
    ).take()
    if done:
        editing.settle()
    if done and done.production:
        production.wake_assistants()


@shared_task
def take_in_next() -> None:
    """Take in the frames of one video."""
    Turn(
        must_wait=identity.work_must_wait,
        claim_next=frame_leases.claim_next,
        work=taking_in_process.take_in_in_child,
        waiting=frame_leases.waiting,
        wake=labels_to_fix.wake_worker,
    ).take()


@shared_task
def inspect_next() -> None:
    """Look at one dataset, then go to the end of the queue: nobody's import waits for more than one."""
    if identity.work_must_wait():
        return
    if dataset := inspecting.due().first():
        inspecting.inspect(dataset)
        if inspecting.due().exists():
            inspecting.wake_inspector()


@shared_task
def sweep() -> None:
    """Wake a worker for rows whose message or worker was lost, and for what an update wants to be looked at again.

    Settle edited copies whose worker died before it could.
    """
    editing.settle()
    if import_leases.waiting().exists():
        imports.wake_import_worker()
    if frame_leases.waiting().exists():
        labels_to_fix.wake_worker()
    if inspecting.due().exists():
        inspecting.wake_inspector()


@shared_task
def tidy() -> None:
    unused_files.remove_unused_files()
