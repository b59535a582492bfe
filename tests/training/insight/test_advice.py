"""Whatever becomes of a job, its page says what to try next."""

import pytest

from detector.contract.failure import Cause, Diverged, TrainingFailed
from tests.factories import TrainingJobFactory
from tests.training.scripted import supervise
from training.insight.advice import BY_CODE, BY_STATE, advice
from training.integrity.integrity_check import contradictory
from training.models import TrainingJob
from training.reasons import Code, Reason
from training.states import JobState
from training.worker import outcomes

# They say what people did, or nothing that is known: the advice is that of the state.
AS_THE_STATE = {Code.STARTED, Code.TRIED_AGAIN, Code.STOP_WANTED, Code.OTHER}


def test_every_reason_and_every_state_has_an_advice() -> None:
    assert set(BY_CODE) == {*Cause, *Code} - AS_THE_STATE
    assert set(BY_STATE) == set(JobState)
    assert all([*BY_CODE.values(), *BY_STATE.values()])


@pytest.mark.parametrize("state", JobState)
def test_an_unknown_reason_leaves_the_advice_of_the_state(state: JobState) -> None:
    job = TrainingJob(state=state, reason_code="other", reason_params={"text": "words of a version before this one"})
    assert advice(job) == BY_STATE[state]


def test_a_death_that_the_server_deals_with_itself_asks_nothing_of_the_team() -> None:
    assert advice(TrainingJob(state=JobState.QUEUED, reason_code=Code.KILLED)).startswith("Nothing to do")


@pytest.mark.both_databases
def test_of_deaths_in_a_row_the_last_says_what_to_try(db, settings) -> None:
    job = TrainingJobFactory(state=JobState.PREPARING, deaths_in_a_row=settings.MAX_DEATHS_IN_A_ROW - 1)
    outcomes.died(job, "worker-1", Reason(Code.KILLED))
    deaths = {"deaths": settings.MAX_DEATHS_IN_A_ROW}
    assert (job.state, job.reason_code, job.reason_params) == (JobState.FAILED, Code.KILLED, deaths)
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
def test_what_the_trainer_says_last_leads_to_the_advice(failure: TrainingFailed, hint: str, start) -> None:
    def fails(trainer):
        trainer.saves(100)
        trainer.ends("failed", 100, failure=failure)
        yield

    job = start()
    supervise(job, fails)
    assert (job.state, job.reason_code) == (JobState.FAILED, failure.cause)
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
