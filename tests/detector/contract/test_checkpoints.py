"""Which checkpoints are kept, and which one becomes the model."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from detector.contract import attempt_files, checkpoints, reports
from detector.contract.checkpoints import Saved
from detector.contract.reports import StepReport
from detector.contract.spec import JobSpec
from tests.detector import shapes

JOB = JobSpec(shapes.TINY, ["ball"], ["shard"], [], 24, 0, 8, 400)


def saved(**precisions: float | None) -> list[Saved]:
    """One for each `step_100=0.5`."""
    return [Saved(int(name[5:]), Path(name), precision) for name, precision in precisions.items()]


@pytest.mark.parametrize(
    ("known", "exported"),
    [
        (saved(step_100=0.5, step_200=0.9, step_300=0.7), 200),
        (saved(step_100=0.5, step_200=0.9, step_300=0.9), 300),
        (saved(step_100=0.0, step_200=0.0, step_237=None), 200),
        (saved(step_100=None, step_137=None), 137),
    ],
    ids=["the best", "of equal ones the newer", "one that was measured", "the newest where none was"],
)
def test_the_best_is_exported(known, exported) -> None:
    assert checkpoints.to_export(known, highest=0.0).step == exported


def test_without_a_checkpoint_nothing_is() -> None:
    assert checkpoints.to_export([], highest=0.0) is None


def test_what_was_newest_or_best_one_checkpoint_ago_may_still_be_being_copied() -> None:
    known = saved(step_100=0.8, step_200=0.5, step_300=0.6, step_400=0.9)
    assert checkpoints.wanted(known, highest=0.0) == {Path("step_400"), Path("step_300"), Path("step_100")}
    assert checkpoints.wanted([], highest=0.0) == set()


def report(folder: Path, step: int, precision: float) -> None:
    metrics = {reports.MEAN_PRECISION: precision}
    attempt_files.write(
        folder / attempt_files.report_name(step), StepReport(step, attempt_files.checkpoint_name(step), {}, metrics)
    )


def test_what_earlier_attempts_left_counts(tmp_path) -> None:
    job = replace(JOB, resume_from="newest", resume_step=200, best_from="best", best_step=100, best_map=0.7)
    report(tmp_path, 300, 0.6)
    assert checkpoints.saved(tmp_path, job) == [
        Saved(100, Path("best"), 0.7),
        Saved(200, Path("newest"), None),
        Saved(300, tmp_path / "checkpoint-000300", 0.6),
    ]


def test_a_checkpoint_that_is_newest_and_best_is_one(tmp_path) -> None:
    job = replace(JOB, resume_from="both", resume_step=100, best_from="both", best_step=100, best_map=0.7)
    assert checkpoints.saved(tmp_path, job) == [Saved(100, Path("both"), 0.7)]


@pytest.mark.parametrize("unmeasured", [-1.0, float("nan")])
def test_frames_without_objects_measure_nothing(tmp_path, unmeasured) -> None:
    report(tmp_path, 100, unmeasured)
    (only,) = attempt_files.reports(tmp_path)
    assert only.mean_precision is None


def test_a_job_of_an_earlier_version_can_be_read(tmp_path) -> None:
    written = asdict(JOB)
    newer = {name for name in written if "best" in name or name.endswith("_map")}
    newer |= {"resume_iou", "max_detections"}
    earlier = {name: value for name, value in written.items() if name not in newer}
    (tmp_path / attempt_files.JOB).write_text(json.dumps(earlier))
    assert attempt_files.read(tmp_path / attempt_files.JOB, JobSpec) == JOB
