"""Everything that changes the boxes of one frame, begun at the same moment by as many processes: nothing is lost."""

import uuid
from contextlib import suppress
from functools import partial

import pytest

from ftcml.accounts.models import Team
from tests.factories import BoxFactory, LabelFactory, UserFactory, VideoFactory, VideoFrameFactory
from tests.processes import at_once
from videos.labeling import labels, marking, proposing, saving
from videos.labeling.edits import BoxEdit, FrameEdit, GivenLook
from videos.labeling.tracks import objects
from videos.models import Box, Label, Track
from videos.refusals import VideoRefused
from videos.reviewing import comments

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def deleted_or_not(label: Label) -> None:
    with suppress(VideoRefused):  # a box was faster
        labels.delete(label)


def test_people_and_programs_change_one_frame_at_the_same_moment(team: Team) -> None:
    video = VideoFactory(team=team)
    frame, label = VideoFrameFactory(video=video, number=0), LabelFactory(team=team, name="cone")
    track = Track.objects.create(video=video)
    tracked = BoxFactory(frame=frame, label=label, track=track, origin=Box.Origin.TRACKED, confirmed=False)
    deleted = LabelFactory(team=team, name="gone")
    people = [UserFactory() for _ in range(3)]

    def edit(left: float, of: int) -> FrameEdit:
        look = GivenLook(of, "gone", (left, 200, left + 20, 220), "drawn", True, None)
        return FrameEdit(0, [BoxEdit(uuid.uuid4(), None, look)])

    box = proposing.Proposal(uuid.uuid4(), "cube", (300, 20, 400, 220), 0.9)
    answers = at_once(
        partial(saving.save, video, people[0], [edit(10, label.pk)]),
        partial(saving.save, video, people[1], [edit(40, deleted.pk)]),
        partial(deleted_or_not, deleted),
        partial(labels.rename, label, "Cone"),
        partial(proposing.propose, video, {frame.pk: proposing.FrameProposals([box])}),
        partial(objects.confirm, video, people[2], [track.pk], 0, 0),
        partial(comments.add, frame, people[2], "Look here."),
        partial(marking.set_ignored, frame, False, people[2]),
    )
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    frame.refresh_from_db()
    assert frame.version == 6, "each change counts"
    assert sorted(frame.boxes.values_list("xmin", "label__name")) == [
        (10, "Cone"), (tracked.xmin, "Cone"), (40, "gone"), (300, "cube"),
    ]  # fmt: skip
    assert frame.boxes.get(track=track).confirmed
