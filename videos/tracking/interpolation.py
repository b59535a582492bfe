"""Boxes between keyframes: straight lines, and nothing where a person marked that the object is gone."""

from collections.abc import Iterator, Mapping

from videos.tracking.corners import blended
from videos.tracking.tracker import Corners

# A box that a person set, by frame; None where the object is gone from that frame on, until the next box.
Keyframes = Mapping[int, Corners | None]


def between(keyframes: Keyframes, last: int) -> Iterator[tuple[int, Corners]]:
    """Yield each frame that has a box, with the box, up to the frame `last`.

    From one keyframe to the next each side moves evenly. Before a mark that the object is gone, and after the last
    keyframe, it stays where it was.
    """
    numbers = sorted(number for number in keyframes if number <= last)
    for place, number in enumerate(numbers):
        one = keyframes[number]
        is_last = place + 1 == len(numbers)
        until = last + 1 if is_last else numbers[place + 1]
        other = None if is_last else keyframes[until]
        if one is not None:
            for frame in range(number, until):
                yield frame, one if other is None else blended(one, other, (frame - number) / (until - number))
