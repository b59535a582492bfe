"""Boxes of a frame: replaced as a whole, and never over a change that nobody saw."""

import pytest

from tests.factories import BoxFactory, UserFactory, VideoFrameFactory
from videos.labeling.marking import GivenBox, set_boxes
from videos.models import Activity
from videos.refusals import VideoRefused

pytestmark = pytest.mark.django_db


def test_boxes_are_replaced_and_cut_off_at_the_edges_of_the_frame():
    old = BoxFactory()
    frame = old.frame

    set_boxes(frame, [GivenBox("duck", -5, 10, 700, 300)], UserFactory(), finished=True)

    box = frame.boxes.get()
    assert (box.label.name, box.xmin, box.xmax) == ("duck", 0, frame.width)
    assert frame.finished
    assert frame.version == 1


def test_a_frame_that_another_person_changed_is_not_overwritten():
    frame = VideoFrameFactory()
    set_boxes(frame, [GivenBox("duck", 0, 0, 10, 10)], UserFactory(), finished=False, version=0)

    with pytest.raises(VideoRefused, match="Someone else changed this frame"):
        set_boxes(frame, [], UserFactory(), finished=True, version=0)

    assert frame.boxes.count() == 1


def test_a_box_without_an_area_is_refused_and_changes_nothing():
    old = BoxFactory(label__name="cone")

    with pytest.raises(VideoRefused, match="Box 1 has no area"):
        set_boxes(old.frame, [GivenBox("duck", 640, 0, 700, 10)], None, finished=True)

    assert old.frame.boxes.get() == old
    assert [label.name for label in old.label.team.labels.all()] == ["cone"]


def test_a_frame_is_not_finished_while_a_box_waits_for_a_look():
    frame = VideoFrameFactory()
    proposed = GivenBox("duck", 0, 0, 10, 10, origin="proposed", confirmed=False)

    with pytest.raises(VideoRefused, match="Box 2 isn't confirmed yet"):
        set_boxes(frame, [GivenBox("duck", 20, 0, 30, 10), proposed], None, finished=True)
    set_boxes(frame, [proposed], None, finished=False)

    assert [box.confirmed for box in frame.boxes.all()] == [False]


def test_an_imported_frame_keeps_more_boxes_than_people_may_draw(settings):
    settings.FRAME_MAX_BOXES = 2
    frame = BoxFactory.create_batch(3, frame=VideoFrameFactory())[0].frame
    boxes = [GivenBox("duck", 10 * place, 0, 10 * place + 5, 10) for place in range(4)]

    with pytest.raises(VideoRefused, match="A frame can have 2 boxes"):
        set_boxes(frame, boxes, None, finished=True)
    set_boxes(frame, boxes[:3], None, finished=True)

    assert frame.boxes.count() == 3


def test_labeling_ten_frames_is_one_entry_of_the_activity():
    person, first = UserFactory(), VideoFrameFactory()
    frames = [first, *(VideoFrameFactory(video=first.video) for _ in range(9))]

    for frame in frames:
        set_boxes(frame, [GivenBox("duck", 0, 0, 10, 10)], person, finished=True)

    entry = Activity.objects.get()
    assert (entry.person, entry.words) == (person, "Labeled 10 frames")
    assert first.video.team.labels.count() == 1
