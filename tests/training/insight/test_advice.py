"""Whatever becomes of a job, its page says what to try next."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from detector.contract.failure import Cause, Diverged, Sentence, TrainingFailed
from tests.factories import TrainingJobFactory
from training.insight.advice import BY_REASON, BY_STATE, advice
from training.integrity.integrity_check import contradictory
from training.models import TrainingJob
from training.reasons import Reason
from training.states import ALIVE, JobState
from training.worker import outcomes

EVERY_REASON = (*Cause, *Reason)
AT_REST = sorted(set(JobState) - ALIVE)


class _AnyWords(dict):
    """The same word for every name in braces."""

    def __init__(self, word: str) -> None:
        self._word = word

    def __missing__(self, name: str) -> str:
        return self._word


def said(reason: Sentence, word: str) -> str:
    return reason.value.format_map(_AnyWords(word))


def test_every_reason_and_every_state_has_an_advice() -> None:
    assert set(BY_REASON) == set(EVERY_REASON)
    assert set(BY_STATE) == set(JobState)
    assert all([*BY_REASON.values(), *BY_STATE.values()])


@given(st.sampled_from(EVERY_REASON), st.text("aä 7.\n{", max_size=12), st.text("aä 7.\n{", max_size=12))
def test_a_reason_is_known_again_whatever_its_words_and_what_follows(reason: Sentence, word: str, more: str) -> None:
    text = f"{said(reason, word)} {more}"
    assert [other for other in EVERY_REASON if other.is_in(text)] == [reason]
    for state in AT_REST:
        assert advice(TrainingJob(state=state, state_reason=text)) == BY_REASON[reason]


@pytest.mark.parametrize("state", JobState)
def test_an_unknown_reason_leaves_the_advice_of_the_state(state: JobState) -> None:
    assert advice(TrainingJob(state=state, state_reason="words of a version before this one")) == BY_STATE[state]


def test_a_death_that_the_server_deals_with_itself_asks_nothing_of_the_team() -> None:
    assert advice(TrainingJob(state=JobState.QUEUED, state_reason=Reason.KILLED)).startswith("Nothing to do")


@pytest.mark.both_databases
def test_of_deaths_in_a_row_the_last_says_what_to_try(db, settings) -> None:
    job = TrainingJobFactory(state=JobState.PREPARING, deaths_in_a_row=settings.MAX_DEATHS_IN_A_ROW - 1)
    outcomes.died(job, "worker-1", Reason.KILLED)
    assert (job.state, Reason.GIVEN_UP.is_in(job.state_reason)) == (JobState.FAILED, True)
    assert "need less memory" in advice(job)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("failure", "hint"),
    [
        (TrainingFailed(Cause.NO_BOX), "boxes around what the robot is to find"),
        (Diverged(40), "look for boxes that are tiny"),
        (TrainingFailed(Cause.UNREADABLE, why="corrupted record at 0"), "import its zip once more"),
        (TrainingFailed(Cause.DISK_IS_FULL), "Delete models and datasets that your team does not need"),
    ],
)
def test_what_the_trainer_says_last_leads_to_the_advice(failure: TrainingFailed, hint: str, db) -> None:
    job = TrainingJobFactory(state=JobState.RUNNING)
    outcomes.failed(job, "worker-1", f"{failure} What was learned up to step 100 is kept.")
    assert hint in advice(job)


@pytest.mark.both_databases
def test_time_that_is_over_before_and_after_the_first_checkpoint(db) -> None:
    at_once = TrainingJobFactory(state=JobState.RUNNING)
    later = TrainingJobFactory(state=JobState.RUNNING, steps_completed=100)
    for job in (at_once, later):
        outcomes.out_of_time(job, "worker-1")
    assert "take the minutes that the Start Training dialog estimates" in advice(at_once)
    assert "with enough minutes" in advice(later)


@pytest.mark.both_databases
def test_a_row_that_contradicts_itself_can_be_stopped(db) -> None:
    TrainingJobFactory(state=JobState.RUNNING)
    ((job, how),) = contradictory()
    outcomes.unspecified(job, "sweep", how)
    assert advice(job).startswith("Press Stop Training")
