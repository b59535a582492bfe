"""How soon a model is good, and how good it gets within five minutes, from the start of the process.

    make bench BENCH=time_to_accuracy DATA=/path/to/raccoon-voc.zip
    python -m bench time_to_accuracy --set zip --only "default recipe" --seeds 1

Two tables: a Pascal VOC zip, by default the raccoon set, and a rendered set with three labels, crowded, with many small
objects. Each contestant trains with several seeds, and every seed is another split, 20 % held out; a figure is the
median of the seeds. A job has as many steps as a short trial says that fit into the time. It is evaluated every few
steps; that takes time too, which counts, and is also shown by itself.

All contestants do this: our default recipe; the same from random weights; the reference's recipe in our engine; and
tf-models-official's own RetinaNet, as it comes and with a trained backbone.
"""

import argparse
import math
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.accuracy import attempts, sets, small_objects
from bench.accuracy.attempts import Watched
from bench.accuracy.contestants import MODELS, Contestant, contestants, default_recipe, peers
from bench.accuracy.sets import FrameSet
from bench.server import report
from bench.server.acceptance import AP, AP50, DATA
from bench.server.report import NOTHING, Target
from detector.contract import attempt_files, catalog

GOOD, BETTER = 0.70, 0.90
# Of the trial run that says how many steps fit into the time: two intervals, of which the second is timed.
_TRIAL_INTERVALS = 2


@dataclass(frozen=True)
class Standing:
    """One contestant: one race of it, or the medians of several. Seconds are from the start of its process.

    `good`, `better`: seconds to those AP@.50, None where most races did not get there. `ap50`, `ap`: the best in the
    time. `small`: AP@.50 of small objects at the best AP@.50. `evaluating`: of all its seconds, those of evaluations.
    """

    contestant: str
    races: int
    steps: float
    good: float | None
    better: float | None
    ap50: float
    ap: float
    small: float | None
    evaluating: float


class Course:
    """One set, on which contestants race."""

    def __init__(self, frames: FrameSet, folder: Path, options: argparse.Namespace) -> None:
        self._frames, self._folder, self._options = frames, folder, options
        self._limit = options.minutes * 60

    def standings(self, entered: Sequence[Contestant]) -> Iterator[Standing]:
        for contestant in entered:
            steps = self._options.steps or self._steps_in_time(contestant)
            yield medians([self._race(contestant, seed, steps) for seed in range(self._options.seeds)])

    def _race(self, contestant: Contestant, seed: int, steps: int) -> Standing:
        print(f"… {self._frames.name}: {contestant.name}, seed {seed}, {steps} steps", file=sys.stderr, flush=True)
        watched, folder = self._run(contestant, seed, steps, self._limit)
        in_time = [one for one in watched.reports if one.seconds <= self._limit]
        best = max(in_time, key=lambda one: one.report.evaluation_metrics[AP50], default=None)
        small = None
        if best:
            _, held_out = self._frames.split(seed)
            small = small_objects.ap50(held_out, self._frames.labels, folder / best.report.detections)
        return Standing(
            contestant=contestant.name,
            races=1,
            steps=steps,
            good=reached(in_time, GOOD),
            better=reached(in_time, BETTER),
            ap50=best.report.evaluation_metrics[AP50] if best else 0.0,
            ap=max((one.report.evaluation_metrics[AP] for one in in_time), default=0.0),
            small=small,
            evaluating=watched.evaluating,
        )

    def _steps_in_time(self, contestant: Contestant) -> int:
        """How many steps fit, by a trial run."""
        interval = self._options.interval
        watched, _ = self._run(contestant, 0, _TRIAL_INTERVALS * interval, math.inf)
        first, second = (one.seconds for one in watched.reports)
        intervals = max(0.0, self._limit - second) / (second - first)
        return max(1, math.floor(intervals) + _TRIAL_INTERVALS) * interval

    def _run(self, contestant: Contestant, seed: int, steps: int, limit: float) -> tuple[Watched, Path]:
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        shards = self._frames.write(folder / "shards", seed)
        job = shards.job(contestant.model, steps, self._options.interval, contestant.batch_size, seed)
        attempt = folder / "attempt"
        last = attempt / attempt_files.report_name(steps)
        watched = attempts.run(contestant.command, job, attempt, lambda seconds, _: seconds > limit or last.exists())
        return watched, attempt


def reached(reports: Sequence[attempts.Reported], ap50: float) -> float | None:
    """The seconds of the first evaluation with that AP@.50."""
    return next((one.seconds for one in reports if one.report.evaluation_metrics[AP50] >= ap50), None)


def medians(races: Sequence[Standing]) -> Standing:
    def median(name: str) -> float | None:
        values = [getattr(race, name) for race in races]
        middle = statistics.median(math.inf if value is None else value for value in values)
        return None if math.isinf(middle) else middle

    figures: dict[str, Any] = {
        name: median(name) for name in ("steps", "good", "better", "ap50", "ap", "small", "evaluating")
    }
    return Standing(races[0].contestant, len(races), **figures)


def targets(standings: Sequence[Standing], limit: float) -> list[Target]:
    """The promises, which were made for the raccoon set, about those who raced."""
    by_name = {standing.contestant: standing for standing in standings}
    ssd, fpn = (by_name.get(default_recipe(model)) for model in MODELS)
    found: list[Target] = []
    if ssd:
        found.append(Target(f"{ssd.contestant}, seconds to AP@.50 {BETTER}", ssd.better, "at most", 30))
        found.append(Target(f"{ssd.contestant}, AP within {limit / 60:g} minutes", ssd.ap, "at least", 0.72))
    if fpn:
        found.append(Target(f"{fpn.contestant}, seconds to AP@.50 {BETTER}", fpn.better, "at most", 60))
    rivals = [by_name[name] for name in peers() if name in by_name]
    if ssd and rivals:
        # A peer that is not there in time needs longer than that.
        soonest = min(rival.better or limit for rival in rivals)
        times = soonest / ssd.better if ssd.better else None
        found.append(Target(f"{ssd.contestant}, times sooner at {BETTER} than the sooner peer", times, "at least", 5))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    entered = [one for one in contestants(options.models) if options.only.lower() in one.name.lower()]
    found: dict[str, list[Standing]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in options.sets:
            frames = sets.from_zip(options.data) if name == "zip" else sets.crowded(options.crowded_frames)
            found[name] = list(Course(frames, Path(folder), options).standings(entered))
            _print(frames, found[name], options)
    figures = {f"time_to_accuracy_{name}": [asdict(one) for one in standings] for name, standings in found.items()}
    return report.finish(figures, targets(found.get("zip", []), options.minutes * 60))


def _print(frames: FrameSet, standings: Sequence[Standing], options: argparse.Namespace) -> None:
    within = f"in {options.minutes:g} min"
    report.print_table(
        f"{frames.name}: {len(frames.records)} frames, {len(frames.labels)} labels, median of {options.seeds} seeds",
        (
            "contestant", "steps", f"s to AP@.50 {GOOD}", f"s to {BETTER}", f"AP@.50 {within}", f"AP {within}",
            "AP@.50 small", "s of evaluation",
        ),
        [
            (
                one.contestant, f"{one.steps:.0f}", report.number(one.good), report.number(one.better),
                f"{one.ap50:.3f}", f"{one.ap:.3f}", report.number(one.small, 3), f"{one.evaluating:.0f}",
            )
            for one in standings
        ],
    )  # fmt: skip
    print(f"\n{NOTHING}: most seeds did not get there, or the set has no small object.", flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="a Pascal VOC zip (default: %(default)s)")
    parser.add_argument("--set", dest="sets", action="append", choices=("zip", "crowded"), help="only this table")
    parser.add_argument("--only", default="", help="only contestants whose name has these words")
    parser.add_argument("--seeds", type=int, default=3, help="races of each contestant (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=5.0, help="of a race (default: %(default)s)")
    parser.add_argument("--interval", type=int, default=10, help="steps between evaluations (default: %(default)s)")
    parser.add_argument("--steps", type=int, help="of every race, instead of as many as fit into the time")
    parser.add_argument(
        "--model", dest="models", action="append", help=f"a starting model; may be repeated (default: {MODELS})"
    )
    parser.add_argument(
        "--crowded-frames", type=int, default=sets.CROWDED_FRAMES, help="of the rendered set (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    options.sets, options.models = options.sets or ["zip", "crowded"], options.models or list(MODELS)
    unknown = set(options.models) - {model.name for model in catalog.starting_models()} - set(MODELS)
    if unknown:
        parser.error(f"There is no starting model {min(unknown)!r}.")
    if "zip" in options.sets and not options.data.exists():
        parser.error(f"{options.data} is not there. Get github.com/datitran/raccoon_dataset as a zip, or name another.")
    return options


if __name__ == "__main__":
    sys.exit(main())
