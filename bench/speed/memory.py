"""How much memory a training job takes, with few frames and with many.

    make bench BENCH=memory
    python -m bench memory --frames 1000 --frames 20000

Every job is a trainer process as a user starts it, with the batch of a real job. Four in five of the frames are to
train on, the rest is evaluated at the end. A large set is a small one whose files are named again and again: it is read
as often as it says, and takes no room on the disk.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.accuracy import attempts, sets
from bench.server import report
from bench.server.report import Target
from detector.contract import catalog

GIGABYTE = 1e9
# The frames of a file. The middle size is the largest whose decoded frames stay in memory.
FRAMES_IN_FILES = 50
FRAMES = (1_000, 6_000, 20_000)
LIMIT_GB = 4.0
# Twenty times the frames may not cost more than this.
MAY_GROW_GB = 0.5


@dataclass(frozen=True)
class Memory:
    """`peak_gb`: the most memory of the trainer process at one time, in 10^9 bytes. `first_step`: seconds."""

    frames: int
    peak_gb: float
    first_step: float | None


def measure(shards: sets.Shards, folder: Path, options: argparse.Namespace) -> Memory:
    """Train some steps on so many frames."""
    frames = (shards.training_frames + shards.evaluation_frames) * shards.times
    print(f"… {frames:,} frames", file=sys.stderr, flush=True)
    job = shards.job(options.model, options.steps, options.steps, batch_size=options.batch)
    watched = attempts.run(attempts.TRAIN, job, folder)
    return Memory(frames, watched.peak_bytes / GIGABYTE, watched.first_step)


def targets(found: Sequence[Memory]) -> list[Target]:
    few, *_, many = sorted([*found, *found], key=lambda memory: memory.frames)
    return [
        Target("peak memory of a trainer in GB", max(memory.peak_gb for memory in found), "at most", LIMIT_GB),
        Target(
            f"GB that {many.frames:,} frames take more than {few.frames:,}",
            many.peak_gb - few.peak_gb,
            "at most",
            MAY_GROW_GB,
        ),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        in_files = min(FRAMES_IN_FILES, *options.frames)
        small = sets.sample(in_files).write(folder / "shards")
        repeated = [small.repeated(frames // in_files) for frames in options.frames]
        found = [measure(shards, folder / str(number), options) for number, shards in enumerate(repeated)]
    report.print_table(
        f"{options.model}, batch {options.batch}, {options.steps} steps",
        ("frames", "peak memory, GB", "first step after, s"),
        [(f"{m.frames:,}", f"{m.peak_gb:.2f}", report.number(m.first_step, 1)) for m in found],
    )
    return report.finish({"memory": [asdict(memory) for memory in found]}, targets(found))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=catalog.DEFAULT, help="the starting model (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=32, help="frames a step (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=40, help="of each job (default: %(default)s)")
    parser.add_argument("--frames", type=int, action="append", help=f"in all; may be repeated (default: {FRAMES})")
    options = parser.parse_args(arguments)
    options.frames = options.frames or list(FRAMES)
    return options


if __name__ == "__main__":
    sys.exit(main())
