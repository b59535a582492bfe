"""What other recipes give: trials of one change each, on splits that no other bench reports.

    make bench BENCH=recipes DATA=/path/to/raccoon-voc.zip
    python -m bench recipes --model "SSD MobileNet V2 FPNLite 320x320" --only average

Every trial is the default recipe but for what its name says, with the schedule of a five-minute job, of which the first
steps are trained. That is what a team sees of a recipe within the first minute or two.
"""

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.accuracy import attempts, sets
from bench.accuracy.sets import FrameSet
from bench.server import report
from bench.server.acceptance import AP, AP50, DATA
from detector.contract import attempt_files, catalog
from detector.contract.model_variants import Variant
from detector.contract.reports import StepReport

# Splits 0, 1, 2, ... are those of time_to_accuracy.
FIRST_SEED = 100
KEPT = "as it is"


@dataclass(frozen=True)
class Trial:
    """The default recipe, and what bench.accuracy.variant changes of it."""

    name: str
    changes: dict[str, Any]


TRIALS = (
    Trial(KEPT, {}),
    Trial("weights not averaged", {"average_decay": 0.0}),
    Trial("average that doesn't grow", {"constant_average": True}),
    Trial("gradients not cut", {"max_gradient_norm": 0.0}),
    Trial("half the learning rate", {"rate_times": 0.5}),
    Trial("twice the learning rate", {"rate_times": 2.0}),
    Trial("nothing frozen", {"frozen_blocks": 0}),
    Trial("6 blocks frozen", {"frozen_blocks": 6}),
    Trial("14 blocks frozen", {"frozen_blocks": 14}),
    Trial("wider zoom, 0.5 to 2", {"zoom": [0.5, 2.0]}),
    Trial("no zoom", {"zoom": [1.0, 1.0]}),
    Trial("no change of light", {"brightness": 0.0, "contrast": [1.0, 1.0]}),
    Trial("colors don't vary", {"hue": 0.0, "saturation": [1.0, 1.0]}),
    Trial("labels start alike", {"labels_alike": True}),
    Trial("scores start by label frequency", {"label_prior": True}),
    Trial("focal alpha 0.25", {"focal_alpha": 0.25}),
    Trial("boxes count twice", {"box_weight": 2.0}),
    Trial("boxes by GIoU, weight 2", {"losses": ["giou", "focal"], "box_weight": 2.0}),
    Trial("quality focal scores", {"losses": ["l1", "quality"]}),
    Trial("varifocal scores", {"losses": ["l1", "varifocal"]}),
    Trial("ATSS matching", {"matching": "atss"}),
    Trial("SimOTA matching", {"matching": "simota"}),
    Trial("mosaic to the end", {"mosaic": [0.5, 1.0]}),
    Trial("mosaic of half the frames, in the first half", {"mosaic": [0.5, 0.5]}),
    Trial("mosaic of all frames", {"mosaic": [1.0, 0.5]}),
    Trial("pasting, half the frames", {"pasting": 0.5}),
    Trial("three input sizes, 288 to 384", {"sizes": [[288, 320, 384], 0.8]}),
    Trial("an input of 288 at first", {"sizes": [[288], 0.6]}),
    Trial("rounded like int8 at last", {"quantized": 50}),
)
# Of a pyramid alone.
PYRAMID_TRIALS = (
    Trial("handtrackjs, backbone and all", {"weights": "handtrack-320"}),
    Trial("COCO's backbone, the pyramid new", {"weights": "coco-ssd-backbone"}),
)


@dataclass(frozen=True)
class Outcome:
    """`reached`: step -> (AP@.50, AP), medians of the seeds. `int8`: of its file, with the first seed, if exported."""

    trial: str
    reached: dict[int, tuple[float, float]]
    int8: Variant | None


@dataclass(frozen=True)
class Run:
    """One training: its reports by step, and what its int8 file is worth, if it was exported."""

    reports: dict[int, StepReport]
    int8: Variant | None


def outcomes(frames: FrameSet, folder: Path, options: argparse.Namespace) -> Iterator[Outcome]:
    is_pyramid = catalog.starting_model(options.model).head == "fpnlite"
    for trial in (*TRIALS, *(PYRAMID_TRIALS if is_pyramid else ())):
        if any(words in trial.name for words in options.only or [""]):
            print(f"… {frames.name}: {trial.name}", file=sys.stderr, flush=True)
            runs = [_run(trial, frames, folder, FIRST_SEED + number, options) for number in range(options.seeds)]
            medians = {step: (_median(runs, step, AP50), _median(runs, step, AP)) for step in runs[0].reports}
            yield Outcome(trial.name, medians, runs[0].int8)


def _median(runs: Sequence[Run], step: int, tag: str) -> float:
    return statistics.median(run.reports[step].evaluation_metrics[tag] for run in runs)


def _run(trial: Trial, frames: FrameSet, folder: Path, seed: int, options: argparse.Namespace) -> Run:
    """Train the first steps; to the end, and export, if that is wished."""
    place = Path(tempfile.mkdtemp(dir=folder))
    shards = frames.write(place / "shards", seed, options.training_frames)
    job = shards.job(options.model, options.schedule, options.interval, seed=seed)
    attempt = place / "attempt"
    last = attempt / attempt_files.report_name(options.steps)
    command = (sys.executable, "-m", "bench", "variant", json.dumps(trial.changes))
    watched = attempts.run(command, job, attempt, lambda seconds, _: last.exists() and not options.exported)
    reports = {one.report.step: one.report for one in watched.reports}
    variants = attempt_files.read_variants(attempt) if options.exported else []
    return Run(reports, next((variant for variant in variants if variant.name == "int8"), None))


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in options.sets:
            frames = sets.from_zip(options.data) if name == "zip" else sets.crowded(options.crowded_frames)
            found[name] = list(outcomes(frames, Path(folder), options))
            _print(frames, found[name], options)
            if options.exported:
                _print_int8(frames, found[name])
    return report.finish({f"recipes_{name}": [asdict(one) for one in tried] for name, tried in found.items()}, [])


def _print(frames: FrameSet, tried: Sequence[Outcome], options: argparse.Namespace) -> None:
    steps = sorted(tried[0].reached)
    report.print_table(
        f"{options.model} on {frames.name}: AP@.50 (AP) after so many steps of {options.schedule}, "
        f"{options.seeds} seed(s) from {FIRST_SEED} on",
        ("trial", *map(str, steps)),
        [(one.trial, *("{:.3f} ({:.3f})".format(*one.reached[step]) for step in steps)) for one in tried],
    )


def _print_int8(frames: FrameSet, tried: Sequence[Outcome]) -> None:
    rows = [
        (one.trial, f"{one.int8.ap50:.3f} ({one.int8.ap:.3f})", *_beside_float32(one.int8)) for one in tried if one.int8
    ]
    report.print_table(
        f"The int8 file on {frames.name}, its boxes beside those of the float32 file",
        ("trial", "AP@.50 (AP)", "same", "moved", "lost", "new"),
        rows,
    )


def _beside_float32(int8: Variant) -> tuple[str, ...]:
    found = int8.agreement
    return tuple(map(str, (found.same, found.near - found.same, found.objects - found.near, found.extra)))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="a Pascal VOC zip (default: %(default)s)")
    parser.add_argument("--set", dest="sets", action="append", choices=("zip", "crowded"), help="only this one")
    parser.add_argument("--only", action="append", help="only trials whose name has these words; may come again")
    parser.add_argument("--model", default=catalog.DEFAULT, help="the starting model (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=1, help="splits (default: %(default)s)")
    parser.add_argument("--schedule", type=int, default=200, help="steps of the whole job (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=40, help="that are trained (default: %(default)s)")
    parser.add_argument("--interval", type=int, default=20, help="steps between evaluations (default: %(default)s)")
    parser.add_argument("--exported", action="store_true", help="train to the end, and measure the int8 file as well")
    parser.add_argument("--training-frames", type=int, help="to train on, the others held out (default: four in five)")
    parser.add_argument(
        "--crowded-frames", type=int, default=sets.CROWDED_FRAMES, help="of the rendered set (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    options.sets = options.sets or ["zip", "crowded"]
    if "zip" in options.sets and not options.data.exists():
        parser.error(f"{options.data} is not there. Get github.com/datitran/raccoon_dataset as a zip, or name another.")
    return options


if __name__ == "__main__":
    sys.exit(main())
