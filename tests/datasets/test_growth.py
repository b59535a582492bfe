"""`make growth` finds what is read slowly. A few of its archives; all of them take minutes."""

import pytest

from bench import growth
from bench.processor_time import TookTooLong, limited


def test_the_same_seed_makes_the_same_archives() -> None:
    first, again, other = ([one.archive(1000) for one in growth.cases(seed, 16)] for seed in (1, 1, 2))
    assert first == again != other


def test_a_case_is_read_and_judged() -> None:
    (case,) = growth.cases(1, 1)
    outcome = growth.judged(case)
    assert (outcome.number, outcome.form, outcome.kind) == (0, "voc", "a line repeated")


@pytest.mark.parametrize(
    ("half", "whole", "is_slow"),
    [(0.01, 0.2, False), (0.5, 1.0, False), (0.5, 2.0, True), (0.5, None, True), (None, None, True)],
)
def test_what_takes_the_square_of_its_length_is_slow(half: float | None, whole: float | None, is_slow: bool) -> None:
    assert growth.Outcome(0, "voc", "a line repeated", "a.xml", "b'x'", half, whole).is_slow == is_slow


def test_what_hangs_is_cut_off() -> None:
    with pytest.raises(TookTooLong), limited(0.1):
        sum(1 for _ in iter(int, 1))  # for ever
