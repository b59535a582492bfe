"""Celery's way in. The rows say what there is to do; a message only wakes a worker up."""

from celery import shared_task

from ftcml.core.work.one_turn import Turn
from ftcml.installation import identity
from videos.extraction import extraction_leases, extraction_process
from videos.services import retention
from videos.services.receiving import phone_tickets, stopped_uploads
from videos.services.stored.unused_files import remove_unused_files
from videos.tracking_runs import run_leases, run_process, starting


@shared_task
def extract_next() -> None:
    """Take the frames out of one video."""
    Turn(
        must_wait=identity.work_must_wait,
        claim_next=extraction_leases.claim_next,
        work=extraction_process.extract_in_child,
        waiting=extraction_leases.waiting,
        wake=extraction_leases.wake_extractor,
    ).take()


@shared_task
def track_next() -> None:
    """Do one run of a tracker."""
    Turn(
        must_wait=identity.work_must_wait,
        claim_next=run_leases.claim_next,
        work=run_process.run_in_child,
        waiting=run_leases.waiting,
        wake=run_leases.wake_worker,
    ).take()


@shared_task
def sweep() -> None:
    """Wake a worker for rows whose message or worker was lost."""
    if extraction_leases.waiting().exists():
        extraction_leases.wake_extractor()
    if run_leases.waiting().exists():
        run_leases.wake_worker()


@shared_task
def tidy() -> None:
    """Remove what nobody needs anymore: uploads that were given up, tickets that ended, files without a row."""
    if identity.work_must_wait():
        return
    stopped_uploads.tidy()
    phone_tickets.remove_old()
    remove_unused_files()
    starting.remove_old()
    retention.sweep()
