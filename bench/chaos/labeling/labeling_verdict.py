"""Whether labeling kept its promises: judged from a video's story and from what its people drew."""

from collections import Counter
from collections.abc import Iterator, Mapping

from bench.chaos.judging.chaos_verdict import Wrong
from bench.chaos.labeling.labeling_story import BoxNow, Followed, LabelingStory, RunNow

# So many deaths end a run, by the settings of the server; it says so then.
MOST_ATTEMPTS = 3
# What a page, the database and JSON make of the same corners.
_SAME = 0.01

# What people drew and the server has taken: boxes by their keys.
Drawn = Mapping[str, BoxNow]


def wrongs_of(story: LabelingStory, drawn: Drawn) -> Iterator[Wrong]:
    """Return all that is wrong when the room is calm."""
    yield from _drawn(story, drawn)
    for run in story.runs:
        yield from _run(run)
        for followed in run.objects:
            yield from _boxes(story, run, followed, drawn)
    for number in story.halves:
        yield Wrong("recorded twice", f"frame {number} has other proposals than the model's rows say")
    for folder in story.folders:
        yield Wrong("files", f"{folder} is left")


def _drawn(story: LabelingStory, drawn: Drawn) -> Iterator[Wrong]:
    """No box of a person is lost or changed."""
    there = {(box.frame, box.key): box for box in story.boxes}
    for key, wanted in drawn.items():
        box = there.get((wanted.frame, key))
        if box is None:
            yield Wrong("lost", f"the box {key} of frame {wanted.frame}, which a person drew")
        elif not _is_same(box, wanted):
            yield Wrong("lost", f"the box {key} of frame {wanted.frame} was drawn as {wanted}, and is {box}")


def _is_same(box: BoxNow, wanted: BoxNow) -> bool:
    near = all(abs(one - other) < _SAME for one, other in zip(box.corners, wanted.corners, strict=True))
    return near and (box.origin, box.confirmed, box.track) == (wanted.origin, wanted.confirmed, wanted.track)


def _run(run: RunNow) -> Iterator[Wrong]:
    """It has ended, by itself or with a reason."""
    if not run.is_over:
        yield Wrong("lost", f"{run.what} is stuck after {run.attempts} attempts")
    elif run.is_held:
        yield Wrong("lost", f"{run.what} is over, and still held")
    if run.reason and run.attempts <= MOST_ATTEMPTS:
        yield Wrong("lost", f"{run.what} ended after {run.attempts} attempts: {run.reason}")
    done, total = run.frames
    if run.is_over and not run.reason and done != total:
        yield Wrong("lost", f"{run.what} has looked at {done} of {total} frames")
    for followed in run.objects:
        if run.is_over and not followed.ending:
            yield Wrong("lost", f"{run.what} is over, and doesn't say how {followed.track} ended")
        if followed.ending == "asked" and not run.was_stopped:
            yield Wrong("lost", f"{run.what} stopped at {followed.track}, which nobody asked for")


def _boxes(story: LabelingStory, run: RunNow, followed: Followed, drawn: Drawn) -> Iterator[Wrong]:
    """A followed object has one box in each frame up to its end, but where it wasn't found, and none behind."""
    of_track = [box for box in story.boxes if box.track == followed.track]
    for number, times in Counter(box.frame for box in of_track).items():
        if times > 1:
            yield Wrong("recorded twice", f"{times} boxes of {followed.track} are in frame {number}")
    set_by_people = {box.frame for box in drawn.values() if box.track == followed.track}
    wanted = {*range(followed.first, followed.at + 1)} - {*followed.missing} | set_by_people
    there = {box.frame for box in of_track}
    if lacking := sorted(wanted - there):
        yield Wrong("lost", f"{run.what}: boxes of {followed.track} lack in {_some(lacking)}; {followed.ending}")
    if extra := sorted(there - wanted):
        yield Wrong("recorded twice", f"{run.what}: boxes of {followed.track} in {_some(extra)} are behind its end")


def _some(numbers: list[int]) -> str:
    return f"{len(numbers)} frames from {numbers[0]} on"
