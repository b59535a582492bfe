"""Which frames of a video are held back for evaluation. Pure: it knows frames by their places and times alone.

Frames that lie close together in a video look alike. A model that is trained on one of them and tested on the next
seems better than it is. So the usual split keeps neighbors on one side.
"""

import random
from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise

from datasets.split import Split

# Frames of one side that are nearer in time than this to a frame of the other side are left out,
GAP_SECONDS = 1.0
# but never more than one in so many frames of a video: they are somebody's work.
_ONE_IN = 10
_MOST_BLOCKS = 5
# A block of fewer frames shows one moment only, and costs as many frames beside it.
_SMALLEST_BLOCK = 10

# The reference's seed.
_SHUFFLE_SEED = 42

# For each frame its side; None for one that is left out.
Places = list[Split | None]


def shares(frames: Sequence[int], eval_percent: int) -> list[int]:
    """Return how many frames of each video are for evaluation.

    Rounded over all videos together, so that many short ones come as close to the percentage as a long one. Each side
    gets a frame where there are two frames.
    """
    total = sum(frames)
    wanted = (total * eval_percent + 50) // 100
    if eval_percent and total > 1:
        wanted = min(max(wanted, 1), total - 1)
    due = [0, *((before * wanted * 2 + total) // (2 * total) if total else 0 for before in accumulate(frames))]
    return [later - earlier for earlier, later in pairwise(due)]


def by_blocks(seconds: Sequence[float | None], evaluation: int, seed: int) -> Places:
    """Split one video so that neighbors stay together: blocks for evaluation, gaps beside them, and the rest to train.

    Args:
        seconds: the time of each frame in the video, in order; None for pictures, where a gap is one frame.
        evaluation: how many of the frames would be for evaluation if no frame were left out; fewer are where some are.
        seed: the same always gives the same blocks.
    """
    frames = len(seconds)
    if not 0 < evaluation < frames:
        return [Split.EVALUATION if evaluation else Split.TRAINING] * frames
    blocks = max(1, min(_MOST_BLOCKS, evaluation // _SMALLEST_BLOCK, frames // (2 * _ONE_IN)))
    most = frames // _ONE_IN // (2 * blocks)  # frames that one gap may leave out
    held_back = max(1, evaluation - round(2 * blocks * _usual_gap(seconds, most) * evaluation / frames))
    places: Places = [Split.TRAINING] * frames
    for start, end in _chosen(frames, held_back, blocks, random.Random(seed)):  # noqa: S311 - nothing secret
        places[start:end] = [Split.EVALUATION] * (end - start)
    return _with_gaps(places, seconds, most)


def shuffled(frames: int, eval_percent: int) -> list[Split]:
    """Split one video exactly as FIRST's ftc-ml does, by its function `__split_for_records`.

    It is in the module dataset_producer of github.com/FIRST-Tech-Challenge/fmltc (Apache-2.0). The frames are shuffled
    by the same seed, anew for each video, the first of them are for evaluation, and each side gets at least one. Here
    the frames keep their order; there, they are written in the shuffled one.
    """
    order = list(range(frames))
    random.Random(_SHUFFLE_SEED).shuffle(order)  # noqa: S311 - nothing secret
    evaluation = round(frames * eval_percent / 100)  # half to even
    if 0 < eval_percent < 100:
        evaluation = max(1, min(evaluation, frames - 1))
    chosen = set(order[:evaluation])
    return [Split.EVALUATION if number in chosen else Split.TRAINING for number in range(frames)]


def _usual_gap(seconds: Sequence[float | None], most: int) -> float:
    """How many frames a gap leaves out, on average over the video."""
    first, last = seconds[0], seconds[-1]
    if first is None or last is None or last <= first:
        return min(1, most)
    return min(GAP_SECONDS * (len(seconds) - 1) / (last - first), most)


def _chosen(frames: int, evaluation: int, blocks: int, chance: random.Random) -> list[tuple[int, int]]:
    """Return where the blocks begin and end: one in each of as many equal parts, somewhere in it."""
    found = []
    for part in range(blocks):
        low, high = part * frames // blocks, (part + 1) * frames // blocks
        length = (part + 1) * evaluation // blocks - part * evaluation // blocks
        start = low + chance.randint(0, high - low - length)
        found.append((start, start + length))
    return found


def _with_gaps(places: Places, seconds: Sequence[float | None], most: int) -> Places:
    """Leave out the training frames next to each block that are too near in time: at most so many on each side."""
    ends = [(side, [number for number, _ in run]) for side, run in groupby(enumerate(places), lambda place: place[1])]
    blocks = [(run[0], run[-1]) for side, run in ends if side == Split.EVALUATION]
    left_out = [
        number
        for first, last in blocks
        for edge, beside in ((first, range(first - 1, first - 1 - most, -1)), (last, range(last + 1, last + 1 + most)))
        for number in _near(edge, beside, seconds)
    ]
    gaps = [number for number in left_out if places[number] == Split.TRAINING]
    if len(gaps) < sum(place == Split.TRAINING for place in places):
        for number in gaps:
            places[number] = None
    return places


def _near(edge: int, beside: range, seconds: Sequence[float | None]) -> list[int]:
    """Return which frames beside the edge of a block are within the gap, the nearest first; one of pictures."""
    found: list[int] = []
    for number in beside:
        if not 0 <= number < len(seconds):
            break
        ours, its = seconds[edge], seconds[number]
        is_near = abs(its - ours) < GAP_SECONDS if ours is not None and its is not None else not found
        if not is_near:
            break
        found.append(number)
    return found
