"""Is it still learning? The rule on curves of every kind, and its words for the student."""

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory, add_best
from training.api.serializers import VerdictSerializer
from training.insight.verdict import FEWEST_POINTS, judge, trend, verdict_of
from training.messages import metric_names
from training.messages.result_words import Finding
from training.models import MetricPoint, TrainingJob
from training.states import JobState

checkpoints = st.integers(min_value=FEWEST_POINTS, max_value=80)
# How much a curve changes from one checkpoint to the next: never the same, always one way.
changes = st.lists(st.floats(0.01, 0.03), min_size=FEWEST_POINTS, max_size=80)


def falling(of: list[float]) -> list[float]:
    return [3 - sum(of[:place]) for place in range(len(of))]


def rising(of: list[float]) -> list[float]:
    return [0.5 + sum(of[:place]) for place in range(len(of))]


@given(changes)
def test_a_curve_that_falls_steadily_is_still_improving(of: list[float]) -> None:
    assert judge(falling(of), falling(of), []) == Finding.IMPROVING


@given(changes)
def test_a_rising_evaluation_loss_beside_a_falling_training_loss_is_overtraining(of: list[float]) -> None:
    assert judge(falling(of), rising(of), []) == Finding.OVERTRAINING
    assert judge(falling(of), rising(of), rising(of)) == Finding.OVERTRAINING


@given(st.lists(st.floats(0.5, 1), min_size=FEWEST_POINTS, max_size=80))
def test_a_level_that_only_jumps_up_and_down_has_settled(jumps: list[float]) -> None:
    level = [1 + (-1) ** place * jump for place, jump in enumerate(jumps)]
    assert judge(level, level, level) == Finding.SETTLED


@pytest.mark.parametrize("count", [6, 9, 20, 80])
def test_chance_is_seldom_taken_for_a_trend(count: int) -> None:
    def noise(chance: random.Random) -> list[float]:
        return [1 + chance.gauss(0, 0.1) for _ in range(count)]

    tries = [random.Random(seed) for seed in range(300)]
    findings = [judge(noise(chance), noise(chance), []) for chance in tries]
    assert findings.count(Finding.SETTLED) / len(findings) > 0.93


def test_what_a_real_training_does_is_seen_through_its_noise() -> None:
    chance = random.Random(7)

    def noisy(curve: Callable[[int], float]) -> list[float]:
        return [curve(place) + chance.gauss(0, 0.02) for place in range(40)]

    learning = noisy(lambda place: 0.2 + 2 * math.exp(-place / 15))
    assert judge(learning, noisy(lambda place: 0.4 + 2 * math.exp(-place / 15)), []) == Finding.IMPROVING
    assert judge(learning, noisy(lambda place: 0.4 + 2 * math.exp(-place / 3)), []) == Finding.SETTLED
    assert judge(learning, noisy(lambda place: 0.4 + math.exp(-place / 3) + place / 80), []) == Finding.OVERTRAINING


def test_a_single_point_that_jumps_out_decides_nothing() -> None:
    level = [1, 1.01, 0.99, 1, 1.01, 0.99, 1, 1.01, 0.99, 9]
    assert judge(level, level, []) == Finding.SETTLED


def test_a_better_map_counts_although_the_loss_stands_still() -> None:
    level = [1, 1.01] * 5
    assert judge(level, level, [0.3 + 0.02 * place for place in range(10)]) == Finding.IMPROVING


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=FEWEST_POINTS, max_size=40),
    st.integers(-1000, 1000),
)
def test_a_constant_on_every_loss_changes_nothing(losses: list[tuple[int, int]], constant: int) -> None:
    train, evaluation = ([float(loss) for loss in column] for column in zip(*losses, strict=True))
    assert judge(train, evaluation, []) == judge(
        [loss + constant for loss in train], [loss + constant for loss in evaluation], []
    )


@given(checkpoints, st.integers(0, FEWEST_POINTS - 1))
def test_few_points_are_too_few_and_none_on_evaluation_frames_is_another_thing(many: int, few: int) -> None:
    assert judge([1.0] * few, [1.0] * few, []) == Finding.TOO_EARLY
    assert judge([1.0] * many, [], []) == Finding.NO_EVALUATION


@given(checkpoints)
def test_the_last_third_is_looked_at_and_at_least_six_points(count: int) -> None:
    moved = trend([float(place) for place in range(count)])
    assert moved.points == max(FEWEST_POINTS, math.ceil(count / 3))
    assert moved.change == pytest.approx(moved.points - 1)


CURVES = {
    "falls": lambda place: 2 - place / 10,
    "rises": lambda place: 0.5 + place / 10,
    "stands": lambda place: 1 + (-1) ** place / 10,
}


def measured(team: Team, train: str, evaluation: str = "", count: int = 8, **fields: object) -> TrainingJob:
    """A job with so many checkpoints, whose losses go as CURVES says."""
    fields = {"state": JobState.SUCCEEDED, "steps_completed": 100 * count, **fields}
    job = TrainingJobFactory(team=team, **fields)
    for split, curve in (("train", train), ("eval", evaluation)):
        MetricPoint.objects.bulk_create(
            MetricPoint(job=job, split=split, tag=metric_names.TOTAL_LOSS, step=100 * place, value=CURVES[curve](place))
            for place in (range(1, count + 1) if curve else ())
        )
    return job


def test_a_model_that_still_improves_says_by_how_much(team: Team) -> None:
    verdict = verdict_of(measured(team, "falls", "falls"))
    assert verdict.title == "Yes, it's still improving"
    assert verdict.evidence == (
        "A loss counts mistakes. Over the last 6 checkpoints the training loss fell by 0.5.",
        "The evaluation loss fell by 0.5.",
    )


def test_a_model_that_memorizes_names_its_best_checkpoint(team: Team) -> None:
    job = measured(team, "falls", "rises")
    add_best(job, 600, 0.71)
    MetricPoint.objects.bulk_create(
        MetricPoint(job=job, split="eval", tag=metric_names.MEAN_PRECISION, step=100 * place, value=0.7)
        for place in range(1, 9)
    )
    verdict = verdict_of(job)
    assert verdict.finding == Finding.OVERTRAINING
    assert "The evaluation loss rose by 0.5." in verdict.evidence
    assert "The mAP didn't move. The best checkpoint is step 600 (0.71)." in verdict.evidence


@pytest.mark.parametrize(("count", "evidence"), [(1, "There is 1 checkpoint so far"), (5, "There are 5 checkpoints")])
def test_too_few_checkpoints_say_how_many_there_are(team: Team, count: int, evidence: str) -> None:
    verdict = verdict_of(measured(team, "falls", "falls", count))
    assert verdict.finding == Finding.TOO_EARLY
    assert verdict.evidence[0].startswith(evidence)


def test_without_evaluation_frames_no_trend_is_told(team: Team) -> None:
    assert verdict_of(measured(team, "falls")).finding == Finding.NO_EVALUATION


def test_before_the_first_checkpoint_it_is_too_early(team: Team) -> None:
    assert verdict_of(TrainingJobFactory(team=team, state=JobState.PREPARING)).finding == Finding.TOO_EARLY


def test_a_map_that_could_not_be_measured_is_no_evidence(team: Team) -> None:
    job = measured(team, "falls", "falls")
    MetricPoint.objects.bulk_create(
        MetricPoint(job=job, split="eval", tag=metric_names.MEAN_PRECISION, step=100 * place, value=-1)
        for place in range(1, 9)
    )
    assert verdict_of(job).mean_precision is None


def test_the_api_tells_the_numbers_too(team: Team) -> None:
    job = measured(team, "falls", "rises")
    add_best(job, 200)
    told = VerdictSerializer(verdict_of(job)).data
    assert (told["finding"], told["checkpoints"], told["best_step"]) == ("overtraining", 8, 200)
    assert told["eval_loss"] == {"points": 6, "change": pytest.approx(0.5), "direction": 1}
    assert told["mean_precision"] is None


def test_one_query_is_enough(team: Team, django_assert_num_queries) -> None:
    job = measured(team, "falls", "falls", 80)
    with django_assert_num_queries(1):
        verdict_of(job)
