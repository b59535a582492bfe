"""Where the time of an export goes: each file of a model, and what it takes to measure them all.

    make bench BENCH=export_parts
    python -m bench export_parts --frames 40

The model has its starting weights, in the precision that this machine trains in, and the evaluation frames are of the
sample dataset. It's exported twice, and the second time counts: a training has prepared TensorFlow before.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.accuracy import sets
from bench.accuracy.sets import Shards
from bench.server import report
from bench.speed.part_times import PartTimes, in_trainers_environment
from detector.contract import catalog
from detector.contract.model_variants import VARIANTS, model_name

_TRAINING_FRAMES = 32


def export(model: str, shards: Shards, folder: Path) -> PartTimes:
    """Export the model into the folder; returns what each part took."""
    from detector import network
    from detector.export import device_files, variants
    from detector.export.tflite import Exporter
    from detector.frames import inputs
    from detector.training import devices

    chosen, times = catalog.starting_model(model), PartTimes()
    start = network.starting_weights(chosen)
    detector = network.build(chosen, len(shards.labels), devices.precision("cpu"), start)
    evaluation = inputs.Frames([shards.evaluation], shards.evaluation_frames, chosen.input_size)
    training = inputs.Frames([shards.training], shards.training_frames, chosen.input_size)
    calibration = inputs.pictures(training, 1)
    with times.part("trace the network and save it"):
        exporter = Exporter(detector, shards.labels, model)
    for name in VARIANTS:
        with times.part(name):
            exporter.write(name, folder / model_name(name), calibration)
    with times.part("the files for devices"):
        device_files.write_all(exporter, folder)
    with times.part("read the frames, run all files on them, count"):
        variants.measure(folder, len(shards.labels), calibration, evaluation)
    return times


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    if options.child:
        with tempfile.TemporaryDirectory() as name:
            frames = sets.sample(_TRAINING_FRAMES + options.frames)
            shards = frames.write(Path(name, "shards"), training_frames=_TRAINING_FRAMES)
            export(options.model, shards, Path(name))
            print(json.dumps(export(options.model, shards, Path(name)).seconds))
        return 0
    report.print_machine()
    times = in_trainers_environment(
        "bench.speed.export_parts", ["--child", "--model", options.model, "--frames", str(options.frames)]
    )
    times.print_table(f"{options.model}: an export, measured on {options.frames} frames")
    return report.finish({"export_parts": times.seconds}, [])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=catalog.DEFAULT, help="the starting model (default: %(default)s)")
    parser.add_argument("--frames", type=int, default=100, help="to measure on (default: %(default)s)")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
