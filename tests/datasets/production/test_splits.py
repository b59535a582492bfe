"""How the frames of videos are split, for any number of frames, times, percentage and seed."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.production.splits import GAP_SECONDS, by_blocks, shares, shuffled
from datasets.split import Split

TRAINING, EVALUATION = Split.TRAINING, Split.EVALUATION

percents = st.integers(1, 90)
seeds = st.integers(0, 999_999)
times = st.lists(st.floats(0, 120), min_size=2, max_size=400).map(sorted) | st.integers(2, 400).map(
    lambda frames: [None] * frames
)


@given(times, percents, seeds)
def test_each_side_gets_frames_close_to_the_percentage(seconds: list, percent: int, seed: int) -> None:
    (wanted,) = shares([len(seconds)], percent)
    places = by_blocks(seconds, wanted, seed)
    evaluation, training, gap = (places.count(side) for side in (EVALUATION, TRAINING, None))
    assert len(places) == len(seconds)
    assert evaluation > 0
    assert training > 0
    assert gap <= len(seconds) // 10
    assert abs(evaluation - percent * (evaluation + training) / 100) <= 1 + gap / 2 + 0.03 * len(seconds)
    assert places == by_blocks(seconds, wanted, seed)


@given(st.integers(2, 600), percents, seeds)
def test_neighbors_are_on_one_side_unless_a_gap_is_between_them(frames: int, percent: int, seed: int) -> None:
    (wanted,) = shares([frames], percent)
    seconds = [number * GAP_SECONDS / 2 for number in range(frames)]
    places = by_blocks(seconds, wanted, seed)
    changes = sum(one != other for one, other in pairwise(places))
    assert changes <= 20  # at most 5 blocks, each with two gaps
    if frames >= 20:
        for first, second in pairwise(places):
            assert {first, second} != {TRAINING, EVALUATION}


def test_frames_of_a_fast_video_are_left_out_for_a_second() -> None:
    seconds = [number / 30 for number in range(1800)]
    places = by_blocks(seconds, 360, seed=3)
    evaluation = [time for time, place in zip(seconds, places, strict=True) if place == EVALUATION]
    training = [time for time, place in zip(seconds, places, strict=True) if place == TRAINING]
    apart = min(abs(one - other) for one in evaluation for other in training)
    assert 0.5 < apart <= GAP_SECONDS + 1 / 30
    assert 0.18 < len(evaluation) / (len(evaluation) + len(training)) < 0.22


def test_another_seed_holds_back_other_frames() -> None:
    assert len({tuple(by_blocks([None] * 100, 20, seed)) for seed in range(10)}) > 5


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), percents)
def test_many_short_videos_come_as_close_as_a_long_one(frames: list[int], percent: int) -> None:
    taken = shares(frames, percent)
    assert all(0 <= some <= count for some, count in zip(taken, frames, strict=True))
    total = sum(frames)
    if total > 1:
        assert 1 <= sum(taken) <= total - 1
        assert abs(sum(taken) - total * percent / 100) <= 1


@pytest.mark.parametrize(
    ("frames", "percent"), [(10, 20), (25, 20), (2, 90), (3, 1), (300, 50), (45, 10), (7, 0), (0, 20)]
)
def test_the_shuffle_is_the_reference_s(frames: int, percent: int) -> None:
    """What dataset_producer of fmltc does: seed 42, shuffle, the first ones are for evaluation."""
    random.seed(42)
    numbers = list(range(frames))
    random.shuffle(numbers)
    wanted = max(1, min(round(frames * percent / 100), frames - 1)) if percent else 0
    evaluation = sorted(numbers[:wanted])
    assert [number for number, side in enumerate(shuffled(frames, percent)) if side == EVALUATION] == evaluation


def test_the_shuffle_of_ten_frames_never_changes() -> None:
    assert [number for number, side in enumerate(shuffled(10, 20)) if side == EVALUATION] == [3, 7]
