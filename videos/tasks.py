"""Celery's way in. The rows say what there is to do; a message only wakes a worker up."""

from celery import shared_task

from ftcml.installation import identity
from videos.extraction import extraction_leases, extraction_process
from videos.services.receiving import phone_tickets, stopped_uploads
from videos.services.stored.unused_files import remove_unused_files
from videos.tracking_runs import run_leases, run_process, starting


@shared_task
def extract_next() -> None:
    """Take the frames out of one video, then go to the end of the queue: the next may be another team's turn."""
    if identity.work_must_wait():
        return
    if claimed := extraction_leases.claim_next():
        extraction_process.extract_in_child(*claimed)
        if extraction_leases.waiting().exists():
            extraction_leases.wake_extractor()


@shared_task
def track_next() -> None:
    """Do one run of a tracker, then go to the end of the queue."""
    if identity.work_must_wait():
        return
    if claimed := run_leases.claim_next():
        run_process.run_in_child(*claimed)
        if run_leases.waiting().exists():
            run_leases.wake_worker()


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
