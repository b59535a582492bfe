"""A model is trained more: its weights go on where the parent's ended, its steps as well, and all else begins anew."""

from pathlib import Path

import pytest

from detector.contract import attempt_files, spec
from detector.contract.reports import Result
from detector.contract.spec import JobSpec
from tests.detector import shapes
from tests.detector.training.test_training import numbers, trained_here

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(300)]

PARENT_STEPS, OWN_STEPS, INTERVAL = 40, 6, 3
LAST_STEP = PARENT_STEPS + OWN_STEPS
NAME = f"the model “balls” at step {PARENT_STEPS}"


@pytest.fixture(scope="module")
def job(tmp_path_factory) -> JobSpec:
    return shapes.write_shards(tmp_path_factory.mktemp("shards"))


@pytest.fixture(scope="module")
def parent(job, tmp_path_factory) -> Path:
    """A whole training, whose last report is of its last 10 steps."""
    return trained(job, tmp_path_factory.mktemp("parent"), steps=PARENT_STEPS, checkpoint_interval=30)


@pytest.fixture(scope="module")
def fresh(job, tmp_path_factory) -> Path:
    """A training of as many steps as the child's own, from nothing; its job.json is of the form before parents."""
    form = spec.FORMAT_WITHOUT_PARENT
    return trained(job, tmp_path_factory.mktemp("fresh"), steps=OWN_STEPS, format=form)


@pytest.fixture(scope="module")
def child(job, parent, tmp_path_factory) -> Path:
    return trained(job, tmp_path_factory.mktemp("child"), **of_child(parent))


def of_child(parent: Path) -> dict[str, object]:
    newest = parent / attempt_files.checkpoint_name(PARENT_STEPS)
    return {"first_step": PARENT_STEPS, "steps": LAST_STEP, "parent_from": str(newest), "parent": NAME}


def trained(job: JobSpec, folder: Path, **changes: object) -> Path:
    attempt = shapes.attempt(folder / "attempt", job, **{"checkpoint_interval": INTERVAL, **changes})
    assert trained_here(attempt, is_exported=False).outcome == "completed"
    return attempt


def losses(folder: Path) -> list[float]:
    return [report.training_metrics["Loss/total_loss"] for report in attempt_files.reports(folder)]


def learning_rates(folder: Path) -> list[float]:
    return [report.training_metrics["learning_rate"] for report in attempt_files.reports(folder)]


def test_its_steps_continue_from_the_parents(child) -> None:
    assert [report.step for report in attempt_files.reports(child)] == [PARENT_STEPS + INTERVAL, LAST_STEP]
    assert attempt_files.read(child / attempt_files.RESULT, Result).step == LAST_STEP


def test_it_names_the_parent_as_what_it_started_from(child) -> None:
    assert attempt_files.read(child / attempt_files.RESULT, Result).started_from == NAME


def test_it_begins_with_what_the_parent_had_learned(parent, child, fresh) -> None:
    learned, from_nothing = losses(parent)[-1], losses(fresh)[0]
    assert abs(losses(child)[0] - learned) < (from_nothing - learned) / 4


def test_the_learning_rate_warms_up_and_falls_over_its_own_steps(child, fresh) -> None:
    assert learning_rates(child) == learning_rates(fresh)


def test_a_child_that_goes_on_from_its_own_checkpoint_has_the_numbers_of_one_that_never_stopped(
    job, child, parent, tmp_path
) -> None:
    step = PARENT_STEPS + INTERVAL
    resume = {"resume_from": str(child / attempt_files.checkpoint_name(step)), "resume_step": step, "parent_from": ""}
    went_on = trained(job, tmp_path, **{**of_child(parent), **resume})
    assert numbers(went_on) == numbers(child)[1:]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"steps": PARENT_STEPS}, "must be at least 1"),
        ({"parent_from": ""}, "begins at step 40, but names no weights to begin with"),
        ({"starting_weights": "weights of yesterday"}, "which this server no longer has"),
    ],
)
def test_a_child_that_cannot_be_trained_fails_with_a_sentence(job, parent, tmp_path, changes, sentence) -> None:
    result = trained_here(shapes.attempt(tmp_path / "attempt", job, **{**of_child(parent), **changes}))
    assert (result.outcome, result.step) == ("failed", 0)
    assert sentence in result.sentence
