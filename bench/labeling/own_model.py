"""Labeling with a model of one's own: some frames by hand, a quick assistant trained on them, its proposals elsewhere.

The assistant is the product's: as many frames and steps, the same trainer, the exported file as the labeling worker
runs it, and as sure as a run asks for by itself. It proposes boxes without saying which thing each belongs to.
"""

import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.accuracy import attempts
from bench.accuracy.sets import FrameSet
from bench.labeling.motion import HEIGHT, WIDTH
from bench.labeling.person import MUST, Wrong, judge
from bench.labeling.rendered import Film, Seen
from bench.server import settings
from datasets.tfrecords import Box, Record
from detector.contract import attempt_files, catalog
from videos.tracking.corners import overlap
from videos.tracking.tracker import Corners

NAME = "own model's proposals"
_LABEL = "thing"


@dataclass(frozen=True)
class Labeled:
    """What it cost: actions for the whole video, and seconds of a processor."""

    actions: int
    seconds: float


def label(film: Film) -> Labeled:
    """Label the video that way."""
    settings.use()
    from training.proposals.assistants import LEAST_LABELED

    began = _processor_seconds()
    frames = len(film.pictures)
    by_hand = {int(number) for number in np.linspace(0, frames - 1, min(frames, LEAST_LABELED)).round()}
    drawn = sum(len(_wanted(film, number)) for number in by_hand)
    proposed = _proposals(film, by_hand)
    mended = sum(_mending(_all_seen(film, number), boxes) for number, boxes in proposed.items())
    confirmed = 1 if any(proposed.values()) else 0
    return Labeled(drawn + mended + confirmed, _processor_seconds() - began)


def _proposals(film: Film, by_hand: set[int]) -> dict[int, list[Corners]]:
    """What the assistant proposes in the frames that aren't labeled by hand."""
    from PIL import Image

    from training.proposals.assistants import STEPS
    from training.proposals.finder import Finder
    from training.proposals.proposing import distinct
    from training.proposals.runs import DEFAULT_CONFIDENCE

    found: dict[int, list[Corners]] = {}
    with tempfile.TemporaryDirectory() as folder:
        records = [_record(film, number) for number in sorted(by_hand)]
        shards = FrameSet("labeled", records, [_LABEL]).write(Path(folder, "shards"))
        attempt = Path(folder, "attempt")
        attempts.run(attempts.TRAIN, shards.job(catalog.DEFAULT, STEPS, STEPS), attempt)
        finder = Finder(attempt / attempt_files.MODEL, [_LABEL])
        for number in sorted(set(range(len(film.pictures))) - by_hand):
            picture = Image.fromarray(np.ascontiguousarray(film.picture(number)[:, :, ::-1]))
            detections = finder.look_at(picture, (WIDTH, HEIGHT)).detections
            sure = [detections[place] for place in distinct(detections)]
            found[number] = [one.corners for one in sure if one.score >= DEFAULT_CONFIDENCE]
    return found


def _mending(seen: list[Seen], proposed: list[Corners]) -> int:
    """The actions that make a frame's proposals right: one for each that is off, missing, or of no thing."""
    pairs = sorted(
        (
            (overlap(box, one.corners), place, thing)
            for place, box in enumerate(proposed)
            for thing, one in enumerate(seen)
        ),
        reverse=True,
    )
    of_thing: dict[int, int] = {}
    for covered, place, thing in pairs:
        if covered > 0 and thing not in of_thing and place not in of_thing.values():
            of_thing[thing] = place
    judged = [judge(one, proposed[of_thing[thing]] if thing in of_thing else None) for thing, one in enumerate(seen)]
    of_none = len(proposed) - len(of_thing)
    return of_none + sum(wrong in (Wrong.OFF, Wrong.MISSING, Wrong.TOO_MUCH) for wrong in judged)


def _record(film: Film, number: int) -> Record:
    boxes = [
        Box(_LABEL, top / HEIGHT, left / WIDTH, bottom / HEIGHT, right / WIDTH)
        for left, top, right, bottom in (seen.corners for seen in _wanted(film, number))
    ]
    return Record(f"{number:04d}.jpg", film.pictures[number], WIDTH, HEIGHT, boxes)


def _wanted(film: Film, number: int) -> list[Seen]:
    return [seen for seen in _all_seen(film, number) if seen.part >= MUST]


def _all_seen(film: Film, number: int) -> list[Seen]:
    return [thing[number] for thing in film.truth]


def _processor_seconds() -> float:
    """Of this process and of those that it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
