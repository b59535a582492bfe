"""Where the time of an evaluation during a training goes.

    make bench BENCH=evaluation_parts DATA=/path/to/raccoon-voc.zip
    python -m bench evaluation_parts --set crowded --frames 200

The model has its starting weights, with label columns chosen on the frames. The first evaluation, which builds the
graph and decodes the frames, doesn't count. A part that takes as much processor time as time runs on one core.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.accuracy import sets
from bench.accuracy.sets import Shards
from bench.server import report
from bench.speed.part_times import PartTimes, in_trainers_environment
from detector.contract import catalog
from detector.contract.suppression import OF_COCO

_BATCH = 16


def evaluation(model: str, shards: Shards, rounds: int) -> PartTimes:
    """Evaluate, and return the mean of what each part took, and of the whole."""
    from detector import network
    from detector.contract.recipe import recipe
    from detector.evaluation import coco_metrics, detections, matching, overlap_choice, summary
    from detector.evaluation.detect import suppress
    from detector.frames import inputs
    from detector.frames.targets import Matcher
    from detector.training import devices, evaluate
    from detector.training.label_columns import start_labels
    from detector.training.learner import Learner

    chosen, times = catalog.starting_model(model), PartTimes()
    start = network.starting_weights(chosen)
    followed = replace(recipe(chosen, _BATCH, start.start), precision=devices.precision("cpu"))
    detector = network.build(chosen, len(shards.labels), followed.precision, start)
    learner = Learner(detector, followed, 100, devices.strategy("cpu", 1))
    frames = inputs.Frames([shards.evaluation], shards.evaluation_frames, chosen.input_size)
    matcher = Matcher.of(detector, followed.match_iou)
    detector = start_labels(detector, frames, matcher)
    learner.begin_average()
    batches, truths = inputs.unchanged_batches(frames, _BATCH, matcher), inputs.truths(frames)
    suppression = shards.job(model, 1, 1).suppression()

    def suppressed(boxes: Any, scores: Any, by: Any) -> Any:
        name = "drop doubles, for COCO" if by is OF_COCO else "drop doubles, for each overlap"
        with times.part(name):
            return suppress(boxes, scores, by)

    def whole() -> None:
        with learner.averaged():
            found = evaluate.evaluate(learner, detector, batches, truths, suppression, lambda: False)
        assert found
        with times.part("file of detections, summary"):
            detections.detections_file(1, shards.labels, found.matched)
            summary.summarize(found.matched, found.precisions, shards.labels, found.suppression)

    with ExitStack() as patches:
        for place, name, part in (
            (learner, "evaluate", "network and losses"),
            (evaluate, "decoded", "decode"),
            (evaluate, "_frame_by_frame", "detections frame by frame"),
            (matching, "match_all", "match"),
            (overlap_choice, "choose", "choose the overlap"),
            (coco_metrics, "measure", "COCO metrics, twice"),
        ):
            patches.enter_context(patch.object(place, name, times.timed(part, getattr(place, name))))
        patches.enter_context(patch.object(evaluate, "suppress", suppressed))
        whole()
        times.seconds.clear()
        for _ in range(rounds):
            with times.part("everything"):
                whole()
    return PartTimes({name: (clock / rounds, used / rounds) for name, (clock, used) in times.seconds.items()})


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    if options.child:
        with tempfile.TemporaryDirectory() as name:
            shards = _frames(options).write(Path(name, "shards"), training_frames=1)
            print(json.dumps(evaluation(options.model, shards, options.rounds).seconds))
        return 0
    report.print_machine()
    given = sys.argv[1:] if arguments is None else list(arguments)
    times = in_trainers_environment("bench.speed.evaluation_parts", [*given, "--child"])
    times.print_table(f"{options.model}: an evaluation of {options.frames} frames ({options.set})")
    return report.finish({"evaluation_parts": times.seconds}, [])


def _frames(options: argparse.Namespace) -> sets.FrameSet:
    frames = sets.crowded(options.frames + 1) if options.set == "crowded" else sets.from_zip(options.data)
    return replace(frames, records=frames.records[: options.frames + 1])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=catalog.DEFAULT, help="the starting model (default: %(default)s)")
    parser.add_argument("--set", choices=["zip", "crowded"], default="crowded", help="(default: %(default)s)")
    parser.add_argument("--data", type=Path, help="a Pascal VOC zip, for --set zip")
    parser.add_argument("--frames", type=int, default=200, help="(default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="that are measured (default: %(default)s)")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.set == "zip" and not options.data:
        parser.error("--set zip needs --data.")
    return options


if __name__ == "__main__":
    sys.exit(main())
