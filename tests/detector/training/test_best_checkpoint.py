"""The checkpoint that was best on the evaluation frames is kept and becomes the model. Trains the tiny model."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector.contract import attempt_files, reports
from detector.contract.reports import Result
from detector.contract.spec import JobSpec
from tests.detector import shapes
from tests.detector.training.test_training import answers

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(300)]

# mAP by step: what the tiny model really reaches in so few steps says nothing. A child of step 10 does step 11, and its
# learner takes the parent's second step for 12.
MEASURED = {1: 0.5, 2: 0.9, 3: 0.3, 4: 0.2, 5: 0.1, 11: 0.3, 12: 0.9}


@pytest.fixture(scope="module")
def job(tmp_path_factory) -> JobSpec:
    return replace(shapes.write_shards(tmp_path_factory.mktemp("shards")), checkpoint_interval=1)


@pytest.fixture(scope="module")
def trained() -> Iterator[Callable[[Path], Result]]:
    """Trains here, with the measured mAP replaced, and exports in float32 alone."""
    from detector.export import variants
    from detector.training import train

    def evaluate(learner, *others):
        evaluation = really_evaluate(learner, *others)
        return replace(evaluation, metrics={**evaluation.metrics, reports.MEAN_PRECISION: MEASURED[learner.step]})

    really_evaluate = train.evaluate
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "evaluate", evaluate)
        patch.setattr(variants, "export_variants", lambda *_: None)
        yield train.train


@pytest.fixture
def writes_no_file(monkeypatch) -> None:
    """Restores what it would export, and writes no file of it: where only the step tells which it is."""
    from detector.export import tflite

    monkeypatch.setattr(tflite, "export", lambda *_, **__: None)


@pytest.fixture(scope="module")
def first(trained, job, tmp_path_factory) -> Path:
    """Five steps, of which the second is the best."""
    folder = shapes.attempt(tmp_path_factory.mktemp("first") / "attempt", job, steps=5)
    trained(folder)
    return folder


def checkpoint_steps(folder: Path) -> list[int]:
    return sorted(int(path.name[-6:]) for path in folder.glob("checkpoint-*"))


def test_the_best_stays_beside_the_newest_and_the_one_before_it(first) -> None:
    assert checkpoint_steps(first) == [2, 4, 5]


def test_the_result_says_which_step_the_model_is_of(first) -> None:
    expected = Result("completed", 5, started_from="random weights", model_step=2)
    assert attempt_files.read(first / attempt_files.RESULT, Result) == expected


def same_answers(one: Path, other: Path, model: str = attempt_files.MODEL) -> bool:
    return all(map(np.array_equal, answers(one / model), answers(other / model)))


def test_the_best_of_an_earlier_attempt_is_exported_in_a_later_one(first, trained, job, tmp_path) -> None:
    """Told that step 2 is the best, it makes the same files: so those of the earlier attempt are of step 2 and 5."""
    newest = {"steps": 5, "resume_from": str(first / "checkpoint-000005"), "resume_step": 5}
    best = {"best_from": str(first / "checkpoint-000002"), "best_step": 2, "best_map": 0.9}
    later = shapes.attempt(tmp_path / "attempt", job, **newest, **best)
    assert trained(later).model_step == 2
    assert same_answers(later, first)
    assert same_answers(later, first, attempt_files.NEWEST_MODEL)


def test_the_newest_is_exported_beside_it(first) -> None:
    assert not all(
        map(np.array_equal, answers(first / attempt_files.MODEL), answers(first / attempt_files.NEWEST_MODEL))
    )


@pytest.mark.usefixtures("writes_no_file")
def test_a_checkpoint_of_an_interruption_is_measured_before_the_model_is_made(first, trained, job, tmp_path) -> None:
    """The newest was saved without evaluation: here step 4, which turns out worse than step 2."""
    newest = {"steps": 4, "resume_from": str(first / "checkpoint-000004"), "resume_step": 4}
    best = {"best_from": str(first / "checkpoint-000002"), "best_step": 2, "best_map": 0.9}
    later = shapes.attempt(tmp_path / "attempt", job, **newest, **best)
    assert trained(later).model_step == 2
    (report,) = attempt_files.measurements(later)
    assert (report.step, report.mean_precision, report.checkpoint) == (4, MEASURED[4], "")
    assert report.summary
    assert (later / report.detections).exists()


@pytest.mark.usefixtures("writes_no_file")
def test_what_was_measured_before_is_not_measured_again(first, trained, job, tmp_path) -> None:
    newest = {"steps": 4, "resume_from": str(first / "checkpoint-000004"), "resume_step": 4, "resume_map": 0.2}
    later = shapes.attempt(tmp_path / "attempt", job, **newest)
    assert trained(later).model_step == 4
    assert attempt_files.measurements(later) == []


@pytest.mark.usefixtures("writes_no_file")
def test_after_a_death_the_last_step_is_saved_before_it_is_measured(first, trained, job, tmp_path) -> None:
    later = shapes.attempt(tmp_path / "attempt", job, steps=2, measures_last_apart=True)
    assert trained(later).model_step == 2
    assert [report.mean_precision for report in attempt_files.reports(later)] == [MEASURED[1], None]
    (report,) = attempt_files.measurements(later)
    assert (report.step, report.mean_precision) == (2, MEASURED[2])


@pytest.mark.usefixtures("writes_no_file")
def test_small_steps_down_do_not_add_up_over_attempts(first, trained, job, tmp_path) -> None:
    """Step 5 comes to 0.1: hardly less than the best, and clearly less than the highest, whose files are gone."""
    newest = {"steps": 5, "resume_from": str(first / "checkpoint-000004"), "resume_step": 4, "resume_map": 0.05}
    best = {"best_from": str(first / "checkpoint-000002"), "best_step": 2, "best_map": 0.105, "highest_map": 0.115}
    later = shapes.attempt(tmp_path / "attempt", job, **newest, **best)
    assert trained(later).model_step == 2


def child(first: Path, parent_map: float | None) -> dict[str, object]:
    """A job of one step, 11, which comes to 0.3, where its parent's model is of step 2, with 0.9."""
    of_parent = str(first / "checkpoint-000002")
    best = {"parent_best_from": of_parent, "parent_best_step": 2, "parent_best_map": parent_map}
    return {"first_step": 10, "steps": 11, "parent_from": of_parent, "parent": "the model “balls” at step 10", **best}


@pytest.mark.parametrize("parent_map", [None, 0.9], ids=["on other frames", "on the same frames"])
def test_a_child_that_learns_nothing_gives_the_parents_model(first, trained, job, tmp_path, parent_map) -> None:
    folder = shapes.attempt(tmp_path / "attempt", job, **child(first, parent_map))
    result = trained(folder)
    assert (result.outcome, result.step, result.model_step) == ("completed", 11, 2)
    (report,) = attempt_files.measurements(folder)
    assert (report.step, report.checkpoint) == (2, "")
    assert same_answers(folder, first)
    assert (folder / attempt_files.NEWEST_MODEL).exists()


@pytest.mark.usefixtures("writes_no_file")
def test_a_child_that_is_as_good_as_its_parent_gives_its_own_model(first, trained, job, tmp_path) -> None:
    folder = shapes.attempt(tmp_path / "attempt", job, **child(first, parent_map=0.1))
    assert trained(folder).model_step == 11
    assert attempt_files.measurements(folder) == []


@pytest.mark.usefixtures("writes_no_file")
@pytest.mark.parametrize("best_map", [0.9, None], ids=["an earlier one was measured", "none was measured"])
def test_where_measuring_was_given_up_the_best_that_is_known_is_exported(
    first, trained, job, tmp_path, best_map
) -> None:
    newest = {"steps": 4, "resume_from": str(first / "checkpoint-000004"), "resume_step": 4, "measures_at_end": False}
    best = {"best_from": str(first / "checkpoint-000002"), "best_step": 2, "best_map": 0.9} if best_map else {}
    later = shapes.attempt(tmp_path / "attempt", job, **newest, **best)
    assert trained(later).model_step == (2 if best_map else 4)
    assert attempt_files.measurements(later) == []


@pytest.mark.usefixtures("writes_no_file")
@pytest.mark.parametrize(("parent_map", "model_step"), [(None, 11), (0.9, 2)], ids=["unknown", "measured before"])
def test_a_parent_that_cannot_be_measured_counts_where_it_is_known(
    first, trained, job, tmp_path, parent_map, model_step
) -> None:
    folder = shapes.attempt(tmp_path / "attempt", job, **child(first, parent_map), measures_at_end=False)
    assert trained(folder).model_step == model_step
    assert attempt_files.measurements(folder) == []
