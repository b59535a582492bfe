"""How many of the objects of each size a starting model finds, when nine in ten of its boxes are right.

    make bench BENCH=recall_by_size
    python -m bench recall_by_size --model "SSD MobileNet v2 320x320" --steps 300 --seed 0

Each model trains the default recipe on the far-field set, for so many steps or for as many as fit into the time. The
table counts what its exported int8 file finds on the evaluation frames, as a robot runs it, and its network beside it.
Sizes are those of the datasets' warnings: the smaller side once the frame is scaled to 320x320, whatever the model's
input. An object is found by a box of its label that overlaps it (IoU) by at least 0.5. At the end the int8 files take
turns on the same frames, for the processor time of one.
"""

import argparse
import gzip
import json
import sys
import tempfile
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from bench.accuracy import attempts
from bench.accuracy.sets import Shards
from bench.far import frame_time
from bench.far.far_field import FRAMES, LABELS, far_field
from bench.server import report
from datasets.tfrecords import write_shard
from detector.contract import attempt_files, catalog, model_variants
from detector.contract.reports import StepReport
from detector.evaluation.comparison import partners
from detector.frames.objects import Detected, Truth
from ftcml.core.pictures.object_sizes import smaller_side

# Where the next class of sizes begins, in pixels of the smaller side at an input of 320x320.
STEPS = (10, 16, 32)
PRECISION, MIN_IOU = 0.9, 0.5
_LOOSE_IOU = 0.3
# Of the rendered frames: what is trained on, and what models are measured on.
_TRAINING_SEED, _EVALUATION_SEED = 0, 1


@dataclass(frozen=True)
class Recall:
    """What is found from the lowest confidence `threshold` on that keeps the precision; 1 where none does.

    `objects`, `found`: how many there are of each class of STEPS, and how many of them are found.
    """

    threshold: float
    objects: list[int]
    found: list[int]

    def of(self, place: int) -> float | None:
        """Return the part of a class that is found, 0 to 1; None where the class is empty."""
        return self.found[place] / self.objects[place] if self.objects[place] else None


def recall(
    truths: Sequence[Truth], detected: Sequence[Detected], precision: float = PRECISION, min_iou: float = MIN_IOU
) -> Recall:
    """Return how many objects of each size are found, frame by frame, at that precision over all labels and sizes."""
    scores: list[float] = []
    sizes: list[int] = []  # of what each detection has found, -1 where nothing
    objects = [0] * (len(STEPS) + 1)
    for truth, found in zip(truths, detected, strict=True):
        classes = [bisect_right(STEPS, smaller_side(box)) for box in truth.boxes.tolist()]
        for place in classes:
            objects[place] += 1
        for label in set(found.classes.tolist()):
            own = np.flatnonzero(truth.classes == label)
            order = np.flatnonzero(found.classes == label)
            order = order[np.argsort(-found.scores[order], kind="stable")]
            chosen = partners(found.boxes[order], truth.boxes[own], min_iou)
            scores += found.scores[order].tolist()
            sizes += [classes[own[one]] if one >= 0 else -1 for one in chosen]
    threshold = _threshold(np.array(scores), np.array(sizes) >= 0, precision)
    counted = [size for score, size in zip(scores, sizes, strict=True) if score >= threshold]
    return Recall(threshold, objects, [counted.count(place) for place in range(len(objects))])


def _threshold(scores: np.ndarray, right: np.ndarray, precision: float) -> float:
    order = np.argsort(-scores, kind="stable")
    scores, right = scores[order], right[order]
    is_last = np.append(scores[1:] != scores[:-1], True)[: len(scores)]
    precise = is_last & (np.cumsum(right) >= precision * np.arange(1, len(scores) + 1))
    return float(scores[precise][-1]) if precise.any() else 1.0


@dataclass(frozen=True)
class Measured:
    """One starting model. `network`, `int8`, `loose`: what the network and the int8 file find, and the int8 file by an
    overlap of at least 0.3. `ap50`: of the network. `seconds`: until the checkpoint was written. `latency_ms`: of the
    int8 file `exported`, on one core and by the clock; `size`: its bytes."""

    model: str
    steps: int
    seconds: float
    ap50: float
    network: Recall
    int8: Recall
    loose: Recall
    size: int
    latency_ms: float
    exported: str


def write(folder: Path, training_frames: int, evaluation_frames: int) -> Shards:
    """Render both parts of the set, and write a shard of each."""
    paths = []
    for frames, seed in ((training_frames, _TRAINING_SEED), (evaluation_frames, _EVALUATION_SEED)):
        paths.append(folder / f"{seed}.record")
        write_shard(paths[-1], far_field(frames, seed).records, list(LABELS))
    return Shards(list(LABELS), str(paths[0]), str(paths[1]), training_frames, evaluation_frames)


def measure(model: str, shards: Shards, folder: Path, steps: int, minutes: float, seed: int) -> Measured:
    """Train one model and look at what it finds."""
    steps = steps or _steps_in(minutes, model, shards, folder / "trial")
    job = shards.job(model, steps, steps, seed=seed)
    watched = attempts.run(attempts.TRAIN, job, folder / "attempt")
    return _measured(model, watched.reports[-1], shards, folder / "attempt")


def _steps_in(minutes: float, model: str, shards: Shards, folder: Path) -> int:
    """How many steps fit into the time, by the speed of a short run."""
    interval = 10
    last = folder / attempt_files.report_name(2 * interval)
    job = shards.job(model, 10 * interval, interval)
    watched = attempts.run(attempts.TRAIN, job, folder, lambda seconds, _: last.exists())
    speed = watched.reports[-1].report.training_metrics["steps_per_sec"]
    return max(interval, round(minutes * 60 * speed))


def _measured(model: str, reported: attempts.Reported, shards: Shards, attempt: Path) -> Measured:
    from detector.evaluation.coco_metrics import AP50
    from detector.export import litert
    from detector.frames import inputs

    size = catalog.starting_model(model).input_size
    frames = inputs.Frames([shards.evaluation], shards.evaluation_frames, size)
    truths = inputs.truths(frames)
    exported = attempt / model_variants.model_name("int8")
    run = litert.run([litert.runner(exported)], inputs.pictures(frames, 1))[0]
    ours: StepReport = reported.report
    return Measured(
        model=model,
        steps=ours.step,
        seconds=reported.seconds,
        ap50=ours.evaluation_metrics[AP50],
        network=recall(truths, _stored(attempt / ours.detections, shards.labels)),
        int8=recall(truths, run.detected),
        loose=recall(truths, run.detected, min_iou=_LOOSE_IOU),
        size=exported.stat().st_size,
        latency_ms=run.latency_ms,
        exported=str(exported),
    )


def _stored(path: Path, labels: Sequence[str]) -> list[Detected]:
    """What the trainer's file of detections has, which leaves out scores below 0.05."""
    found = []
    for frame in json.loads(gzip.decompress(path.read_bytes()))["frames"]:
        there = frame["detections"]
        boxes = np.array([one["box"] for one in there], np.float32).reshape(-1, 4)
        classes = np.array([labels.index(one["label"]) for one in there], int)
        found.append(Detected(boxes, np.array([one["score"] for one in there]), classes))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        shards = write(Path(folder), options.frames, options.evaluation_frames)
        for number, model in enumerate(options.models):
            print(f"… {model}", file=sys.stderr, flush=True)
            place = Path(folder, str(number))
            place.mkdir()
            found.append(measure(model, shards, place, options.steps, options.minutes, options.seed))
            _print_recall(found)
        times = frame_time.processor_ms([Path(one.exported) for one in found], shards)
    _print_files(found, times)
    return report.finish({"recall_by_size": [asdict(one) for one in found], "processor_ms": times}, [])


def _print_recall(found: Sequence[Measured]) -> None:
    counts = found[0].int8.objects
    classes = [f"under {STEPS[0]}", *(f"{a} to {b}" for a, b in pairwise(STEPS)), f"{STEPS[-1]} on"]
    report.print_table(
        f"Recall at precision {PRECISION} by pixels of the smaller side, of the int8 file (of the network)",
        ("starting model", "steps", *(f"{name} px ({n})" for name, n in zip(classes, counts, strict=True)), "AP@.50"),
        [
            (
                one.model,
                str(one.steps),
                *(f"{_cell(one.int8, place)} ({_cell(one.network, place)})" for place in range(len(counts))),
                f"{one.ap50:.3f}",
            )
            for one in found
        ],
    )


def _print_files(found: Sequence[Measured], times: Sequence[float]) -> None:
    loose = f"under {STEPS[0]} px by an overlap of {_LOOSE_IOU}"
    report.print_table(
        "The int8 file, on one core",
        ("starting model", "MB", "ms", "ms of processor", loose, "s of training"),
        [
            (
                one.model, f"{one.size / 1e6:.2f}", f"{one.latency_ms:.1f}", f"{of_processor:.1f}",
                _cell(one.loose, 0), f"{one.seconds:.0f}",
            )
            for one, of_processor in zip(found, times, strict=True)
        ],
    )  # fmt: skip


def _cell(recalled: Recall, place: int) -> str:
    return report.number(recalled.of(place), 2)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", dest="models", action="append", help="a starting model; may be repeated")
    parser.add_argument("--frames", type=int, default=FRAMES, help="to train on (default: %(default)s)")
    parser.add_argument("--evaluation-frames", type=int, default=FRAMES // 2, help="(default: %(default)s)")
    parser.add_argument("--steps", type=int, default=0, help="of every model, instead of as many as fit into the time")
    parser.add_argument("--minutes", type=float, default=5.0, help="of training (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the training (default: %(default)s)")
    options = parser.parse_args(arguments)
    known = [model.name for model in catalog.starting_models()]
    options.models = options.models or [catalog.DEFAULT]
    if unknown := set(options.models) - set(known):
        parser.error(f"There is no starting model {min(unknown)!r}; choose of {known}.")
    return options


if __name__ == "__main__":
    sys.exit(main())
