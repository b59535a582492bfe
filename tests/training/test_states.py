"""The table of states, walked in full: what it allows happens and is recorded, what it does not is refused."""

import pytest

from ftcml.accounts.models import LedgerEntry
from ftcml.accounts.services import ledger
from tests.factories import TrainingJobFactory
from training.messages.state_words import MEANINGS
from training.models import TrainingJob
from training.reasons import Code, Reason
from training.services import jobs
from training.states import TERMINAL, TRANSITIONS, IllegalTransition, JobState

pytestmark = pytest.mark.both_databases

EVERY_PAIR = [(old, new) for old in JobState for new in JobState]
ALLOWED = [(old, new) for old, new in EVERY_PAIR if new in TRANSITIONS[old]]
REFUSED = [(old, new) for old, new in EVERY_PAIR if new not in TRANSITIONS[old]]


def test_the_eleven_states_are_spelled_as_in_the_reference() -> None:
    assert {state.value for state in JobState} == {
        "QUEUED",
        "PREPARING",
        "RUNNING",
        "STOP REQUESTED",
        "STOPPING",
        "STOPPED",
        "CANCELED",
        "SUCCEEDED",
        "FAILED",
        "TRY_AGAIN_LATER",
        "STATE_UNSPECIFIED",
    }


def test_every_state_has_a_meaning_and_a_place_in_the_table() -> None:
    assert set(MEANINGS) == set(TRANSITIONS) == set(JobState)


def test_a_job_ends_stopped_canceled_succeeded_or_failed() -> None:
    assert {JobState.STOPPED, JobState.CANCELED, JobState.SUCCEEDED, JobState.FAILED} == TERMINAL


@pytest.mark.parametrize(("old", "new"), ALLOWED)
def test_an_allowed_change_is_made_and_recorded(old: JobState, new: JobState, db) -> None:
    job = TrainingJobFactory(state=old)

    jobs.transition(job, new, by="worker-1", why=Reason(Code.STUCK, {"minutes": 15}))

    job.refresh_from_db()
    event = job.events.get()
    assert (job.state, job.reason_code, job.reason_params) == (new, "stuck", {"minutes": 15})
    assert (event.old_state, event.new_state, event.by) == (old, new, "worker-1")
    assert event.why == job.state_reason == "Training was stuck for 15 minutes."


@pytest.mark.parametrize(("old", "new"), REFUSED)
def test_any_other_change_is_refused_and_leaves_no_trace(old: JobState, new: JobState, db) -> None:
    job = TrainingJobFactory(state=old)

    with pytest.raises(IllegalTransition):
        jobs.transition(job, new, by="worker-1")

    job.refresh_from_db()
    assert job.state == old
    assert not job.events.exists()


def test_of_two_who_change_the_same_state_one_loses(db) -> None:
    job = TrainingJobFactory(state=JobState.PREPARING)
    seen_by_another = TrainingJob.objects.get(pk=job.pk)
    jobs.transition(seen_by_another, JobState.STOP_REQUESTED, by="milo")

    with pytest.raises(jobs.LostRace):
        jobs.transition(job, JobState.RUNNING, by="worker-1")

    assert job.events.count() == 1


def test_a_state_read_under_a_former_lease_changes_nothing(db) -> None:
    job = TrainingJobFactory(state=JobState.RUNNING, lease_number=1)
    TrainingJob.objects.filter(pk=job.pk).update(lease_number=2)

    with pytest.raises(jobs.LostRace):
        jobs.transition(job, JobState.FAILED, by="worker-1")


def test_the_end_of_a_job_settles_its_account_in_the_same_transaction(start, team) -> None:
    job = start(max_minutes=10)
    TrainingJob.objects.filter(pk=job.pk).update(training_seconds=200)

    jobs.transition(job, JobState.FAILED, by="worker-1")

    entries = dict(LedgerEntry.objects.filter(job_id=job.pk).values_list("kind", "seconds"))
    assert entries == {"reserve": 600, "charge": 200, "refund": 400}
    assert ledger.balance_of(team).seconds_remaining == 600 * 60 - 200
