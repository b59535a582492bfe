"""`make growth` finds what is read slowly. Some of its archives."""

import pytest

from bench.imports import growth
from bench.imports.fuzz import forms
from bench.server.processor_time import TookTooLong, limited


def test_the_same_seed_makes_the_same_archives() -> None:
    first, again, other = ([one.archive(1000) for one in growth.cases(seed, 16)] for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("form", forms())
def test_nothing_that_grows_is_read_slowly(form: str) -> None:
    """In each format each kind once, as the same seed always makes it: `python -m bench growth --seed 1`."""
    cases = [case for case in growth.cases(1, len(forms()) * len(growth.KINDS)) if case.form == form]
    assert {case.kind for case in cases} == set(growth.KINDS)
    assert [outcome for case in cases if (outcome := growth.judged(case)).is_slow] == []


@pytest.mark.parametrize(
    ("half", "whole", "is_slow"),
    [(0.01, 0.2, False), (0.5, 1.0, False), (0.5, 2.0, True), (0.5, None, True), (None, None, True)],
)
def test_what_takes_the_square_of_its_length_is_slow(half: float | None, whole: float | None, is_slow: bool) -> None:
    assert growth.Outcome(0, "voc", "a line repeated", "a.xml", "b'x'", half, whole).is_slow == is_slow


def test_what_hangs_is_cut_off() -> None:
    with pytest.raises(TookTooLong), limited(0.1):
        sum(1 for _ in iter(int, 1))  # for ever
