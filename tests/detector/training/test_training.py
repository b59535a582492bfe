"""Training from end to end, with the tiny model on a drawn dataset: what a supervisor and a person find afterwards."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from detector.contract import attempt_files, catalog, model_variants, reports, stored
from detector.contract.model_variants import Agreement
from detector.contract.reports import Progress, Result
from detector.contract.spec import JobSpec
from tests.detector import shapes

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(300)]

LOSSES = {f"Loss/{name}_loss" for name in ("classification", "localization", "regularization", "total")}
TRAINING_METRICS = {*LOSSES, "learning_rate", "steps_per_sec"}
EVALUATION_METRICS = {
    *LOSSES,
    "DetectionBoxes_Precision/mAP",
    "DetectionBoxes_Precision/mAP (large)",
    "DetectionBoxes_Precision/mAP (medium)",
    "DetectionBoxes_Precision/mAP (small)",
    "DetectionBoxes_Precision/mAP@.50IOU",
    "DetectionBoxes_Precision/mAP@.75IOU",
    "DetectionBoxes_Recall/AR@1",
    "DetectionBoxes_Recall/AR@10",
    "DetectionBoxes_Recall/AR@100",
    "DetectionBoxes_Recall/AR@100 (large)",
    "DetectionBoxes_Recall/AR@100 (medium)",
    "DetectionBoxes_Recall/AR@100 (small)",
}


def answers(model: Path) -> list[np.ndarray]:
    """Every output of an exported model for one picture of noise."""
    interpreter = Interpreter(str(model))
    interpreter.allocate_tensors()
    (image,) = interpreter.get_input_details()
    noise = np.random.default_rng(0).uniform(-1, 1, image["shape"]).astype(np.float32)
    interpreter.set_tensor(image["index"], noise)
    interpreter.invoke()
    return [interpreter.get_tensor(output["index"]) for output in interpreter.get_output_details()]


@pytest.fixture(scope="module")
def job(tmp_path_factory) -> JobSpec:
    return shapes.write_shards(tmp_path_factory.mktemp("shards"))


def detector_command(*arguments: str | Path, **options) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "detector", *map(str, arguments)], text=True, **options)


def trained_by_command(folder: Path) -> Path:
    with detector_command("train", folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as trainer:
        _, said = trainer.communicate()
    assert trainer.returncode == 0, said
    return folder


def trained_here(
    folder: Path, is_exported: bool = True, observe: Callable[[Progress], None] = lambda progress: None
) -> Result:
    """Without the variants beside float32, or any file; the runs by a command make them all."""
    from detector.export import variants
    from detector.training import train

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(variants, "export_variants", lambda *_: None)
        if not is_exported:
            patch.setattr(train.Trainer, "export", lambda *_: 0)
        result = train.train(folder, observe)
    assert attempt_files.read(folder / attempt_files.RESULT, Result) == result
    return result


def best_step(folder: Path) -> int:
    """Of the reports, by what they say themselves: the newest that is within a point of the highest mAP."""
    reports = attempt_files.reports(folder)
    highest = max(report.mean_precision for report in reports)
    return max(report.step for report in reports if report.mean_precision >= highest - 0.01)


class TestAWholeRun:
    """14 steps with a checkpoint every 6, on two devices; the other runs of this file have one."""

    @pytest.fixture(scope="class")
    @classmethod
    def folder(cls, job, tmp_path_factory) -> Path:
        folder = tmp_path_factory.mktemp("whole") / "attempt"
        return trained_by_command(shapes.attempt(folder, job, devices=2, steps=14, checkpoint_interval=6))

    def test_it_completes_and_says_what_it_started_from(self, folder):
        result = attempt_files.read(folder / attempt_files.RESULT, Result)
        best = best_step(folder)
        assert result == Result("completed", 14, started_from="random weights", model_step=best)
        assert (folder / attempt_files.MODEL).stat().st_size > 100_000

    def test_every_file_of_the_model_is_there_with_its_size_and_speed(self, folder):
        variants = attempt_files.read_variants(folder)
        assert [variant.name for variant in variants] == [*model_variants.VARIANTS, *model_variants.DEVICE_FILES]
        assert all((folder / variant.file).stat().st_size == variant.size for variant in variants)
        assert all(variant.latency_ms > 0 for variant in variants)
        assert sum(variant.is_default for variant in variants) == 1

    def test_float32_agrees_with_itself(self, folder):
        agreement = attempt_files.read_variants(folder)[0].agreement
        assert agreement == Agreement(agreement.objects, agreement.objects, agreement.objects, 0)

    def test_the_accuracy_of_variants_is_measured_on_evaluation_frames(self, folder):
        for variant in attempt_files.read_variants(folder):
            assert (variant.compared_on, variant.frames) == ("evaluation", 10)
            assert 0 <= variant.ap50_low <= variant.ap50_high <= 1
            assert 0 <= variant.ap <= variant.ap50 <= 1

    def test_without_evaluation_frames_boxes_are_compared_on_training_frames(self, folder, job, tmp_path):
        from detector.export import variants
        from detector.frames import inputs

        for model in folder.glob("model-*.*"):
            shutil.copy(model, tmp_path)
        training, none = inputs.Frames(job.training_shards, job.training_frames, 96), inputs.Frames([], 0, 96)
        measured = variants.measure(tmp_path, len(job.label_names), inputs.pictures(training, step=5), none)
        assert measured == attempt_files.read_variants(tmp_path)
        for variant in measured:
            assert (variant.compared_on, variant.frames) == ("training", 5)
            assert (variant.ap, variant.ap50, variant.ap50_low, variant.ap50_high) == (None,) * 4
            assert variant.is_default == (variant.name == "float32")

    def test_there_is_a_report_every_6_steps_and_at_the_last(self, folder):
        assert [report.step for report in attempt_files.reports(folder)] == [6, 12, 14]

    def test_the_newest_checkpoint_and_the_best_are_there(self, folder):
        for step in (14, best_step(folder)):
            assert (folder / attempt_files.checkpoint_name(step) / "model.index").exists()
        assert not list(folder.glob(".checkpoint-*"))

    def test_each_report_has_every_metric(self, folder):
        for report in attempt_files.reports(folder):
            assert set(report.training_metrics) == TRAINING_METRICS
            assert set(report.evaluation_metrics) == EVALUATION_METRICS
            assert report.training_metrics["steps_per_sec"] > 0

    def test_the_loss_falls(self, folder):
        first, *_, last = [report.training_metrics["Loss/total_loss"] for report in attempt_files.reports(folder)]
        assert last < first

    def test_there_are_no_small_objects_so_their_metric_is_minus_one(self, folder):
        for report in attempt_files.reports(folder):
            assert report.evaluation_metrics["DetectionBoxes_Precision/mAP (small)"] == -1
            assert report.evaluation_metrics["DetectionBoxes_Precision/mAP"] >= 0

    def test_the_detections_name_every_evaluation_frame(self, folder):
        report = attempt_files.reports(folder)[-1]
        found = json.loads(gzip.decompress((folder / report.detections).read_bytes()))
        assert (found["format"], found["step"], found["labels"]) == (stored.DETECTIONS_FORMAT, 14, shapes.LABELS)
        assert [len(frame["truths"]) for frame in found["frames"]] == [1, 2] * 4 + [1, 0]
        for detection in (one for frame in found["frames"] for one in frame["detections"]):
            assert detection["label"] in shapes.LABELS
            assert detection["kind"] in ("right", "wrong label", "false alarm")
            ymin, xmin, ymax, xmax = detection["box"]
            assert 0 <= ymin <= ymax <= 1
            assert 0 <= xmin <= xmax <= 1

    def test_each_report_says_what_its_checkpoint_is_worth(self, folder):
        for report in attempt_files.reports(folder):
            labels = report.summary["labels"]
            assert [label["label"] for label in labels] == shapes.LABELS
            assert sum(label["objects"] for label in labels) == 13
            # COCO counts 100 boxes a frame, the summary those that the model's files give.
            mean = np.mean([label["ap"] for label in labels])
            assert 0 <= mean <= report.evaluation_metrics[reports.MEAN_PRECISION] + 1e-9

    def test_the_progress_ends_with_the_export(self, folder):
        progress = attempt_files.read(folder / attempt_files.PROGRESS, Progress)
        assert (progress.phase, progress.step) == ("exporting", 14)

    def test_the_recipe_in_force_can_be_read(self, folder):
        from detector.contract.recipe import recipe

        kept = json.loads((folder / attempt_files.RECIPE).read_text())
        assert kept["learning_rate"] == recipe(catalog.starting_model(shapes.TINY), 8, "nothing").learning_rate
        assert kept["precision"] in ("float32", "bfloat16")


class TestTheSameAgain:
    """Same seed, same data, same processor: the same numbers, whether in one go or with an interruption."""

    @pytest.fixture(scope="class")
    @classmethod
    def unbroken(cls, job, tmp_path_factory) -> Path:
        folder = shapes.attempt(tmp_path_factory.mktemp("unbroken") / "attempt", job, steps=8, checkpoint_interval=4)
        trained_here(folder, is_exported=False)
        return folder

    @pytest.fixture(scope="class")
    @classmethod
    def interrupted(cls, job, tmp_path_factory) -> Path:
        """By SIGTERM in its fourth step."""
        folder = shapes.attempt(tmp_path_factory.mktemp("again") / "attempt", job, steps=8, checkpoint_interval=5)

        def interrupt(progress: Progress) -> None:
            if progress.phase == "training" and progress.step == 4:
                signal.raise_signal(signal.SIGTERM)

        assert trained_here(folder, is_exported=False, observe=interrupt).outcome == "interrupted"
        return folder

    def test_an_interruption_leaves_a_checkpoint_that_is_not_evaluated(self, interrupted):
        (report,) = attempt_files.reports(interrupted)
        assert report.step == attempt_files.read(interrupted / attempt_files.RESULT, Result).step == 4
        assert (interrupted / report.checkpoint / "model.index").exists()
        assert set(report.training_metrics) == TRAINING_METRICS
        assert (report.evaluation_metrics, report.detections, report.summary) == ({}, "", None)

    def test_a_run_that_is_resumed_at_its_last_step_is_only_exported(self, interrupted, job, tmp_path):
        resume = {"resume_from": str(interrupted / "checkpoint-000004"), "resume_step": 4}
        again = shapes.attempt(tmp_path / "attempt", job, steps=4, **resume)
        assert trained_here(again) == Result("completed", 4, started_from="random weights", model_step=4)
        assert attempt_files.reports(again) == []
        assert (again / attempt_files.MODEL).stat().st_size > 100_000
        assert not (again / attempt_files.NEWEST_MODEL).exists()

    def test_a_second_run_has_the_same_metrics(self, unbroken, interrupted):
        (again,), (once, _) = numbers(interrupted), numbers(unbroken)
        assert again[0] == once[0]

    def test_a_run_that_goes_on_has_the_metrics_of_one_that_never_stopped(self, unbroken, interrupted, job, tmp_path):
        """Of the evaluation as well, and it reports what came after the interruption alone."""
        resume = {"resume_from": str(interrupted / "checkpoint-000004"), "resume_step": 4}
        went_on = shapes.attempt(tmp_path / "attempt", job, steps=8, checkpoint_interval=4, **resume)
        assert trained_here(went_on, is_exported=False).step == 8
        assert numbers(went_on) == numbers(unbroken)[1:]
        last = attempt_files.reports(unbroken)[-1].detections
        assert (went_on / last).read_bytes() == (unbroken / last).read_bytes()


def numbers(folder: Path) -> list[tuple[dict, ...]]:
    """All metrics at each checkpoint, except the speed, and the summary."""
    return [
        (
            {tag: value for tag, value in report.training_metrics.items() if tag != "steps_per_sec"},
            report.evaluation_metrics,
            report.summary,
        )
        for report in attempt_files.reports(folder)
    ]


def wait_for_step(folder: Path, step: int) -> None:
    """Until the trainer's progress says that it did the step."""
    until = time.monotonic() + 120
    while (
        not (folder / attempt_files.PROGRESS).exists()
        or attempt_files.read(folder / attempt_files.PROGRESS, Progress).step < step
    ):
        assert time.monotonic() < until, (folder / attempt_files.LOG).read_text()
        time.sleep(0.05)


def test_a_trainer_whose_supervisor_is_gone_ends_at_once_and_leaves_nothing_outside_its_folder(job, tmp_path):
    folder = shapes.attempt(tmp_path / "attempt", job, steps=5000)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with detector_command("spare", env=os.environ | {"TMPDIR": str(elsewhere)}, **pipes) as spare:
        spare.stdout.readline()
        print(folder, file=spare.stdin, flush=True)
        wait_for_step(folder, 1)
        spare.stdin.close()
        assert spare.wait(10) != 0
    assert not (folder / attempt_files.RESULT).exists()
    assert (folder / attempt_files.LOG).exists()
    assert list(elsewhere.iterdir()) == []


def test_all_is_written_before_anything_waits_for_tensorflows_threads(job, tmp_path, monkeypatch):
    """Their end waits by the time of day: for hours where the clock was set back meanwhile. A spare ends before it."""
    folder = shapes.attempt(tmp_path / "attempt", job, steps=2)
    trainers: list[weakref.ref] = []
    there: list[tuple[Result, bool]] = []

    from detector.export import variants
    from detector.training import train

    class Watched(train.Trainer):
        def __init__(self, *given) -> None:
            super().__init__(*given)
            trainers.append(weakref.ref(self))

    def written() -> None:
        there.append((attempt_files.read(folder / attempt_files.RESULT, Result), trainers[0]() is not None))

    monkeypatch.setattr(train, "Trainer", Watched)
    monkeypatch.setattr(variants, "export_variants", lambda *_: None)  # as in trained_here
    result = train.train(folder, written=written)
    assert there == [(result, True)]


def test_sigterm_before_the_first_step_leaves_no_checkpoint(job, tmp_path):
    folder = shapes.attempt(tmp_path / "attempt", job)

    def interrupt_while_preparing(progress: Progress) -> None:
        if progress.phase == "preparing":
            os.kill(os.getpid(), signal.SIGTERM)

    from detector.training.train import train

    assert train(folder, interrupt_while_preparing) == Result("interrupted", 0, started_from="random weights")
    assert attempt_files.reports(folder) == []
    assert not (folder / attempt_files.MODEL).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starting_model": "YOLO"}, "doesn't know the starting model 'YOLO'"),
        ({"label_names": []}, "The dataset has no label"),
        ({"steps": 0}, "must be at least 1"),
        ({"device": "gpu"}, "should train on a GPU, but has none"),
        ({"training_frames": 0, "training_shards": []}, "There are no training frames"),
        ({"label_names": ["ball"]}, "a label that isn't in the dataset's list"),
        ({"training_frames": 99}, "should have 99 frames, but its files have 24"),
    ],
)
def test_a_job_that_cannot_be_done_fails_with_a_sentence(job, tmp_path, changes, sentence):
    result = trained_here(shapes.attempt(tmp_path / "attempt", job, **changes))
    assert (result.outcome, result.step) == ("failed", 0)
    assert sentence in result.sentence


def test_a_job_of_another_format_fails_with_a_sentence(tmp_path):
    (tmp_path / attempt_files.JOB).write_text('{"color": "blue"}')
    assert "can't be read" in trained_here(tmp_path).sentence
