"""The rule of the best checkpoint holds for any mAPs: it never goes back, and costs no more than what may be noise."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.contract import checkpoints
from detector.contract.checkpoints import MAY_BE_NOISE, Saved

# Close to each other, as where the rule must choose, and now and then one that wasn't measured.
PRECISIONS = st.lists(st.none() | st.integers(0, 40).map(lambda thousandths: 0.6 + thousandths / 1000), max_size=12)


def in_order(precisions: list[float | None], first: int = 1) -> list[Saved]:
    return [Saved(step, Path(str(step)), value) for step, value in enumerate(precisions, first)]


def highest(known: list[Saved]) -> float:
    return max((one.mean_precision for one in known if one.mean_precision is not None), default=0.0)


@pytest.mark.parametrize(
    ("precisions", "step"),
    [
        ([0.70, 0.695, 0.69], 3),
        ([0.70, 0.695, 0.686], 2),
        ([0.70, 0.695, 0.686, 0.692], 4),
        ([0.70, 0.65, 0.66], 1),
        ([0.70, 0.695, 0.72, None], 3),
    ],
    ids=["the newer, by a point", "small steps down", "and up again", "clearly worse", "one that wasn't measured"],
)
def test_what_may_be_noise_chooses_no_older_one(precisions, step) -> None:
    assert checkpoints.best(in_order(precisions)).step == step


@given(PRECISIONS)
def test_one_more_makes_that_one_the_best_or_changes_nothing(precisions) -> None:
    known = in_order(precisions)
    for count in range(1, len(known) + 1):
        best = checkpoints.best(known[:count])
        assert best in (checkpoints.best(known[: count - 1]), known[count - 1])
        assert best is None or checkpoints.is_as_good(best.mean_precision, highest(known[:count]))


@given(PRECISIONS)
def test_it_is_the_newest_of_those_that_are_as_good_as_the_highest(precisions) -> None:
    known = in_order(precisions)
    good = [one for one in known if one.mean_precision and one.mean_precision >= highest(known) - MAY_BE_NOISE - 1e-6]
    assert checkpoints.best(known) == (good[-1] if good else None)


@given(PRECISIONS, st.data())
def test_who_knows_the_best_and_the_highest_chooses_like_who_knows_all(precisions, data) -> None:
    known = in_order(precisions)
    count = data.draw(st.integers(0, len(known)))
    before, seen = checkpoints.best(known[:count]), highest(known[:count])
    # The newest has its files as well, and counts again.
    kept = {one.step: one for one in (before, *known[:count][-1:]) if one}
    assert checkpoints.best([*kept.values(), *known[count:]], seen) == checkpoints.best(known)


@given(PRECISIONS)
def test_the_best_of_now_and_of_one_checkpoint_ago_keep_their_files(precisions) -> None:
    known, kept = in_order(precisions), set()
    for count in range(1, len(known) + 1):
        kept = (kept | {known[count - 1].folder}) & checkpoints.wanted(known[:count], 0.0)
        for best in (checkpoints.best(known[:count]), checkpoints.best(known[: count - 1])):
            assert best is None or best.folder in kept


@pytest.mark.parametrize(
    ("of_parent", "own", "step"),
    [(0.70, 0.69, 2), (0.70, 0.68, 1), (0.70, 0.75, 2), (None, 0.1, 2), (0.1, None, 1)],
    ids=["hardly better", "clearly better", "worse", "not measured", "of one that wasn't measured"],
)
def test_a_parents_model_must_be_clearly_better(of_parent, own, step) -> None:
    parents, child = in_order([of_parent, own])
    assert checkpoints.best_with_parents(child, parents).step == step


@given(PRECISIONS, st.floats(0.6, 0.64))
def test_with_a_parent_too_no_more_than_noise_is_lost(precisions, of_parent) -> None:
    parents, *own = in_order([of_parent, *precisions])
    best = checkpoints.best_with_parents(checkpoints.best(own), parents)
    assert checkpoints.is_as_good(best.mean_precision, highest([parents, *own]))


def test_what_is_left_after_a_loss_is_chosen_by_its_map_until_it_is_as_good() -> None:
    """0.9 is lost."""
    assert checkpoints.best(in_order([0.5, 0.495, 0.8, 0.795]), highest=0.9).step == 3
    assert checkpoints.best(in_order([0.5, 0.895, 0.892]), highest=0.9).step == 3
