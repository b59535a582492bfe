"""Where the time of a training step goes, what the limit is, and how far from it we are.

    make bench BENCH=step_profile
    python -m bench step_profile --engine "full training"
    ONEDNN_MAX_CPU_ISA=AVX2 python -m bench step_profile   as a processor with AVX2 alone would do it

A process takes steps while oneDNN, which does the convolutions, writes down how long each of its operations takes. Two
of them may run at the same time, so their sum can be more than the step. The limit is what a large matrix product
reaches on this machine, over the floating point operations of a step as TensorFlow counts them. Where other programs
keep the machine busy, the processor time of a step still tells what it costs.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from bench.accuracy import sets
from bench.accuracy.attempts import trainers_environment
from bench.server import report
from bench.server.local_server import ROOT
from bench.speed.stepper import Engine, Wish, steps_of
from detector.contract import catalog

_FRAMES = 40
_WARM_UP_STEPS = 2
_STEP = "STEP"
_GEMM_SIDE, _GEMM_SECONDS = 3072, 3.0
# (operation, direction) of oneDNN -> what we call it.
_DIRECTIONS = {
    "forward_training": "forward",
    "forward_inference": "forward",
    "backward_data": "gradient of the input",
    "backward_weights": "gradient of the kernel",
}

_OTHERS = {"reorder": "moving numbers into another order", "matmul": "matrix products"}


@dataclass(frozen=True)
class Operation:
    """A kind of operation in one step. `share`: of all milliseconds that were written down."""

    name: str
    calls: float
    milliseconds: float
    share: float


@dataclass(frozen=True)
class StepTime:
    """Medians of the steps: by the clock, and of all cores together."""

    seconds: float
    processor_seconds: float


@dataclass(frozen=True)
class Limit:
    """`gflop`: of one image in training. `peak`: of a matrix product, GFLOP/s. `reached`: of the limit, 0 to 1."""

    gflop: float
    peak: float
    images_per_second_at_most: float
    images_per_second: float
    reached: float


def take_steps(wish: Wish, steps: int) -> None:
    """Take steps, and print how long each took between oneDNN's own lines."""
    step = steps_of(wish)
    for _ in range(_WARM_UP_STEPS):
        step()
    for _ in range(steps):
        print(_STEP, "begin", flush=True)
        began, used = time.perf_counter(), time.process_time()
        step()
        print(_STEP, time.perf_counter() - began, time.process_time() - used, flush=True)


def run(wish: Wish, steps: int, verbose: bool) -> list[str]:
    """The lines of a process that takes steps."""
    environment = {**trainers_environment(), "ONEDNN_VERBOSE": "1" if verbose else "0"}
    command = [
        sys.executable,
        "-m",
        "bench.speed.step_profile",
        "--child",
        wish.engine,
        wish.model,
        str(wish.batch_size),
    ]
    with tempfile.TemporaryFile("w+") as output:
        subprocess.run(
            [*command, "--steps", str(steps)],
            cwd=ROOT, env=environment, stdout=output, stderr=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        output.seek(0)
        return output.read().splitlines()


def operations(lines: Sequence[str]) -> list[Operation]:
    """What the lines say about each kind of operation, the longest first."""
    calls: Counter[str] = Counter()
    milliseconds: dict[str, float] = defaultdict(float)
    steps, within = 0, False
    for line in lines:
        if line.startswith(_STEP):
            within = line.endswith("begin")
            steps += within
        elif within and line.startswith("onednn_verbose") and ",exec," in line:
            name, taken = _operation(line)
            calls[name] += 1
            milliseconds[name] += taken
    total = sum(milliseconds.values())
    longest = sorted(milliseconds.items(), key=lambda item: -item[1])
    return [Operation(n, calls[n] / steps, taken / steps, taken / total) for n, taken in longest]


def _operation(line: str) -> tuple[str, float]:
    """The name and the milliseconds of a line: …,exec,cpu,KIND,IMPLEMENTATION,DIRECTION,…,SHAPE,MILLISECONDS."""
    fields = line.split(",")
    place = fields.index("exec")
    kind, direction, shape = fields[place + 2], fields[place + 4], fields[-2]
    if kind != "convolution":
        return _OTHERS.get(kind, kind), float(fields[-1])
    form = "depthwise" if re.match(r"(mb\d+_)?g\d+", shape) else "1x1" if "kh1" in shape else "3x3"
    return f"{form} convolutions, {_DIRECTIONS.get(direction, direction)}", float(fields[-1])


def step_time(lines: Sequence[str]) -> StepTime:
    taken = [line.split()[1:] for line in lines if line.startswith(_STEP) and not line.endswith("begin")]
    seconds, used = (sorted(map(float, column)) for column in zip(*taken, strict=True))
    return StepTime(seconds[len(taken) // 2], used[len(taken) // 2])


def limit(wish: Wish, seconds: float) -> Limit:
    """`seconds`: of a step, without oneDNN's lines."""
    gflop, peak = flop_of_an_image(wish) / 1e9, peak_gflops()
    reached = wish.batch_size / seconds
    return Limit(gflop, peak, peak / gflop, reached, reached / (peak / gflop))


def flop_of_an_image(wish: Wish) -> float:
    """Forward once, and twice that backward for what learns, as TensorFlow counts products and sums."""
    import tf_keras

    from detector import network
    from detector.contract.recipe import recipe

    chosen = catalog.starting_model(wish.model)
    start = network.starting_weights(chosen)
    detector = network.build(chosen, len(wish.shards.labels), start=start)
    whole, still = _flop(detector.network), 0
    if frozen := recipe(chosen, wish.batch_size, start.start).frozen_blocks if "recipe" in wish.engine else 0:
        last = detector.blocks[frozen - 1].get_output_at(-1)
        still = _flop(tf_keras.Model(detector.network.input, last))
    return still + 3 * (whole - still)


def _flop(network: Any) -> int:
    """Of a Keras model, forward, for one image."""
    import tensorflow as tf

    profiler = tf.compat.v1.profiler
    shape = [1, *network.input_shape[1:]]
    traced = tf.function(lambda images: network(images, training=False), autograph=False)
    graph = traced.get_concrete_function(tf.TensorSpec(shape)).graph
    options = profiler.ProfileOptionBuilder(profiler.ProfileOptionBuilder.float_operation()).with_empty_output().build()
    return profiler.profile(graph, options=options).total_float_ops


def peak_gflops() -> float:
    """GFLOP/s of a large product of float32 matrices."""
    import tensorflow as tf

    side = tf.random.stateless_uniform([_GEMM_SIDE, _GEMM_SIDE], [0, 0])
    product = tf.function(lambda one: tf.matmul(one, one), autograph=False)
    product(side)
    began, times = time.perf_counter(), 0
    while time.perf_counter() - began < _GEMM_SECONDS:
        product(side).numpy()
        times += 1
    return 2 * _GEMM_SIDE**3 * times / (time.perf_counter() - began) / 1e9


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    with tempfile.TemporaryDirectory() as folder:
        shards = sets.sample(_FRAMES).write(Path(folder))
        if options.child:
            engine, model, batch = options.child
            take_steps(Wish(engine, model, int(batch), shards), options.steps)
            return 0
        report.print_machine()
        wish = Wish(options.engine, options.model, options.batch, shards)
        found = operations(run(wish, options.steps, verbose=True))
        taken = step_time(run(wish, options.steps, verbose=False))
        bound = limit(wish, taken.seconds)
    _print(options, found, taken, bound)
    figures = {"operations": [asdict(one) for one in found], "step": asdict(taken), "limit": asdict(bound)}
    return report.finish(figures, [])


def _print(options: argparse.Namespace, found: Sequence[Operation], taken: StepTime, bound: Limit) -> None:
    report.print_table(
        f"{options.model}, {options.engine}, batch {options.batch}: operations of oneDNN in a step",
        ("operation", "calls", "ms", "share"),
        [(one.name, f"{one.calls:.0f}", f"{one.milliseconds:.0f}", f"{one.share:.0%}") for one in found],
    )
    report.print_table(
        "A step",
        ("s by the clock", "s of processor"),
        [(f"{taken.seconds:.2f}", f"{taken.processor_seconds:.2f}")],
    )
    report.print_table(
        "The limit",
        ("GFLOP an image", "peak, GFLOP/s", "images/s at most", "images/s", "of the limit"),
        [
            (
                f"{bound.gflop:.2f}", f"{bound.peak:.0f}", f"{bound.images_per_second_at_most:.0f}",
                f"{bound.images_per_second:.1f}", f"{bound.reached:.0%}",
            )
        ],
    )  # fmt: skip


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=catalog.DEFAULT, help="the starting model (default: %(default)s)")
    parser.add_argument("--engine", default="default recipe", choices=get_args(Engine), help="(default: %(default)s)")
    parser.add_argument("--batch", type=int, default=32, help="frames a step (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=5, help="that are measured (default: %(default)s)")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
