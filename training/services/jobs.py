"""The verbs of a training job: start, train_more, retry, stop, delete; and `transition`, which alone changes states."""

import logging
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from datasets.models import Dataset
from datasets.split import Split
from detector.contract import attempt_files, catalog, spec
from detector.contract.suppression import DEFAULT_DETECTIONS
from ftcml.accounts.models import Team, User
from ftcml.accounts.services import ledger
from ftcml.celery import wake
from ftcml.core import clock
from ftcml.core.logging import logs
from ftcml.installation import removals
from ftcml.integrations.services import happenings
from training import messages
from training.models import JobDataset, JobEvent, TrainingJob
from training.reasons import Code, Reason, Refusal
from training.refusals import JobRefused
from training.services import capacity, lineage, registry
from training.services.lineage import HasChildren, JobIsAlive
from training.services.starting import checks
from training.services.starting.choices import TrainingChoices
from training.states import LEASED, STOPPABLE, TERMINAL, JobState, check_transition
from training.weights import starting_weights

log = logging.getLogger(__name__)

__all__ = [
    "HasChildren",
    "JobIsAlive",
    "LostRace",
    "attempt_folder",
    "delete",
    "rename",
    "request_stop",
    "retry",
    "retry_all_that_wait",
    "start",
    "train_more",
    "transition",
    "work_folder",
]


class TooLittleTime(JobRefused):
    """The team has too few minutes left for the job."""


class LostRace(Exception):
    """Another process changed the job first; the caller must read it again."""


def start(
    team: Team,
    user: User | None,
    choices: TrainingChoices,
    job_id: uuid.UUID | None = None,
    is_trained_here: bool = False,
) -> TrainingJob:
    """Queue a job: reserve its time, write its row, wake a training worker. Raises JobRefused.

    Where the server cannot take it now, nothing is reserved, and its row is in TRY_AGAIN_LATER with the reason.
    `is_trained_here`: the caller trains it, so that it needs no training worker. A caller that may ask twice chooses
    the `job_id`: the second job of that id raises IntegrityError.
    """
    model = checks.starting_model(choices.starting_model)
    job = _wanted(team, user, choices, job_id, DEFAULT_DETECTIONS)
    job.starting_model, job.started_from = model.name, starting_weights.name_for(model)
    with transaction.atomic():
        why_not = _turned_away(team, is_trained_here)
        _queue(job, _locked(team, choices.datasets), why_not)
    return job


def train_more(
    parent: TrainingJob, user: User | None, choices: TrainingChoices, job_id: uuid.UUID | None = None
) -> TrainingJob:
    """Queue a job that goes on where `parent` ended, on its datasets and the chosen ones, which may be none.

    All else is as in `start`. Raises JobRefused.
    """
    job = _wanted(parent.team, user, choices, job_id, parent.max_detections)
    job.starting_model = checks.starting_model(parent.starting_model).name
    job.spec_format = spec.needed_format(has_parent=True, max_detections=job.max_detections)
    with transaction.atomic():
        why_not = _turned_away(parent.team)
        parent = _locked_parent(parent)
        job.parent, job.started_from = parent, lineage.name_as_parent(parent)
        job.first_step = job.steps_completed = job.live_step = parent.steps_completed
        _queue(job, _locked(parent.team, lineage.datasets_of_child(parent, choices.datasets)), why_not)
    return job


def _wanted(
    team: Team, user: User | None, choices: TrainingChoices, job_id: uuid.UUID | None, usual_detections: int
) -> TrainingJob:
    """Return a job with what every start needs, not saved yet. Raises JobRefused."""
    detections = usual_detections if choices.max_detections is None else choices.max_detections
    checks.check_detections(detections)
    checks.check_steps(choices.training_steps)
    checks.check_minutes(choices.max_minutes)
    description = checks.clean_description(choices.description)
    checks.check_room(team)
    return TrainingJob(
        pk=job_id or uuid.uuid4(),
        team=team,
        created_by=user,
        description=description,
        steps_requested=choices.training_steps,
        max_seconds=60 * choices.max_minutes,
        max_detections=detections,
        spec_format=spec.needed_format(has_parent=False, max_detections=detections),
    )


def _turned_away(team: Team, is_trained_here: bool = False) -> Reason:
    """Return why a job started now must wait in TRY_AGAIN_LATER, if it must. Raises JobRefused.

    Until the transaction ends no other start counts what this one has counted.
    """
    capacity.one_start_at_a_time()
    capacity.check_team(team)
    return capacity.refusal(is_trained_here)


def _queue(job: TrainingJob, chosen: list[Dataset], why_not: Reason) -> None:
    """Write the row of a job, in a transaction that holds its datasets: QUEUED, with its time reserved.

    `why_not`: why it cannot be queued, if it cannot. Raises JobRefused.
    """
    checks.check_datasets(chosen)
    accelerator = registry.live_accelerator()
    model = catalog.starting_model(job.starting_model)
    job.labels = chosen[0].labels
    job.accelerator = accelerator
    job.batch_size = catalog.batch_size(model, accelerator, checks.frames(chosen, Split.TRAINING))
    job.state = JobState.TRY_AGAIN_LATER if why_not else JobState.QUEUED
    job.reason_code, job.reason_params = why_not.code, why_not.params
    if not why_not:
        _reserve(job)
    job.save(force_insert=True)
    # Asked once the id is this job's: a deletion of the one before was waited for.
    if removals.is_due(job.prefix):
        raise JobRefused(Refusal.FILES_STILL_REMOVED)
    JobDataset.objects.bulk_create(JobDataset(job=job, dataset=dataset) for dataset in chosen)
    by = str(job.created_by or "command line")
    reason = _kept(why_not or Reason(Code.STARTED))
    JobEvent.objects.create(job=job, new_state=job.state, by=by, created=clock.now(), **reason)
    if not why_not:
        transaction.on_commit(wake_training_worker)


def retry(job: TrainingJob, by: User | str, why: Reason | None = None) -> TrainingJob:
    """Queue a job in TRY_AGAIN_LATER, and return it as it is now: with the present reason where that cannot be.

    `why`: what its story says of it. A job in another state stays as it is. Raises TooLittleTime when the team's
    time is not enough any more, which is its reason then.
    """
    job.refresh_from_db()
    if job.state != JobState.TRY_AGAIN_LATER:
        return job
    try:
        with suppress(LostRace), transaction.atomic():
            capacity.one_start_at_a_time()
            if why_not := capacity.refusal():
                _still_waits(job, why_not)
            else:
                transition(job, JobState.QUEUED, by=str(by), why=why or Reason(Code.TRIED_AGAIN, {"by": str(by)}))
                _reserve(job)
                transaction.on_commit(wake_training_worker)
    except TooLittleTime as refusal:
        _still_waits(job, refusal.reason)
        raise
    job.refresh_from_db()
    return job


def retry_all_that_wait(by: str) -> None:
    """Queue what is in TRY_AGAIN_LATER, the oldest first, as far as there is room and the teams have time."""
    for job in TrainingJob.objects.filter(state=JobState.TRY_AGAIN_LATER).order_by("created", "id"):
        with suppress(TooLittleTime, TrainingJob.DoesNotExist):  # the second: deleted meanwhile
            retry(job, by, why=Reason(Code.ROOM_AGAIN))


def _still_waits(job: TrainingJob, why: Reason) -> None:
    TrainingJob.objects.filter(pk=job.pk, state=JobState.TRY_AGAIN_LATER).update(**_kept(why))


def _kept(reason: Reason) -> dict[str, Any]:
    """Return the columns of a job, or of an event, that keep a reason."""
    return {"reason_code": reason.code, "reason_params": reason.params}


def _reserve(job: TrainingJob) -> None:
    """Reserve the job's time. Raises TooLittleTime."""
    try:
        ledger.reserve(job.team, job.pk, job.max_seconds)
    except ledger.NotEnoughTime as refusal:
        raise TooLittleTime(Code.TOO_LITTLE_TIME, "max_minutes", **refusal.minutes) from None


def _locked(team: Team, datasets: Sequence[Dataset]) -> list[Dataset]:
    """Return the datasets as they are now, locked so that none can be deleted before this transaction ends."""
    wanted = {dataset.pk for dataset in datasets}
    rows: list[Dataset] = list(Dataset.objects.for_team(team).select_for_update().filter(pk__in=wanted))
    if len(rows) != len(wanted):
        raise JobRefused(Refusal.DATASET_DELETED)
    return rows


def _locked_parent(parent: TrainingJob) -> TrainingJob:
    """Return the model to train more, locked against deletion until this transaction ends. Raises JobRefused."""
    row = TrainingJob.objects.for_team(parent.team).select_for_update().filter(pk=parent.pk).first()
    if row is None:
        raise JobRefused(Refusal.PARENT_DELETED, parent=str(parent))
    if refusal := lineage.more_refusal(row):
        raise JobRefused.of(refusal)
    return row


def wake_training_worker() -> None:
    """Tell an idle training worker to look for work."""
    wake("training.tasks.run_next_job")


def wake_assistants() -> None:
    """Tell quick assistants that a training has ended, or has its model now."""
    wake("training.tasks.advance_assistants")


def transition(
    job: TrainingJob, new_state: JobState, by: str, why: Reason | None = None, only_if: Q | None = None, **fields: Any
) -> None:
    """Change the state of `job`, in the database and in `job` itself, by compare-and-swap.

    1. Refuse what the transition table does not allow (IllegalTransition).
    2. Update the row where it still has the state, the lease and the newest checkpoint that `job` was read with, and
       `only_if` holds; raise LostRace when there is none.
    3. In the same transaction write the JobEvent and, where the job ends, settle its account.
    """
    old_state = JobState(job.state)
    check_transition(old_state, new_state)
    free = {"lease_owner": "", "lease_until": None, "live_steps_per_second": 0, "live_loss": None, "live_phase": ""}
    reason = _kept(why or Reason())
    fields = {"state": new_state, **reason, **({} if new_state in LEASED else free), **fields}
    as_read = TrainingJob.objects.filter(
        pk=job.pk, state=old_state, lease_number=job.lease_number, steps_completed=job.steps_completed
    )
    with transaction.atomic():
        if not as_read.filter(only_if or Q()).update(**fields):
            raise LostRace(f"{job.pk} is no longer {old_state} under lease {job.lease_number}")
        event = {"old_state": old_state, "new_state": new_state, "by": by, **reason}
        JobEvent.objects.create(job=job, created=clock.now(), **event)
        job.refresh_from_db()
        if new_state in TERMINAL:
            ledger.settle(job.pk, job.training_seconds)
            happenings.job_ended(job.team_id, job.created_by_id, job.pk, str(job), job.state, job.reason_code)
            transaction.on_commit(wake_assistants)
    said = messages.words(why or Reason())
    with logs.about(job.team_id, job_id=job.pk):
        log.info("job %s of team %s: %s -> %s by %s. %s", job.pk, job.team_id, old_state, new_state, by, said)


def request_stop(job: TrainingJob, by: User | str) -> TrainingJob:
    """Stop the job as soon as can be, and return it as it is now; one that ends or has ended stays as it is."""
    while True:
        job.refresh_from_db()
        if job.state not in STOPPABLE:
            return job
        try:
            transition(job, _state_after_stop(job), by=str(by), why=Reason(Code.STOP_WANTED, {"by": str(by)}))
        except LostRace:
            continue
        if job.state == JobState.STOPPED:
            transaction.on_commit(wake_training_worker)
        return job


def _state_after_stop(job: TrainingJob) -> JobState:
    """Return the state that a stop brings a job to."""
    if job.state in (JobState.PREPARING, JobState.RUNNING):
        return JobState.STOP_REQUESTED
    # A job that went back to the queue after a death keeps what it had learned. The checkpoints are asked, for the row
    # of a job in STATE_UNSPECIFIED may count steps that none is of.
    return JobState.STOPPED if job.checkpoints.exists() else JobState.CANCELED


def rename(job: TrainingJob, description: str) -> TrainingJob:
    """Give the job another description, at any time of its life. Raises JobRefused."""
    job.description = checks.clean_description(description)
    job.save(update_fields=["description"])
    return job


def delete(job: TrainingJob, by: User | str) -> None:
    """Delete an ended job for good; a worker removes its files. People delete into the trash: training/trash.

    Raises JobIsAlive, and HasChildren while others go on from it, be it in the trash.
    """
    prefix = job.prefix
    with transaction.atomic():
        rows = TrainingJob.everything.filter(pk=job.pk)
        rows.select_for_update().first()  # from here on no row of the job can be written, nor a child's
        lineage.check_deletion(job, list(TrainingJob.everything.filter(parent=job)))
        rows.delete()
        removals.after_commit(prefix)
    with logs.about(job.team_id, job_id=job.pk):
        log.info("job %s of team %s deleted by %s", job.pk, job.team_id, by)


def work_folder(job: TrainingJob) -> Path:
    """Return the folder where this machine works on the job, with a folder for each attempt."""
    return Path(settings.WORK_DIR) / str(job.pk)


def attempt_folder(job: TrainingJob) -> Path:
    """Return the folder of the attempt under the lease that `job` was claimed with."""
    return work_folder(job) / attempt_files.attempt_name(job.lease_number)
