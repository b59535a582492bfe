"""The promises of docs/contributors/training-jobs.md, each checked on the rows."""

from collections import defaultdict
from itertools import pairwise
from uuid import UUID

from django.db.models import Sum

from ftcml.accounts.models import LedgerEntry, TrainingBalance
from training.models import TrainingJob
from training.states import LEASED, TERMINAL, TRANSITIONS, JobState


def every_change_is_recorded_and_allowed(job: TrainingJob) -> None:
    events = list(job.events.all())
    states = [JobState(event.new_state) for event in events]
    assert [event.old_state for event in events] == ["", *states[:-1]]
    assert states[0] in (JobState.QUEUED, JobState.TRY_AGAIN_LATER)
    assert all(new in TRANSITIONS[old] for old, new in pairwise(states))
    assert states[-1] == job.state


def a_lease_is_where_work_is(job: TrainingJob, owner: str) -> None:
    assert job.lease_owner == owner
    assert (job.lease_until is not None) == bool(owner)
    assert owner or job.state not in LEASED


def checkpoints_only_grow(job: TrainingJob, before: int) -> None:
    in_order = sorted(job.checkpoints.all(), key=lambda checkpoint: checkpoint.pk)
    steps = [checkpoint.step for checkpoint in in_order]
    assert steps == sorted(set(steps))
    assert job.steps_completed == (steps[-1] if steps else job.first_step) >= before


def accounts_by_job() -> dict[UUID, dict[str, int]]:
    """By job, the seconds of its entries in the ledger."""
    accounts: dict[UUID, dict[str, int]] = defaultdict(dict)
    for job_id, kind, seconds in LedgerEntry.objects.exclude(job_id=None).values_list("job_id", "kind", "seconds"):
        accounts[job_id][kind] = seconds
    return accounts


def a_job_costs_what_it_used(job: TrainingJob, account: dict[str, int]) -> None:
    was_queued = any(event.new_state == JobState.QUEUED for event in job.events.all())
    rest = job.max_seconds - job.training_seconds
    if not was_queued:
        assert account == {}
    elif job.state in TERMINAL:
        assert account == {"reserve": job.max_seconds, "charge": job.training_seconds, "refund": rest}
    else:
        assert account == {"reserve": job.max_seconds}


def balances_are_exact() -> None:
    changes = dict(LedgerEntry.objects.order_by().values_list("team").annotate(Sum("balance_change")))
    balances = dict(TrainingBalance.objects.values_list("team", "seconds_remaining"))
    assert balances == changes
    assert all(balance >= 0 for balance in balances.values())
