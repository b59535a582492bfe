"""Which jobs wait for a worker, and in which order they are served: trainings, and exports of jobs that ended."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from detector.contract import catalog, spec
from ftcml.core import clock, lease, turns
from ftcml.core.files import storage
from training.models import Checkpoint, JobEvent, TrainingJob
from training.services import registry
from training.states import LEASED, TERMINAL, JobState


def in_force(now: datetime) -> Q:
    """Jobs whose lease has not run out."""
    return lease.in_force("lease_until", now, timedelta(seconds=settings.LEASE_SECONDS))


def queue() -> QuerySet[TrainingJob]:
    """The jobs that wait, in the order in which they are served: see claim_next."""
    recent = TrainingJob.objects.filter(_trained_since(clock.now() - turns.RECENT))
    known = [model.name for model in catalog.starting_models()]
    waiting = _understood().filter(state=JobState.QUEUED, starting_model__in=known)
    return waiting.order_by(turns.taken(recent, "training_seconds"), "created", "id")


def _trained_since(moment: datetime) -> Q:
    """Jobs that a worker has, or has had since, whenever they were started."""
    events = JobEvent.objects.filter(job=models.OuterRef("pk"), created__gte=moment, old_state__in=LEASED)
    return Q(state__in=LEASED) | Q(models.Exists(events))


def _understood() -> QuerySet[TrainingJob]:
    """Jobs of this version and of older ones. A newer web server may already ask for what this worker does not know."""
    return TrainingJob.objects.filter(spec_format__lte=spec.FORMAT)


def idle_workers() -> set[str]:
    """Return the names of the workers that would take a job now: live, not drained, and with no lease on any job."""
    owners = TrainingJob.objects.filter(in_force(clock.now())).values_list("lease_owner", flat=True)
    names = set(registry.taking_jobs().values_list("name", flat=True))
    return names - {registry.name_of(owner) for owner in owners}


def something_waits() -> bool:
    """Return whether there is anything for a training worker to do: a job, or an ended one's model files."""
    queued = TrainingJob.objects.filter(state=JobState.QUEUED)
    return queued.exists() or waiting_for_export(clock.now()).exists()


def without_model_file() -> QuerySet[TrainingJob]:
    """Ended jobs that have a checkpoint and lack model files. One whose export failed too often is left out."""
    return _lacking_model_file().filter(deaths_in_a_row__lt=settings.MAX_DEATHS_IN_A_ROW)


def given_up() -> QuerySet[TrainingJob]:
    """Those that are left out: they lack model files until an operator has it tried again."""
    return _lacking_model_file().filter(deaths_in_a_row__gte=settings.MAX_DEATHS_IN_A_ROW)


def _lacking_model_file() -> QuerySet[TrainingJob]:
    with_files = Checkpoint.objects.with_files().filter(job=models.OuterRef("pk"))
    lacks = Q(default_file=None) | Q(wants_model_again=True)
    return _understood().filter(lacks, models.Exists(with_files), state__in=TERMINAL)


def waiting_for_export(now: datetime) -> QuerySet[TrainingJob]:
    """Return those whose export has no worker, the oldest first.

    While the disk is nearly full none that has failed: it would fail again until it is given up.
    """
    waiting = without_model_file().exclude(in_force(now)).order_by("created", "id")
    return waiting.filter(deaths_in_a_row=0) if storage.nearly_full() else waiting
