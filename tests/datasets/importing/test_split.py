from hypothesis import given
from hypothesis import strategies as st

from datasets.importing.import_archive import split
from datasets.split import Split

FRAMES = st.integers(0, 3000)


def test_200_frames_at_20_percent_leave_40_for_evaluation() -> None:
    assert split(200, 20).count(Split.EVALUATION) == 40


def test_frames_next_to_each_other_are_spread_over_both_splits() -> None:
    evaluation = [number for number, place in enumerate(split(200, 20)) if place == Split.EVALUATION]
    assert min(evaluation) < 50
    assert max(evaluation) > 150


@given(FRAMES, st.integers(0, 90))
def test_the_same_numbers_always_give_the_same_split(frames: int, percent: int) -> None:
    assert split(frames, percent) == split(frames, percent)


@given(FRAMES, st.integers(1, 90))
def test_the_percentage_is_met_to_the_frame_and_no_split_is_empty(frames: int, percent: int) -> None:
    evaluation = split(frames, percent).count(Split.EVALUATION)
    assert abs(evaluation - frames * percent / 100) <= 1
    if frames > 1:
        assert 0 < evaluation < frames


@given(FRAMES)
def test_without_a_percentage_every_frame_is_for_training(frames: int) -> None:
    assert split(frames, 0).count(Split.TRAINING) == frames
