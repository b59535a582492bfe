"""Celery's way in. The rows say what there is to do; a message only wakes a worker up."""

from celery import shared_task

from ftcml.core.work.one_turn import Turn
from ftcml.installation import identity
from ftcml.privacy.services.erasing import erasures
from ftcml.privacy.services.exports import exports, making
from ftcml.privacy.services.exports.export_leases import ExportLease


@shared_task
def export_next() -> None:
    """Make one export."""
    Turn(
        must_wait=identity.work_must_wait,
        claim_next=ExportLease.claim_next,
        work=making.make,
        waiting=ExportLease.work.waiting,
        wake=exports.wake_worker,
    ).take()


@shared_task
def erase() -> None:
    """Go on with what is to be erased."""
    if not identity.work_must_wait():
        erasures.advance()


@shared_task
def sweep() -> None:
    """Wake a worker for rows whose message or worker was lost."""
    if erasures.due().exists():
        erasures.wake_worker()
    if ExportLease.work.waiting().exists():
        exports.wake_worker()


@shared_task
def tidy() -> None:
    if not identity.work_must_wait():
        exports.tidy()
