"""Two people's changes of one box: nothing that only one of them changed is lost, and nothing is decided for them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from videos.labeling.merging import Look, Outcome, merged, merged_mark

BOX = Look(label=1, corners=(10, 10, 50, 50), origin="drawn")
MOVED = replace(BOX, corners=(12, 10, 52, 50))

looks = st.builds(
    Look,
    label=st.integers(1, 2),
    corners=st.sampled_from([(0, 0, 9, 9), (5, 5, 20, 20), (7, 5, 22, 20)]),
    origin=st.sampled_from(["drawn", "tracked"]),
    confirmed=st.booleans(),
    track=st.sampled_from(["", "a"]),
)
boxes = st.none() | looks


def test_one_moves_it_while_the_other_gives_it_another_label() -> None:
    found = merged(seen=BOX, wanted=MOVED, now=replace(BOX, label=2))
    assert (found.outcome, found.look) == (Outcome.WRITE, replace(MOVED, label=2))


def test_both_move_it_and_a_person_decides() -> None:
    theirs = replace(BOX, corners=(10, 10, 90, 90))
    assert merged(BOX, MOVED, theirs).outcome is Outcome.CONFLICT
    assert merged(BOX, None, theirs).outcome is Outcome.CONFLICT
    assert merged(BOX, MOVED, None).outcome is Outcome.CONFLICT


def test_a_change_that_is_sent_again_is_kept_once() -> None:
    assert merged(BOX, MOVED, MOVED).outcome is Outcome.KEEP
    assert merged(None, BOX, BOX).outcome is Outcome.KEEP
    assert merged(BOX, None, None).outcome is Outcome.KEEP


def test_a_person_decides_over_a_tracker_that_has_moved_its_box_since() -> None:
    seen = replace(BOX, origin="tracked", confirmed=False, track="a")
    now = replace(seen, corners=(11, 11, 51, 51))
    put_right = replace(MOVED, track="a")
    assert merged(seen, put_right, now) == merged(now, put_right, now)
    assert merged(seen, None, now).outcome is Outcome.DELETE
    seen_and_confirmed = replace(seen, confirmed=True)
    assert merged(seen, seen_and_confirmed, now).look == seen_and_confirmed, "what wasn't seen isn't confirmed"
    assert merged(seen, replace(seen, label=2), now).look == replace(now, label=2)
    confirmed_by_another = replace(now, confirmed=True)
    assert merged(seen, put_right, confirmed_by_another).outcome is Outcome.CONFLICT


@given(seen=boxes, wanted=boxes)
def test_alone_everybody_gets_what_they_want(seen: Look | None, wanted: Look | None) -> None:
    assert merged(seen, wanted, seen).look == wanted


@given(seen=boxes, wanted=boxes, now=boxes)
def test_what_somebody_changed_is_there_or_a_person_is_asked(seen, wanted, now) -> None:
    found = merged(seen, wanted, now)
    if found.outcome is Outcome.CONFLICT:
        assert found.look == now
        return
    if not (seen and wanted and now):
        return
    if wanted.is_set and not (seen.is_set or now.is_set):
        now = replace(now, corners=seen.corners)  # which a program moved
    for part in ("label", "corners", "track"):
        ours, theirs, before = (getattr(look, part) for look in (wanted, now, seen))
        assert getattr(found.look, part) == (ours if ours != before else theirs)


@given(seen=boxes, wanted=boxes, now=boxes)
def test_sent_twice_it_does_nothing_more(seen, wanted, now) -> None:
    first = merged(seen, wanted, now)
    if first.outcome is not Outcome.CONFLICT:
        assert merged(seen, wanted, first.look).look == first.look


@given(seen=st.booleans(), wanted=st.booleans(), now=st.booleans())
def test_a_mark_that_nobody_touched_stays(seen: bool, wanted: bool, now: bool) -> None:
    assert merged_mark(seen, wanted, now) == (wanted if wanted != seen else now)
