"""How many actions a careful person needs until all boxes of a video are right, by the way that she labels.

    make bench BENCH=labeling
    make bench BENCH=labeling ARGS='--frames 100 --trackers MedianFlow'

Ten rendered videos with exact truth, half of them of things in one flat color. bench/labeling/person.py says what she
does, and what counts as an action.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

import cv2

from bench.labeling import csrt_speed, rendered
from bench.labeling.person import bound
from bench.labeling.rendered import Film, Scene
from bench.labeling.trials import AUTOMATIC, Trial, measured, of_own_model, ways
from bench.server import report
from bench.server.report import Target
from videos.tracking.by_name import opencv_trackers

# (things, seed) of the videos of each kind.
_VIDEOS = ((1, 1), (1, 2), (1, 3), (3, 4), (6, 5))
_LIMITS = {(1, False): 3, (1, True): 6, (6, False): 25, (6, True): 40}
_FLAT_SEED = 10


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    cv2.setNumThreads(1)
    trials: list[Trial] = []
    bounds: dict[tuple[int, bool], list[float]] = {}
    for flat in (False, True):
        for things, seed in _VIDEOS:
            film = rendered.render(Scene(f"{things}", seed + _FLAT_SEED * flat, things, flat, options.frames))
            bounds.setdefault((things, flat), []).append(bound(film.truth))
            trials += _tried(film, options.trackers)
    _print(trials, bounds)
    share = csrt_speed.share_of_bare_loop()
    targets = [*_targets(trials), Target("CSRT of 3 boxes, of the bare loop's frames a second", share, "at least", 0.9)]
    figures = {"labeling": [asdict(trial) for trial in trials], "csrt_of_bare_loop": share}
    return report.finish(figures, targets)


def _tried(film: Film, trackers: Sequence[str]) -> list[Trial]:
    found = []
    makers = ways(trackers)
    tries = [*(partial(measured, name, makers[name], film) for name in makers), partial(of_own_model, film)]
    for attempt in tries:
        trial = attempt()
        print(f"{_title((trial.things, trial.flat))}, {trial.way}: {trial.actions:.1f}", flush=True)
        found.append(trial)
    return found


def _kinds(trials: Sequence[Trial]) -> list[tuple[int, bool]]:
    return sorted({(trial.things, trial.flat) for trial in trials})


def _mean(trials: Sequence[Trial], way: str, kind: tuple[int, bool]) -> Trial:
    """The mean of the videos of that kind."""
    those = [trial for trial in trials if trial.way == way and (trial.things, trial.flat) == kind]
    count = len(those)
    return Trial(way, *kind, sum(one.actions for one in those) / count, sum(one.seconds for one in those) / count)


def _print(trials: Sequence[Trial], bounds: dict[tuple[int, bool], list[float]]) -> None:
    kinds = _kinds(trials)
    titles = [_title(kind) for kind in kinds]
    rows = [["one draw and one end each", *(f"{sum(bounds[kind]) / len(bounds[kind]):.1f}" for kind in kinds)]]
    for way in dict.fromkeys(trial.way for trial in trials):
        means = [_mean(trials, way, kind) for kind in kinds]
        rows.append([way, *(f"{mean.actions:.1f} ({mean.seconds:.0f} s)" for mean in means)])
    report.print_table("Actions per 100 frames, and seconds of a processor", ["way", *titles], rows)


def _targets(trials: Sequence[Trial]) -> list[Target]:
    targets = []
    for kind in _kinds(trials):
        name = _title(kind)
        ours = _mean(trials, AUTOMATIC, kind).actions
        others = {trial.way for trial in trials} - {AUTOMATIC}
        best = min(_mean(trials, way, kind).actions for way in others)
        if kind in _LIMITS:
            targets.append(Target(f"{name}: actions per 100 frames, all together,", ours, "at most", _LIMITS[kind]))
        targets.append(Target(f"{name}: the same, as the best single way or less,", ours, "at most", round(best, 2)))
    return targets


def _title(kind: tuple[int, bool]) -> str:
    return f"{kind[0]} {'flat' if kind[1] else 'textured'}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=rendered.FRAMES, help="of each video (default: %(default)s)")
    parser.add_argument(
        "--trackers", nargs="*", choices=opencv_trackers.NAMES, default=opencv_trackers.NAMES, help="(default: all)"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
