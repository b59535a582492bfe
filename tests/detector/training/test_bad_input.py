"""What can go wrong in a training: sets with little to learn from, a full disk, numbers that leave all bounds.

Everything trains the tiny model for a few steps.
"""

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from datasets.tfrecords import Box, Record, write_shard
from detector.contract import attempt_files
from detector.contract.failure import Cause
from detector.contract.reports import Progress, Result
from detector.contract.spec import JobSpec
from tests.detector import shapes
from tests.detector.training.test_training import TRAINING_METRICS

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def job(tmp_path_factory) -> JobSpec:
    return replace(shapes.write_shards(tmp_path_factory.mktemp("shards")), steps=3)


@pytest.fixture(scope="module", autouse=True)
def _only_float32() -> Iterator[None]:
    """The other variants take a while, and have tests of their own."""
    from detector.export import variants

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(variants, "export_variants", lambda *_: None)
        yield


def trained(folder: Path, observe: Callable[[Progress], None] = lambda progress: None) -> Result:
    from detector.training.train import train

    result = train(folder, observe)
    assert attempt_files.read(folder / attempt_files.RESULT, Result) == result
    return result


def all_finite(metrics: dict[str, float]) -> bool:
    return bool(np.isfinite(list(metrics.values())).all())


# --- sets with little to learn from -------------------------------------------------------------


def on_frames(folder: Path, job: JobSpec, records: list[Record], **changes: object) -> Path:
    """An attempt that trains and evaluates on these frames."""
    shard = folder / "only.record"
    write_shard(shard, records, shapes.LABELS)
    both = {"training_shards": [str(shard)], "evaluation_shards": [str(shard)]}
    counts = {"training_frames": len(records), "evaluation_frames": len(records)}
    return shapes.attempt(folder / "attempt", job, **both, **counts, **changes)


def frames(count: int, boxes: Callable[[int, list[Box]], list[Box]]) -> list[Record]:
    """Drawn frames, with the boxes that `boxes` makes of a frame's number and its own."""
    rng = np.random.default_rng(0)
    drawn = [shapes.frame(rng, number) for number in range(count)]
    return [replace(record, boxes=boxes(number, record.boxes)) for number, record in enumerate(drawn)]


def flat(boxes: list[Box]) -> list[Box]:
    """Each box without height, and once more without width."""
    return [flattened for box in boxes for flattened in (replace(box, ymax=box.ymin), replace(box, xmax=box.xmin))]


@pytest.mark.parametrize("boxes", [lambda number, boxes: [], lambda number, boxes: flat(boxes)], ids=["none", "flat"])
def test_frames_without_a_box_of_any_area_are_refused(job, tmp_path, boxes) -> None:
    result = trained(on_frames(tmp_path, job, frames(8, boxes)))
    assert (result.outcome, result.step) == ("failed", 0)
    assert "No training frame has a box" in result.sentence


def test_batches_without_a_box_and_boxes_of_no_area_do_no_harm(job, tmp_path, monkeypatch) -> None:
    """Of 24 frames one has a box with an area, so at least two of three batches have none."""
    from detector.training import train

    monkeypatch.setattr(train.Trainer, "export", lambda *_: 0)
    hardly_any = frames(24, lambda number, boxes: flat(boxes) if number else boxes + flat(boxes))
    folder = on_frames(tmp_path, job, hardly_any, checkpoint_interval=1)
    assert trained(folder).outcome == "completed"
    reports = attempt_files.reports(folder)
    assert len(reports) == 3
    assert all(all_finite(report.training_metrics | report.evaluation_metrics) for report in reports)
    assert sum(report.training_metrics["Loss/localization_loss"] == 0 for report in reports) >= 2
    # Were a box of no area an object to be found, it would be a small one.
    assert reports[-1].evaluation_metrics["DetectionBoxes_Precision/mAP (small)"] == -1


# --- a full disk --------------------------------------------------------------------------------

DISK = 64 * 1024 * 1024
# More than a progress report needs, less than a checkpoint does.
SOME_ROOM = 512 * 1024


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A file system of its own, as large as DISK."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a small disk; the limit of a file's size stands for it")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path, left: int) -> None:
    """Leave so many bytes free."""
    room = os.statvfs(disk)
    with (disk / "ballast").open("wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, room.f_bavail * room.f_bsize - left)


def before_step(step: int, act: Callable[[], None]) -> Callable[[Progress], None]:
    """Does something once, when the step before is done."""
    done = []

    def observe(progress: Progress) -> None:
        if progress.phase == "training" and progress.step == step - 1 and not done:
            done.append(act())

    return observe


def ends_with_step_2_and_a_sentence(folder: Path, result: Result) -> None:
    assert (result.outcome, result.step) == ("failed", 2)
    assert result.sentence.startswith("The server's disk is full. Ask the operator to make room")
    assert result.sentence.endswith("You keep what it learned up to step 2.")
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".")], "something half-written stays"
    assert [path.name for path in folder.glob("checkpoint-*")] == ["checkpoint-000002"]


WITHOUT_EVALUATION = {"checkpoint_interval": 2, "evaluation_frames": 0, "evaluation_shards": []}


def test_a_full_disk_costs_what_came_after_the_last_checkpoint(job, small_disk) -> None:
    """Not even a report of the progress has room; the limit of a file's size, below, leaves room for that."""
    import tensorflow as tf

    folder = shapes.attempt(small_disk / "attempt", job, steps=4, **WITHOUT_EVALUATION)
    result = trained(folder, before_step(4, lambda: fill(small_disk, left=0)))
    ends_with_step_2_and_a_sentence(folder, result)
    kept = tf.train.load_checkpoint(str(folder / "checkpoint-000002" / attempt_files.CHECKPOINT_FILES))
    tensors = [kept.get_tensor(name) for name, kind in kept.get_variable_to_dtype_map().items() if kind == tf.float32]
    assert len(tensors) > 100
    assert all(np.isfinite(tensor).all() for tensor in tensors)


@pytest.fixture(scope="module")
def ended_at_2(job, tmp_path_factory) -> Path:
    """An attempt whose files could not grow any more after step 2."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    folder = shapes.attempt(tmp_path_factory.mktemp("limited") / "attempt", job, steps=4, **WITHOUT_EVALUATION)
    try:
        trained(folder, before_step(4, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SOME_ROOM, before[1]))))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    return folder


def test_a_file_that_may_not_grow_is_as_a_full_disk(ended_at_2) -> None:
    ends_with_step_2_and_a_sentence(ended_at_2, attempt_files.read(ended_at_2 / attempt_files.RESULT, Result))


def test_without_evaluation_frames_there_are_no_evaluation_metrics(ended_at_2) -> None:
    (report,) = attempt_files.reports(ended_at_2)
    assert set(report.training_metrics) == TRAINING_METRICS
    assert report.evaluation_metrics == {}
    assert report.detections == ""


def test_too_little_memory_is_not_a_full_disk() -> None:
    import tensorflow as tf

    from detector.training.train import _unforeseen

    error = tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor with shape[32,150,150,96]")
    assert _unforeseen(error).cause == Cause.NO_MEMORY


# --- numbers that leave all bounds --------------------------------------------------------------


@pytest.fixture
def _steps_far_too_large(monkeypatch) -> None:
    from detector.contract.recipe import recipe
    from detector.training import train

    monkeypatch.setattr(train, "recipe", lambda *known: replace(recipe(*known), learning_rate=1e30, warmup_steps=1))


@pytest.mark.usefixtures("_steps_far_too_large")
def test_a_loss_that_is_not_a_number_ends_the_job_with_a_sentence(job, tmp_path) -> None:
    result = trained(shapes.attempt(tmp_path / "attempt", job))
    assert (result.outcome, result.step, result.model_step) == ("failed", 0, 0)
    assert "the loss is no longer a number. Look for wrong boxes" in result.sentence
    assert "kept" not in result.sentence


@pytest.mark.usefixtures("_steps_far_too_large")
def test_what_is_not_a_number_is_never_saved_and_the_checkpoint_before_becomes_the_model(
    ended_at_2, job, tmp_path
) -> None:
    goes_on = {"resume_from": str(ended_at_2 / "checkpoint-000002"), "resume_step": 2}
    folder = shapes.attempt(tmp_path / "attempt", job, steps=9, checkpoint_interval=1, **goes_on)
    result = trained(folder)
    assert (result.outcome, result.step, result.model_step) == ("failed", 2, 2)
    assert "the loss is no longer a number" in result.sentence
    assert result.sentence.endswith("You keep what it learned up to step 2.")
    assert not list(folder.glob("*checkpoint*"))
    assert attempt_files.reports(folder) == []
    assert (folder / attempt_files.MODEL).stat().st_size > 100_000
