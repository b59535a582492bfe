"""How many images a second the engine trains, and how many times as many as tf-models-official's own RetinaNet.

    make bench BENCH=throughput
    python -m bench throughput --only "v2 320" --rounds 5

For each starting model and batch size, the engines are built once, each in a process of its own, with the same settings
of memory. Then they take turns of some seconds, one at a time while the others wait, so that a change of the machine's
mood meets them all. A figure is the median of its rounds; a ratio is the median of the ratios within a round.
"""

import argparse
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args

from bench.accuracy import sets
from bench.accuracy.attempts import trainers_environment
from bench.server import report
from bench.server.local_server import ROOT
from bench.server.report import Target
from bench.speed.reference_stepper import CONFIGURATIONS
from bench.speed.stepper import Engine, Wish
from detector.contract import catalog
from detector.contract.catalog import StartingModel

BATCH_SIZES = (8, 32)
ENGINES: tuple[Engine, ...] = get_args(Engine)
PEER: Engine = "peer"
REFERENCE = "reference engine"
# Of the peer's speed at batch 32: model, engine -> the ratio that was promised.
PROMISES = {
    ("SSD MobileNet v2 320x320", "default recipe"): 3.5,
    ("SSD MobileNet v2 320x320", "full training"): 1.8,
    ("SSD MobileNet V2 FPNLite 320x320", "default recipe"): 2.5,
    ("SSD MobileNet V2 FPNLite 320x320", "full training"): 1.25,
}
_PROMISED_BATCH = 32
_FRAMES = 80


class StepperFailed(Exception):
    """An engine ended instead of taking steps."""


class Stepper:
    """A process that takes steps when it is told to; see stepper.py."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=trainers_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> "Stepper":
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.communicate()

    def wait_until_ready(self) -> None:
        """Wait for its first steps. Raises StepperFailed."""
        self._answer()

    def images_per_second(self, seconds: float) -> float:
        """Take steps for about so many seconds. Raises StepperFailed."""
        assert self._process.stdin
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        answer = self._answer()
        return answer["images"] / answer["seconds"]

    def _answer(self) -> dict[str, float]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise StepperFailed(f"This engine has ended; run it alone to see why: {self._command}")
        return json.loads(line)


@dataclass(frozen=True)
class Speed:
    """One engine at one batch size: medians over the rounds."""

    model: str
    engine: str
    batch_size: int
    images_per_second: float
    ratio: float
    rounds: int


def race(commands: dict[str, Sequence[str]], rounds: int, seconds: float) -> dict[str, list[float]]:
    """Images a second of each engine in each round; in a round each has its turn."""
    speeds: dict[str, list[float]] = {name: [] for name in commands}
    with contextlib.ExitStack() as stack:
        steppers = {name: stack.enter_context(Stepper(command)) for name, command in commands.items()}
        for stepper in steppers.values():
            stepper.wait_until_ready()
        for _ in range(rounds):
            for name, stepper in steppers.items():
                speeds[name].append(stepper.images_per_second(seconds))
    return speeds


def batch_sizes(model: StartingModel) -> list[int]:
    """Those of the bench that the model can have on a CPU; its own, where it is smaller than all of them."""
    own = model.batch_sizes["cpu"]
    return [size for size in BATCH_SIZES if size <= own] or [own]


def commands(model: str, batch_size: int, shards: sets.Shards, options: argparse.Namespace) -> dict[str, Sequence[str]]:
    """What starts each engine that races; the peer always does."""
    found: dict[str, Sequence[str]] = {
        engine: [
            sys.executable,
            "-m",
            "bench.speed.stepper",
            json.dumps(asdict(Wish(engine, model, batch_size, shards))),
        ]
        for engine in ENGINES
        if engine == PEER or options.engine.lower() in engine
    }
    if options.peer_python and model in CONFIGURATIONS:
        found[REFERENCE] = [
            options.peer_python,
            str(ROOT / "bench" / "speed" / "reference_stepper.py"),
            model,
            str(batch_size),
        ]
    return found


def measure(models: Sequence[StartingModel], options: argparse.Namespace) -> Iterator[Speed]:
    with tempfile.TemporaryDirectory() as folder:
        shards = sets.sample(_FRAMES).write(Path(folder))
        for model in models:
            for batch_size in batch_sizes(model):
                print(f"… {model.name}, batch {batch_size}", file=sys.stderr, flush=True)
                entered = commands(model.name, batch_size, shards, options)
                speeds = race(entered, options.rounds, options.seconds)
                for engine, rounds in speeds.items():
                    ratio = statistics.median(o / p for o, p in zip(rounds, speeds[PEER], strict=True))
                    yield Speed(model.name, engine, batch_size, statistics.median(rounds), ratio, len(rounds))


def targets(speeds: Sequence[Speed]) -> list[Target]:
    """The promises about what was measured."""
    at_promised_batch = {(s.model, s.engine): s.ratio for s in speeds if s.batch_size == _PROMISED_BATCH}
    return [
        Target(f"{model}, {engine}, times the peer at batch {_PROMISED_BATCH}", ratio, "at least", limit)
        for (model, engine), limit in PROMISES.items()
        if (ratio := at_promised_batch.get((model, engine)))
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    models = [model for model in catalog.starting_models() if options.only.lower() in model.name.lower()]
    speeds = list(measure(models, options))
    report.print_table(
        "Training speed, medians",
        ("starting model", "engine", "batch", "images/s", "times the peer"),
        [(s.model, s.engine, str(s.batch_size), f"{s.images_per_second:.1f}", f"{s.ratio:.2f}") for s in speeds],
    )
    return report.finish({"throughput": [asdict(speed) for speed in speeds]}, targets(speeds))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="only starting models whose name has these words")
    parser.add_argument("--engine", default="", help="only engines whose name has these words, beside the peer")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each engine (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=10.0, help="of a turn, at least (default: %(default)s)")
    parser.add_argument(
        "--peer-python",
        metavar="PATH",
        help="a Python interpreter with the TF2 Object Detection API (object_detection, with its configs/tf2): it is "
        "timed as well. This has not been tried: no machine of the project has that API",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
