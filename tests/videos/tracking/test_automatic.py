"""What the page shows with Automatic, from one box of a person on."""

import pytest

from tests.videos.tracking.clips import Clip, across
from videos.tracking.automatic import Automatic
from videos.tracking.corners import overlap, shifted

BACK = 14


def hidden_for_a_while() -> list[tuple[int, int] | None]:
    """Gone from frame 8 on, back in frame 14 elsewhere."""
    return [*across(8), *[None] * (BACK - 8), *[(150 - 5 * number, 30) for number in range(6)]]


@pytest.mark.parametrize("flat", [True, False])
def test_an_object_that_hides_and_comes_back_needs_one_box(flat) -> None:
    clip = Clip(hidden_for_a_while(), flat)
    automatic = Automatic(len(clip), clip.picture)

    automatic.put(0, clip.box(0))

    assert all(automatic.shown(number) is None for number in range(9, BACK))
    last = automatic.shown(len(clip) - 1)
    assert last is not None
    assert overlap(last, clip.box(len(clip) - 1)) > 0.8


def test_after_a_person_says_it_is_gone_nothing_is_shown_where_it_was() -> None:
    clip = Clip(across(12), flat=True)
    automatic = Automatic(len(clip), clip.picture)
    automatic.put(0, clip.box(0))

    automatic.end(5)

    assert automatic.shown(4)
    assert [automatic.shown(number) for number in range(5, 12)] == [None] * 7


def test_a_small_correction_moves_the_frames_before_it_too() -> None:
    clip = Clip(across(12), flat=False)
    automatic = Automatic(len(clip), clip.picture)
    automatic.put(0, clip.box(0))
    before = automatic.shown(9)
    assert before is not None

    automatic.put(10, shifted(clip.box(10), (0, 0, 6, 0)))

    after = automatic.shown(9)
    assert after is not None
    assert 0 < after[2] - before[2] < 6


def test_keyframes_stay_what_a_person_made_them() -> None:
    clip = Clip(across(12), flat=True)
    automatic = Automatic(len(clip), clip.picture)
    drawn = shifted(clip.box(6), (2, 1, 3, 2))
    automatic.put(6, drawn)

    automatic.put(0, clip.box(0))

    assert (automatic.shown(0), automatic.shown(6)) == (clip.box(0), drawn)


def test_a_thing_that_bends_is_followed_on_once_a_correction_shows_that() -> None:
    clip = Clip(across(24), flat=False, bend=9)
    automatic = Automatic(len(clip), clip.picture)
    automatic.put(0, clip.box(0))

    automatic.put(4, clip.box(4))

    shown = [automatic.shown(number) for number in range(5, 24)]
    assert all(one and overlap(one, clip.box(number)) > 0.5 for number, one in enumerate(shown, start=5))


def test_a_correction_soon_after_a_box_moves_what_lies_between_evenly_where_the_ways_differ() -> None:
    clip = Clip(across(12), flat=False, bend=9)
    automatic = Automatic(len(clip), clip.picture)
    automatic.put(0, clip.box(0))
    elsewhere = shifted(clip.box(2), (60, 40, 60, 40))

    automatic.put(2, elsewhere)

    between = automatic.shown(1)
    assert between is not None
    assert overlap(between, shifted(clip.box(0), (36, 20, 36, 20))) > 0.6
