"""Frames that differ most, and frames that hardly differ."""

import numpy as np

from ftcml.core.pictures.near_duplicates import BITS, UNREADABLE
from tests.videos.decoding.filming import film, picture
from videos.decoding.choosing import Differing
from videos.decoding.decoder import Limits, decode
from videos.decoding.repeats import near_duplicates

LIMITS = Limits(seconds=120, pixels=3840 * 2160, frames=1000)


def numbers(path, wanted, **options):
    return [frame.number for frame in decode(path, Differing(wanted), LIMITS, **options)]


def test_what_happens_is_chosen_before_what_stands_still(tmp_path):
    still, moves = [picture(0)] * 40, [picture(number) for number in range(1, 9)]
    path = film(tmp_path / "film.mp4", [*still, *moves, *still], preset="ultrafast")
    chosen = numbers(path, 12)
    assert set(range(40, 48)) <= set(chosen)
    assert chosen[0] == 0
    assert numbers(path, 12) == chosen  # the same again
    assert numbers(path, 12, without=chosen[:5]) == chosen[5:]


def test_a_still_film_gives_frames_from_all_over_it(tmp_path):
    path = film(tmp_path / "still.mp4", [picture(3)] * 100, preset="ultrafast")
    chosen = numbers(path, 10)
    assert len(chosen) == 10
    assert np.diff([*chosen, 100]).max() <= 26


def test_all_frames_are_taken_where_there_are_few(tmp_path):
    assert numbers(film(tmp_path / "short.mp4", [picture(number) for number in range(9)]), 200) == list(range(9))


def test_repeated_frames_name_the_one_that_stays(tmp_path):
    def bits(different):
        return f"{(1 << different) - 1:0{BITS // 4}x}"

    assert near_duplicates([bits(0), "", UNREADABLE, bits(3)]) == [None, None, None, 0], "nothing is known of two"
    assert near_duplicates([bits(0), bits(3), bits(200), bits(30), bits(60), bits(190)]) == [None, 0, None, 0, None, 2]
    path = film(tmp_path / "screen.mp4", [picture(0)] * 3 + [picture(63)] * 2)
    prints = [frame.picture.fingerprint for frame in decode(path, Differing(), LIMITS)]
    assert near_duplicates(prints) == [None, 0, 0, None, 3]
