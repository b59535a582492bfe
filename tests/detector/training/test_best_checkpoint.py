"""The checkpoint that was best on the evaluation frames is kept and becomes the model. Trains the tiny model."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector.contract import spec
from detector.contract.spec import JobSpec, Result
from tests.detector import shapes
from tests.detector.training.test_training import answers

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(300)]

# mAP by step: what the tiny model really reaches in so few steps says nothing.
MEASURED = {1: 0.5, 2: 0.9, 3: 0.3, 4: 0.2, 5: 0.1}


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
        return replace(evaluation, metrics={**evaluation.metrics, spec.MEAN_PRECISION: MEASURED[learner.step]})

    really_evaluate = train.evaluate
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "evaluate", evaluate)
        patch.setattr(variants, "export_variants", lambda *_: None)
        yield train.train


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
    assert spec.read(first / spec.RESULT, Result) == expected


def same_answers(one: Path, other: Path, model: str = spec.MODEL) -> bool:
    return all(map(np.array_equal, answers(one / model), answers(other / model)))


def test_the_best_of_an_earlier_attempt_is_exported_in_a_later_one(first, trained, job, tmp_path) -> None:
    """Told that step 2 is the best, it makes the same files: so those of the earlier attempt are of step 2 and 5."""
    newest = {"steps": 5, "resume_from": str(first / "checkpoint-000005"), "resume_step": 5}
    best = {"best_from": str(first / "checkpoint-000002"), "best_step": 2, "best_map": 0.9}
    later = shapes.attempt(tmp_path / "attempt", job, **newest, **best)
    assert trained(later).model_step == 2
    assert same_answers(later, first)
    assert same_answers(later, first, spec.NEWEST_MODEL)


def test_the_newest_is_exported_beside_it(first) -> None:
    assert not all(map(np.array_equal, answers(first / spec.MODEL), answers(first / spec.NEWEST_MODEL)))
