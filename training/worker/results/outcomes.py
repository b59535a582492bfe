"""How an attempt at a job can end, and what becomes of the job then. Used by the supervisor and by the sweep.

The same fault means three things, by the state that the job is in:

| fault                            | a training             | one that is being stopped | the export of an ended job |
|----------------------------------|------------------------|---------------------------|----------------------------|
| `died`: killed, crashed, stuck,  | QUEUED and counted,    | STOPPED or CANCELED       | counted                    |
| a full disk, a broken server     | the third time FAILED  |                           |                            |
| `put_back`: shut down, drained,  | QUEUED                 | STOPPED or CANCELED       | tried again, not counted   |
| or the storage is away for all   |                        |                           |                            |
| `files_lost`                     | STATE_UNSPECIFIED      | STATE_UNSPECIFIED         | counted                    |

An export that was counted MAX_DEATHS_IN_A_ROW times waits for an operator (services/queue.py). Who has lost the lease
settles nothing: the job is another's.
"""

import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from training import messages
from training.models import TrainingJob
from training.reasons import Code, Reason
from training.services.jobs import transition, wake_training_worker
from training.states import TERMINAL, JobState
from training.worker import job_leases

log = logging.getLogger(__name__)

BEING_STOPPED = (JobState.STOP_REQUESTED, JobState.STOPPING)


def stopped(job: TrainingJob, by: str, only_if: Q | None = None) -> None:
    """End a job that was stopped. Without a checkpoint it's CANCELED."""
    if job.has_checkpoint:
        _end(job, JobState.STOPPED, by, Reason(Code.STOPPED_BY_TEAM), only_if)
    else:
        _end(job, JobState.CANCELED, by, Reason(Code.CANCELED_BY_TEAM), only_if)


def stopped_before_export(job: TrainingJob, by: str) -> None:
    """End a job that was stopped with a checkpoint. The worker keeps the lease to make the model files."""
    kept = {"lease_owner": job.lease_owner, "lease_until": job.lease_until}
    _end(job, JobState.STOPPED, by, Reason(Code.STOPPED_BY_TEAM), None, **kept)


def exported(job: TrainingJob, was_tried_in_vain: bool) -> None:
    """End the lease of an ended job's export. Failed exports are counted, so that none is tried forever.

    Raises LeaseLost.
    """
    job_leases.give_back(job, **({"deaths_in_a_row": F("deaths_in_a_row") + 1} if was_tried_in_vain else {}))


def out_of_time(job: TrainingJob, by: str, only_if: Q | None = None) -> None:
    """End a job that has used up its maximum training time."""
    if job.has_checkpoint:
        _end(job, JobState.STOPPED, by, Reason(Code.OUT_OF_TIME), only_if)
    else:
        _end(job, JobState.FAILED, by, Reason(Code.OUT_OF_TIME_AT_ONCE), only_if)


def succeeded(job: TrainingJob, by: str) -> None:
    transition(job, JobState.SUCCEEDED, by, live_step=job.steps_completed)


def failed(job: TrainingJob, by: str, why: Reason) -> None:
    """Fail a job for the trainer's own reason. Trying again would change nothing."""
    _end(job, JobState.FAILED, by, why)


def unspecified(job: TrainingJob, by: str, why: Reason) -> None:
    """Mark a job that contradicts itself. A person must look at it, and can stop it."""
    log.error("job %s of team %s contradicts itself: %s", job.pk, job.team_id, messages.words(why))
    transition(job, JobState.STATE_UNSPECIFIED, by, why)


def files_lost(job: TrainingJob, by: str, why: Reason) -> None:
    """Settle a job whose files to resume or export from are lost. Raises LeaseLost."""
    if job.state in TERMINAL:
        return exported(job, was_tried_in_vain=True)
    unspecified(job, by, why)


def put_back(job: TrainingJob, by: str, why: Reason) -> None:
    """Queue the job again without counting a failure, since the job isn't to blame. Raises LeaseLost."""
    if job.state in TERMINAL:
        return exported(job, was_tried_in_vain=False)
    if job.state in BEING_STOPPED:
        return stopped(job, by)
    requeue(job, by, why)


def handed_over(job: TrainingJob, by: str) -> None:
    """Queue the job of a drained worker again, and wake another. Raises LeaseLost."""
    put_back(job, by, Reason(Code.HANDED_OVER))
    wake_training_worker()


def requeue(job: TrainingJob, by: str, why: Reason) -> None:
    """Queue the job again, to resume from the newest checkpoint. No death is counted."""
    transition(job, JobState.QUEUED, by, why, live_step=job.steps_completed)


def died(job: TrainingJob, by: str, why: Reason, only_if: Q | None = None) -> None:
    """Settle a job whose trainer or machine ended without a result.

    If it was being stopped, or its time is over, it ends. Else it is queued again, and FAILED after
    MAX_DEATHS_IN_A_ROW deaths without a new checkpoint between them. Raises LeaseLost after an export.
    """
    if job.state in TERMINAL:
        return exported(job, was_tried_in_vain=True)
    if job.state in BEING_STOPPED:
        return stopped(job, by, only_if)
    if job.state == JobState.RUNNING and job.training_seconds >= job.max_seconds:
        return out_of_time(job, by, only_if)
    deaths = job.deaths_in_a_row + 1
    if deaths >= settings.MAX_DEATHS_IN_A_ROW:
        given_up = Reason(why.code, {**why.params, "deaths": deaths})
        return _end(job, JobState.FAILED, by, given_up, only_if)
    with transaction.atomic():
        transition(job, JobState.QUEUED, by, why, only_if, deaths_in_a_row=deaths, live_step=job.steps_completed)
        transaction.on_commit(wake_training_worker)


def _end(job: TrainingJob, state: JobState, by: str, why: Reason, only_if: Q | None = None, **fields: Any) -> None:
    # The count of deaths begins anew for the export of what was learned.
    transition(job, state, by, why, only_if, deaths_in_a_row=0, live_step=job.steps_completed, **fields)
