"""The verdict on labeling under kills finds each kind of wrong in a made-up story, and nothing in a good one."""

from dataclasses import replace

import pytest

from bench.chaos.labeling.labeling_story import BoxNow, Followed, LabelingStory, RunNow
from bench.chaos.labeling.labeling_verdict import wrongs_of


def box(frame: int, key: str, origin: str = "tracked", track: str = "one") -> BoxNow:
    return BoxNow(frame, key, (10.0, 10.0, 50.0, 50.0), origin, origin == "drawn", track)


FIRST, GOAL = box(3, "first", "drawn"), box(9, "goal", "drawn")
DRAWN = {"first": FIRST, "goal": GOAL}
# It was followed from frame 3 to 6, was not found in 5, and the person has its box in 9 too.
FOLLOWED = Followed("one", 3, 6, "asked", (5,))
TRACKING = RunNow("the tracking", True, "", 2, False, (FOLLOWED,), was_stopped=True)
MODEL = RunNow("the run of a model", True, "", 1, False, (), (8, 8))
GOOD = LabelingStory((FIRST, box(4, "a"), box(6, "b"), GOAL, box(4, "p", "proposed", "")), (TRACKING, MODEL), (), ())


def without(key: str) -> LabelingStory:
    return replace(GOOD, boxes=tuple(one for one in GOOD.boxes if one.key != key))


def also(*boxes: BoxNow) -> LabelingStory:
    return replace(GOOD, boxes=(*GOOD.boxes, *boxes))


def with_runs(tracking: RunNow = TRACKING, model: RunNow = MODEL) -> LabelingStory:
    return replace(GOOD, runs=(tracking, model))


def test_nothing_is_wrong_with_a_good_story() -> None:
    assert list(wrongs_of(GOOD, DRAWN)) == []
    given_up = replace(TRACKING, reason="tracking_crashed", attempts=4)
    assert list(wrongs_of(with_runs(given_up), DRAWN)) == [], "it has died too often, and says so"


@pytest.mark.parametrize(
    ("story", "kind", "what"),
    [
        (without("goal"), "lost", "the box goal of frame 9, which a person drew"),
        (replace(without("goal"), boxes=(*without("goal").boxes, replace(GOAL, confirmed=False))), "lost", "and is"),
        (without("a"), "lost", "lack in 1 frames from 4 on"),
        (also(box(7, "c")), "recorded twice", "are behind its end"),
        (also(box(4, "again")), "recorded twice", "2 boxes of one are in frame 4"),
        (with_runs(replace(TRACKING, is_over=False)), "lost", "is stuck"),
        (with_runs(replace(TRACKING, is_held=True)), "lost", "still held"),
        (with_runs(replace(TRACKING, reason="tracking_crashed")), "lost", "ended after 2 attempts"),
        (with_runs(replace(TRACKING, objects=(replace(FOLLOWED, ending=""),))), "lost", "doesn't say"),
        (with_runs(replace(TRACKING, was_stopped=False)), "lost", "which nobody asked for"),
        (with_runs(model=replace(MODEL, frames=(5, 8))), "lost", "5 of 8 frames"),
        (replace(GOOD, halves=(4,)), "recorded twice", "frame 4 has other proposals"),
        (replace(GOOD, folders=("tracking-1-x",)), "files", "tracking-1-x is left"),
    ],
)
def test_each_wrong_is_found(story: LabelingStory, kind: str, what: str) -> None:
    found = list(wrongs_of(story, DRAWN))
    assert any(wrong.kind == kind and what in wrong.what for wrong in found), found
