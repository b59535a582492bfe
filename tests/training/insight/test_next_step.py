"""Whatever becomes of a job, its pages say one thing to do next, which can be done."""

from itertools import product

import pytest

from detector.contract.failure import Cause, Diverged, TrainingFailed
from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory, add_best, add_model
from tests.training.scripted import supervise
from training.insight.next_step import Facts, Level, next_step, next_steps
from training.integrity.integrity_check import contradictory
from training.messages import metric_names
from training.messages import next_step_words as words
from training.messages.next_step_words import BY_CODE, BY_STATE, Action, NextStep
from training.messages.result_words import TITLES, Finding
from training.models import MetricPoint, TrainingJob
from training.reasons import Code, Reason
from training.states import ALIVE, STOPPABLE, TERMINAL, JobState
from training.worker.results import outcomes

# They say what people did, or nothing that is known: the next step is that of the state.
AS_THE_STATE = {Code.STARTED, Code.TRIED_AGAIN, Code.STOP_WANTED, Code.OTHER}
# What stands on a button of the model's pages, or leads away from them.
BUTTONS = {
    Action.STOP: "Stop Training",
    Action.RETRY: "Try Again",
    Action.MORE: "More Training",
    Action.DOWNLOAD: "Download Model",
    Action.ROBOT_CODE: "Robot Code",
    Action.DATASETS: "Start Training",
}


def every_case() -> list[Facts]:
    """Every state with every reason, finding and result, and with all that may be there then."""
    return [
        Facts(state, reason, has_model, is_packaging, can_train_more, finding, level)
        for state, reason, finding, level in product(JobState, ["", *Cause, *Code], Finding, Level)
        for has_model, is_packaging, can_train_more in product((False, True), repeat=3)
        if state in TERMINAL or not (has_model or is_packaging or can_train_more)
        if not (has_model and is_packaging)
    ]


def can_be_done(step: NextStep, facts: Facts) -> bool:
    return {
        Action.WAIT: facts.state not in TERMINAL or facts.is_packaging,
        Action.ASK: facts.state in TERMINAL,
        Action.STOP: facts.state in STOPPABLE,
        Action.RETRY: facts.state == JobState.TRY_AGAIN_LATER,
        Action.MORE: facts.can_train_more,
        Action.DATASETS: facts.state in TERMINAL,
        Action.IMAGES: facts.level == Level.WEAK,
        Action.TRY_IT: facts.has_model,
        Action.ROBOT_CODE: facts.has_model,
        Action.DOWNLOAD: facts.has_model,
    }[step.action]


def test_every_case_has_one_next_step_that_can_be_done_and_names_no_other_button() -> None:
    for facts in every_case():
        step = next_step(facts)
        assert step.words, facts
        assert can_be_done(step, facts), (facts, step)
        others = [name for action, name in BUTTONS.items() if action != step.action]
        assert not any(name in step.words for name in others), step


def test_the_page_that_a_step_leads_to_says_what_comes_afterwards() -> None:
    for facts in every_case():
        for page in words.AFTERWARDS:
            step = next_step(facts, page)
            assert step.action != page
            assert can_be_done(step, facts), (facts, step)


def test_what_the_curves_show_is_told_without_a_second_instruction() -> None:
    for title in TITLES.values():
        assert not any(name in title for name in BUTTONS.values())


def test_every_reason_and_every_state_has_a_next_step() -> None:
    assert set(BY_CODE) == {*Cause, *Code} - AS_THE_STATE
    assert set(BY_STATE) == set(JobState)


@pytest.mark.parametrize("state", sorted(ALIVE))
def test_a_death_that_the_server_deals_with_itself_asks_nothing_of_the_team(state: JobState) -> None:
    assert next_step(Facts(state, Code.KILLED)) == BY_STATE[state]


def test_a_step_that_needs_a_person_says_whom_to_ask(settings) -> None:
    settings.SUPPORT_CONTACT = "Ada, room 12"
    assert next_step(Facts(JobState.FAILED, Cause.NO_GPU)).words.endswith("Show this page to Ada, room 12.")


def ended(team: Team, ap50: float, checkpoints: int = 4, **fields: object) -> TrainingJob:
    """A job that ended with its model, after so many checkpoints, the last of them the best."""
    fields = {"state": JobState.SUCCEEDED, "steps_completed": 100 * checkpoints, **fields}
    job = TrainingJobFactory(team=team, **fields)
    add_best(job, job.steps_completed, ap50 / 2)
    job.checkpoints.update(folder="there")
    tags = (("train", metric_names.TOTAL_LOSS), ("eval", metric_names.TOTAL_LOSS))
    MetricPoint.objects.bulk_create(
        MetricPoint(job=job, split=split, tag=tag, step=100 * place, value=3 - place / 10)
        for split, tag in tags
        for place in range(1, checkpoints + 1)
    )
    MetricPoint.objects.create(
        job=job, split="eval", tag=metric_names.MEAN_PRECISION_AT_50, step=job.steps_completed, value=ap50
    )
    add_model(job)
    return job


def step_of(job: TrainingJob) -> NextStep:
    return next_steps([job])[job.pk]


def test_a_short_training_is_judged_by_what_it_reached(team: Team) -> None:
    assert step_of(ended(team, 0.989)) == words.GOOD
    weak = step_of(ended(team, 0.4))
    assert (weak.action, weak.words) == (Action.MORE, "It can still get better. Train it about 200 more steps.")


def test_a_model_that_still_improves_is_trained_half_as_long_again(team: Team) -> None:
    assert step_of(ended(team, 0.6, 8)).words.endswith("Train it about 400 more steps.")


def test_a_wide_interval_is_no_good_result(team: Team) -> None:
    job = ended(team, 0.95)
    job.model_files.update(ap50=0.95, ap50_low=0.6, ap50_high=1, compared_on="evaluation")
    job.refresh_from_db()
    assert step_of(job).action == Action.MORE


def test_a_training_whose_time_was_over_is_told_to_take_more(team: Team) -> None:
    late = ended(team, 0.5, state=JobState.STOPPED, reason_code=Code.OUT_OF_TIME)
    assert "with more minutes" in step_of(late).words


def test_the_steps_of_many_jobs_cost_as_much_as_that_of_one(team: Team, django_assert_num_queries) -> None:
    jobs = [ended(team, 0.5) for _ in range(5)]
    for some in (jobs[:1], jobs):
        with django_assert_num_queries(2):
            next_steps(some)


@pytest.mark.both_databases
def test_of_deaths_in_a_row_the_last_says_what_to_try(db, settings) -> None:
    job = TrainingJobFactory(state=JobState.PREPARING, deaths_in_a_row=settings.MAX_DEATHS_IN_A_ROW - 1)
    outcomes.died(job, "worker-1", Reason(Code.KILLED))
    deaths = {"deaths": settings.MAX_DEATHS_IN_A_ROW}
    assert (job.state, job.reason_code, job.reason_params) == (JobState.FAILED, Code.KILLED, deaths)
    assert "with fewer frames" in step_of(job).words


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("failure", "hint"),
    [
        (TrainingFailed(Cause.NO_BOX), "need boxes around the objects"),
        (Diverged(40), "Look for boxes that are tiny"),
        (TrainingFailed(Cause.UNREADABLE, why="corrupted record at 0"), "import or produce it again"),
        (TrainingFailed(Cause.DISK_IS_FULL), "Delete datasets and models that your team doesn't need"),
    ],
)
def test_what_the_trainer_says_last_leads_to_the_next_step(failure: TrainingFailed, hint: str, start) -> None:
    def fails(trainer):
        trainer.saves(100)
        trainer.ends("failed", 100, failure=failure)
        yield

    job = start()
    supervise(job, fails)
    assert (job.state, job.reason_code) == (JobState.FAILED, failure.cause)
    assert hint in step_of(job).words


@pytest.mark.both_databases
def test_time_that_is_over_before_the_first_checkpoint(db) -> None:
    job = TrainingJobFactory(state=JobState.RUNNING)
    outcomes.out_of_time(job, "worker-1")
    assert "the minutes that we suggest" in step_of(job).words


@pytest.mark.both_databases
def test_a_row_that_contradicts_itself_can_be_stopped(db) -> None:
    TrainingJobFactory(state=JobState.RUNNING)
    ((job, how),) = contradictory()
    outcomes.unspecified(job, "sweep", how)
    assert step_of(job).action == Action.STOP
