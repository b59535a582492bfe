"""Two people with old pages change one object while a tracker writes: no box that one of them set is lost."""

import uuid
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import LabelFactory, UserFactory, VideoFactory, VideoFrameFactory
from videos.labeling import changes, saving
from videos.labeling.edits import BoxEdit, FrameEdit, GivenLook, Mark
from videos.labeling.tracks import objects, rewriting
from videos.labeling.tracks.rewriting import Change, Place, key_of
from videos.labeling.which_frames import LABELED
from videos.models import Box, Track, Video
from videos.refusals import VideoRefused

pytestmark = pytest.mark.django_db
FRAMES = 6
Places = set[tuple[int, uuid.UUID]]
Known = dict[tuple[int, uuid.UUID], GivenLook]

numbers, people, tracks = st.integers(0, FRAMES - 1), st.integers(0, 1), st.integers(0, 1)
acts = st.one_of(
    st.tuples(st.just("set"), people, numbers, tracks, st.sampled_from([0.0, 30.0, 60.0])),
    st.tuples(st.just("delete"), people, numbers, tracks),
    st.tuples(st.just("finish"), people, numbers),
    st.tuples(st.just("look"), people),
    st.tuples(st.sampled_from(["end", "split"]), people, numbers, tracks),
    st.tuples(st.just("merge"), people),
    st.tuples(st.just("confirm"), people, numbers, numbers),
    st.tuples(st.just("track"), numbers, tracks, st.sampled_from([5.0, 35.0])),
)


def stored(video: Video) -> Known:
    return {
        (box.frame.number, box.key): GivenLook(
            box.label_id, "cone", (box.xmin, box.ymin, box.xmax, box.ymax), box.origin, box.confirmed, box.track_id
        )
        for box in Box.objects.filter(frame__video=video).select_related("frame")
    }


class Room:
    """A video with two objects, and two pages of it that know what they last looked at."""

    def __init__(self) -> None:
        self.video = VideoFactory()
        for number in range(FRAMES):
            VideoFrameFactory(video=self.video, number=number)
        self.label = LabelFactory(team=self.video.team, name="cone")
        self.tracks = [Track.objects.create(video=self.video).pk for _ in range(2)]
        self.people = [UserFactory(), UserFactory()]
        self.known: list[Known] = [{}, {}]
        # Places of boxes that a person set, until somebody took them away.
        self.kept: Places = Places()

    def act(self, what: str, *told) -> None:
        with suppress(VideoRefused):  # told in words
            getattr(self, what)(*told)

    def look(self, who: int) -> None:
        self.known[who] = stored(self.video)

    def save(self, who: int, edit: FrameEdit) -> None:
        """Send it twice, as after a lost answer. Who sees the answer knows the frame."""
        first = saving.save(self.video, self.people[who], [edit])
        once = stored(self.video)
        again = saving.save(self.video, self.people[who], [edit])
        assert stored(self.video) == once
        assert [one.key for one in first.conflicts] == [one.key for one in again.conflicts]
        told = {one.key for one in first.conflicts}
        for box in edit.boxes:
            place = (edit.frame, box.key)
            if box.key in told:
                continue
            if box.after:
                assert once[place].corners == box.after.corners
                self.kept.add(place)
            else:
                assert place not in once
                self.kept.discard(place)
        self.known[who] = {place: look for place, look in self.known[who].items() if place[0] != edit.frame}
        self.known[who] |= {place: look for place, look in once.items() if place[0] == edit.frame}

    def seen(self, who: int, number: int, track: int) -> tuple[uuid.UUID, GivenLook] | None:
        boxes = ((place[1], look) for place, look in self.known[who].items() if place[0] == number)
        return next(((key, look) for key, look in boxes if look.track == self.tracks[track]), None)

    def set(self, who: int, number: int, track: int, left: float) -> None:
        corners = (left, 5.0, left + 20, 50.0)
        drawn = GivenLook(self.label.pk, "cone", corners, "drawn", True, self.tracks[track])
        key, before = self.seen(who, number, track) or (uuid.uuid4(), None)
        self.save(who, FrameEdit(number, [BoxEdit(key, before, drawn)]))

    def delete(self, who: int, number: int, track: int) -> None:
        if found := self.seen(who, number, track):
            self.save(who, FrameEdit(number, [BoxEdit(found[0], found[1], None)]))

    def finish(self, who: int, number: int) -> None:
        self.save(who, FrameEdit(number, finished=Mark(False, True)))

    def end(self, who: int, number: int, track: int) -> None:
        self.gone(objects.end_here(self.video, self.people[who], self.tracks[track], number))

    def split(self, who: int, number: int, track: int) -> None:
        self.gone(objects.split(self.video, self.people[who], self.tracks[track], number))

    def merge(self, who: int) -> None:
        self.gone(objects.merge(self.video, self.people[who], *self.tracks))

    def confirm(self, who: int, first: int, last: int) -> None:
        self.gone(objects.confirm(self.video, self.people[who], self.tracks, first, last, finish=True))

    def gone(self, made: rewriting.Changes) -> None:
        """What an act takes away it tells, so that it can be undone."""
        self.kept -= {(change.place.number, change.place.key) for change in made.boxes if change.after is None}

    def track(self, number: int, track: int, left: float) -> None:
        """A tracker writes a box where no person has set one."""
        there = Box.objects.filter(frame__video=self.video, frame__number=number, track=self.tracks[track]).first()
        if there and (there.confirmed or there.origin == Box.Origin.DRAWN):
            return
        key = there.key if there else key_of(self.tracks[track], number)
        look = rewriting.Look(
            self.label.pk, (left, 5.0, left + 20, 50.0), Box.Origin.TRACKED.value, False, str(self.tracks[track])
        )
        rewriting.write(self.video, changes.next_number(self.video.pk), [Change(Place(number, key), None, look)])


@given(played=st.lists(acts, min_size=4, max_size=14))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_box_that_a_person_set_is_lost_and_no_finished_frame_has_an_open_one(played) -> None:
    room = Room()
    for what, *told in played:
        room.act(what, *told)
        now = stored(room.video)
        assert room.kept <= set(now), what
        finished = room.video.frames.filter(LABELED)
        assert not finished.filter(boxes__confirmed=False).exists(), what
