"""The ways of labeling that are compared, and what each costs on a video."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bench.labeling import own_model
from bench.labeling.person import GOOD, Person
from bench.labeling.rendered import Film
from bench.labeling.ways import ByHand, CopyPrevious, Linear, Tracked, Way
from videos.tracking.automatic import Automatic
from videos.tracking.by_name import catalog

AUTOMATIC = "all together (Automatic)"
# How far off a box is before she stops: at once, or, where a correction also mends the boxes before it, later. Each
# way gets the better of the two for a whole video.
_PATIENCE = (GOOD, 0.5)
_Maker = Callable[[Film], Way]


@dataclass(frozen=True)
class Trial:
    """Actions per 100 frames, and seconds of machine time for the whole video."""

    way: str
    things: int
    flat: bool
    actions: float
    seconds: float


def of_own_model(film: Film) -> Trial:
    labeled = own_model.label(film)
    return _trial(own_model.NAME, film, labeled.actions, labeled.seconds)


def ways(trackers: Sequence[str]) -> Mapping[str, _Maker]:
    found: dict[str, _Maker] = {
        "by hand": lambda film: ByHand(len(film.pictures)),
        "copy the frame before": lambda film: CopyPrevious(len(film.pictures)),
        "linear between keyframes": lambda film: Linear(len(film.pictures)),
    }
    for name in trackers:
        for re_interpolated, words in ((False, ""), (True, ", re-interpolated")):
            found[name + words] = partial(_tracked, name, re_interpolated)
    found[AUTOMATIC] = lambda film: Automatic(len(film.pictures), film.picture)
    return found


def measured(name: str, make: _Maker, film: Film) -> Trial:
    """The better of a person who corrects at once and one who waits, where waiting can help."""
    can_wait = name == AUTOMATIC or name.startswith("linear") or name.endswith("re-interpolated")
    tried = [_one(name, make, film, patience) for patience in (_PATIENCE if can_wait else _PATIENCE[:1])]
    return min(tried, key=lambda trial: trial.actions)


def _one(name: str, make: _Maker, film: Film, patience: float) -> Trial:
    start, count, copies = time.process_time(), 0, 0
    for truth in film.truth:
        way = make(film)
        count += Person(truth, way, patience).label().count
        if isinstance(way, CopyPrevious):
            copies = max(copies, way.copies)  # one key copies the boxes of all things
    seconds = time.process_time() - start
    return _trial(name, film, count + copies, seconds)


def _trial(name: str, film: Film, actions: int, seconds: float) -> Trial:
    return Trial(name, film.scene.things, film.scene.flat, actions / len(film.pictures) * 100, seconds)


def _tracked(name: str, re_interpolated: bool, film: Film) -> Way:
    return Tracked(len(film.pictures), film.picture, partial(catalog.tracker, name), re_interpolated)
