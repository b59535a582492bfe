"""Two people label one frame over a network that cuts: what either did is there, or they were asked, in any order."""

import uuid
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ftcml.accounts.models import User
from tests.factories import BoxFactory, LabelFactory, UserFactory, VideoFrameFactory
from videos.labeling import saving
from videos.labeling.edits import BoxEdit, FrameEdit, GivenLook
from videos.models import Frame

pytestmark = pytest.mark.django_db

# A box that both see at the beginning, and one that isn't there yet.
THERE = [uuid.UUID(int=1)]
KEYS = [*THERE, uuid.UUID(int=2)]
Boxes = dict[uuid.UUID, GivenLook]


@dataclass
class Browser:
    """A person's page: what it knows of the server, and what isn't saved yet."""

    person: User
    known: Boxes = field(default_factory=dict)
    waiting: list[BoxEdit] = field(default_factory=list)
    asked: set[uuid.UUID] = field(default_factory=set)

    def shown(self) -> Boxes:
        boxes = dict(self.known)
        for edit in self.waiting:
            if edit.after:
                boxes[edit.key] = edit.after
            else:
                boxes.pop(edit.key, None)
        return boxes

    def change(self, key: uuid.UUID, look: GivenLook | None) -> None:
        before = self.shown().get(key)
        if before != look:
            self.waiting.append(BoxEdit(key, before, look))

    def send(self, frame: Frame, comes_back: bool) -> None:
        """Send what waits, as one edit for each box. Without an answer it waits on, to be sent once more."""
        joined: dict[uuid.UUID, BoxEdit] = {}
        for edit in self.waiting:
            joined[edit.key] = replace(edit, before=joined.get(edit.key, edit).before)
        saved = saving.save(frame.video, self.person, [FrameEdit(frame.number, list(joined.values()))])
        if not comes_back:
            return
        now = stored(frame)
        told = {conflict.key for conflict in saved.conflicts}
        for key, edit in joined.items():
            assert key in told or is_done(edit, now.get(key))
        self.asked |= told
        self.known, self.waiting = now, []


def is_done(edit: BoxEdit, now: GivenLook | None) -> bool:
    """Whether what a person changed of a box is so now."""
    if edit.before is None or edit.after is None or now is None:
        return now == edit.after or edit.before == edit.after
    parts = ("corners", "label")
    return all(
        getattr(now, part) == getattr(edit.after, part)
        for part in parts
        if getattr(edit.before, part) != getattr(edit.after, part)
    )


def stored(frame: Frame) -> Boxes:
    return {
        box.key: GivenLook(
            box.label_id, box.label.name, (box.xmin, box.ymin, box.xmax, box.ymax), box.origin, box.confirmed, None
        )
        for box in frame.boxes.select_related("label")
    }


boxes = st.builds(
    lambda label, left: (label, (left, 5.0, left + 20, 50.0)), st.integers(0, 1), st.sampled_from([0.0, 30.0, 60.0])
)
actions = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.one_of(
            st.tuples(st.just("change"), st.sampled_from(KEYS), st.none() | boxes),
            st.tuples(st.just("send"), st.booleans()),
            st.tuples(st.just("look")),
        ),
    ),
    min_size=5,
    max_size=12,
)


@given(played=actions)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_a_person_did_is_lost_unseen(played) -> None:
    frame = VideoFrameFactory()
    labels = [LabelFactory(team=frame.video.team, name=name) for name in ("cone", "ball")]
    for key in THERE:
        BoxFactory(frame=frame, key=key, label=labels[0], xmin=0, ymin=5, xmax=20, ymax=50)
    people = [Browser(UserFactory(), stored(frame)) for _ in range(2)]
    drawn, deleted = set(THERE), set()
    for who, (what, *told) in played:
        browser = people[who]
        if what == "change":
            key, box = told
            label = labels[box[0]] if box else None
            look = GivenLook(label.pk, label.name, box[1], "drawn", True, None) if label else None
            (drawn if look else deleted).add(key)
            browser.change(key, look)
        elif what == "send":
            browser.send(frame, comes_back=told[0])
        elif not browser.waiting:
            browser.known = stored(frame)
    for browser in people:
        browser.send(frame, comes_back=True)
    now = stored(frame)
    assert drawn - deleted <= set(now)
    assert set(now) <= drawn
    before = dict(now)
    for browser in people:
        browser.send(frame, comes_back=True)
    assert stored(frame) == before
