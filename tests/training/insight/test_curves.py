"""The columns that the graphs draw, the line of models that go on from each other, and what metrics mean."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory, add_best
from tests.training.curve_points import publish
from training.insight import curves
from training.insight.curves import TooManyCompared
from training.messages import metric_names
from training.models import MetricPoint, TrainingJob


def point(job: TrainingJob, split: str, tag: str, step: int, value: float) -> MetricPoint:
    return MetricPoint.objects.create(job=job, split=split, tag=tag, step=step, value=value)


def test_metrics_are_columns_over_the_steps_with_gaps_where_nothing_was_measured(team: Team) -> None:
    job = TrainingJobFactory(team=team)
    add_best(job, 200)
    for step, loss in ((200, 0.5), (100, 0.912345678)):
        point(job, "train", "Loss/total_loss", step, loss)
    point(job, "eval", "Loss/total_loss", 200, 0.7)
    point(job, "eval", "DetectionBoxes_Precision/mAP (small)", 200, -1)
    (told,) = curves.curves([job])
    assert (told.steps, told.best_step) == ([100, 200], 200)
    assert told.series == {
        "train": {"Loss/total_loss": [0.912346, 0.5]},
        "eval": {"Loss/total_loss": [None, 0.7], "DetectionBoxes_Precision/mAP (small)": [None, None]},
    }
    (newer,) = curves.curves([job], since=100)
    assert (newer.steps, newer.series["train"]) == ([200], {"Loss/total_loss": [0.5]})


def test_the_curves_of_several_models_are_one_query(team: Team, django_assert_num_queries) -> None:
    jobs = TrainingJobFactory.create_batch(3, team=team)
    for job in jobs[:2]:
        publish(job, (100, 200))
    with django_assert_num_queries(1):
        told = curves.curves(jobs)
    assert [one.steps for one in told] == [[100, 200], [100, 200], []]


def test_only_a_few_models_of_the_team_can_be_compared(team: Team) -> None:
    job, *others = TrainingJobFactory.create_batch(7, team=team)
    ids = [str(other.pk) for other in others]
    assert curves.compared(team, job, [*ids[:5], str(job.pk)]) == sorted(
        others[:5], key=lambda one: -one.created.timestamp()
    )
    with pytest.raises(TooManyCompared, match="up to 5 other models"):
        curves.compared(team, job, ids)
    for strange in (str(TrainingJobFactory().pk), "no-id"):
        with pytest.raises(Http404):
            curves.compared(team, job, [strange])


def test_offered_are_the_newest_models_with_metrics_and_those_that_are_chosen(team: Team, monkeypatch) -> None:
    monkeypatch.setattr(curves, "MOST_OFFERED", 2)
    TrainingJobFactory(steps_completed=100)
    now = timezone.now()
    job, chosen, older, old = (
        TrainingJobFactory(team=team, steps_completed=100, created=now - timedelta(hours=hours))
        for hours in (0, 9, 2, 1)
    )
    TrainingJobFactory(team=team, steps_completed=100, created=now - timedelta(hours=3))
    TrainingJobFactory(team=team)
    assert curves.comparable(job, [chosen]) == [chosen, old, older]


def test_every_metric_of_the_reference_has_its_explanation() -> None:
    sizes = ("small", "medium", "large")
    of_the_reference = {
        "learning_rate",
        "steps_per_sec",
        *(f"Loss/{name}_loss" for name in ("classification", "localization", "regularization", "total")),
        *(f"DetectionBoxes_Precision/mAP{kind}" for kind in ("", "@.50IOU", "@.75IOU", *(f" ({s})" for s in sizes))),
        *(f"DetectionBoxes_Recall/AR@{kind}" for kind in (1, 10, 100, *(f"100 ({size})" for size in sizes))),
    }
    assert {metric.tag for metric in metric_names.METRICS} == of_the_reference
    assert all(metric.about.endswith(".") and metric.title for metric in metric_names.METRICS)


def test_a_metric_that_nobody_described_is_shown_by_its_name() -> None:
    groups = metric_names.by_group(["Loss/total_loss", "new_number"])
    assert [metric.title for metric in groups[metric_names.Group.OTHERS]] == ["new_number"]
    assert metric_names.Group.OTHERS not in metric_names.by_group(["Loss/total_loss"])


def test_minus_one_is_no_measurement_of_objects_and_a_number_elsewhere() -> None:
    assert metric_names.metric("DetectionBoxes_Recall/AR@100 (large)").shown(-1) is None
    assert metric_names.metric("DetectionBoxes_Recall/AR@100 (large)").shown(0.5) == 0.5
    assert metric_names.metric("Loss/total_loss").shown(-1) == -1
