"""One engine that takes steps when it is told to, in a process of its own: `python -m bench stepper JSON`.

It says {"ready": true} when its graph is built. Each line on its standard input is a number of seconds: it takes steps
for so long, at least one, and answers {"images": N, "seconds": S}. At the end of its input it ends.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TextIO

from bench.accuracy.sets import Shards

Engine = Literal["full training", "default recipe", "default recipe with input pipeline", "peer"]
_WARM_UP_STEPS = 2
# No schedule ends during a measurement.
_STEPS = 1_000_000


@dataclass(frozen=True)
class Wish:
    """What to time. `model`: of the catalog; the peer takes its input size alone."""

    engine: Engine
    model: str
    batch_size: int
    shards: Shards


def serve(step: Callable[[], object], batch_size: int, output: TextIO) -> None:
    """Answer on `output` what comes in on the standard input."""
    for _ in range(_WARM_UP_STEPS):
        step()
    print(json.dumps({"ready": True}), file=output, flush=True)
    for line in sys.stdin:
        began, steps = time.perf_counter(), 0
        while steps == 0 or time.perf_counter() - began < float(line):
            step()
            steps += 1
        answer = {"images": steps * batch_size, "seconds": time.perf_counter() - began}
        print(json.dumps(answer), file=output, flush=True)


def steps_of(wish: Wish) -> Callable[[], object]:
    return _peer(wish) if wish.engine == "peer" else _ours(wish)


def _ours(wish: Wish) -> Callable[[], object]:
    from detector import network
    from detector.contract import catalog
    from detector.contract.recipe import recipe
    from detector.frames import inputs
    from detector.frames.targets import Matcher
    from detector.training import devices
    from detector.training.learner import Learner

    chosen, shards = catalog.starting_model(wish.model), wish.shards
    start = network.starting_weights(chosen)
    followed = recipe(chosen, wish.batch_size, start.start)
    followed = replace(followed, precision=devices.precision("cpu"))
    if wish.engine == "full training":
        followed = replace(followed, frozen_blocks=0)
    strategy = devices.strategy("cpu", 1)
    with strategy.scope():
        detector = network.build(chosen, len(shards.labels), followed.precision, start)
        learner = Learner(detector, followed, _STEPS, strategy)
    frames = inputs.Frames([shards.training], shards.training_frames, chosen.input_size)
    matcher = Matcher.of(detector, followed.match_iou)
    batches = inputs.training_batches(frames, wish.batch_size, matcher, followed, seed=0, first_step=0)
    if wish.engine != "default recipe with input pipeline":
        batches = batches.take(1).cache().repeat()
    endless = iter(strategy.experimental_distribute_dataset(batches))
    return lambda: learner.learn(next(endless))


def _peer(wish: Wish) -> Callable[[], object]:
    from bench.speed.peer import Peer
    from detector.contract import catalog

    size = catalog.starting_model(wish.model).input_size
    peer = Peer(len(wish.shards.labels), size, wish.batch_size, _STEPS)
    batches = peer.training_batches([wish.shards.training], seed=0).take(1).cache().repeat()
    endless = iter(batches)
    return lambda: peer.learn(next(endless))


def _own_output() -> TextIO:
    """The standard output for answers alone: what libraries print goes to the standard error."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return output


def main() -> None:
    output = _own_output()
    wish = json.loads(sys.argv[1])
    wish = Wish(**{**wish, "shards": Shards(**wish["shards"])})
    serve(steps_of(wish), wish.batch_size, output)


if __name__ == "__main__":
    main()
