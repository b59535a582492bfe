"""What people change in frames is saved once, merged with what others changed, and never over what nobody saw."""

import uuid
from dataclasses import replace

import pytest

from ftcml.accounts.models import Team, User
from tests.factories import BoxFactory, LabelFactory, UserFactory, VideoFactory, VideoFrameFactory
from videos.labeling import labels, saving
from videos.labeling.edits import BoxEdit, FrameEdit, GivenLook, Mark
from videos.models import Activity, Box, Frame, Track, Video

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def person(db) -> User:
    return UserFactory()


@pytest.fixture
def frame(team: Team) -> Frame:
    return VideoFrameFactory(video=VideoFactory(team=team))


@pytest.fixture
def cone(team: Team):
    return LabelFactory(team=team, name="cone")


@pytest.fixture
def look(cone) -> GivenLook:
    return GivenLook(cone.pk, "cone", (10, 20, 110, 220), "drawn", True, None)


def look_at(box: Box) -> GivenLook:
    corners = (box.xmin, box.ymin, box.xmax, box.ymax)
    return GivenLook(box.label_id, box.label.name, corners, box.origin, box.confirmed, box.track_id)


def drawn(frame: Frame, look: GivenLook) -> FrameEdit:
    return FrameEdit(frame.number, [BoxEdit(uuid.uuid4(), None, look)])


def test_a_box_is_drawn_once_however_often_it_is_sent(frame: Frame, person: User, look: GivenLook) -> None:
    edit = drawn(frame, look)
    for _ in range(3):
        assert saving.save(frame.video, person, [edit]).conflicts == []
    box = frame.boxes.get()
    assert (box.key, box.label.name, box.xmin, box.ymax) == (edit.boxes[0].key, "cone", 10, 220)
    frame.refresh_from_db()
    frame.video.refresh_from_db()
    assert (frame.version, frame.changed <= frame.video.changes) == (1, True)
    assert Activity.objects.get().words == "Labeled 1 frame"


def test_two_people_change_one_box_in_different_ways(frame: Frame, look: GivenLook, team: Team) -> None:
    box = BoxFactory(frame=frame, label_id=look.label)
    seen, ball = look_at(box), LabelFactory(team=team, name="ball")
    moved = replace(seen, corners=(1, 2, 30, 40))
    saving.save(frame.video, UserFactory(), [FrameEdit(frame.number, [BoxEdit(box.key, seen, moved)])])
    labeled = replace(seen, label=ball.pk, name="ball")
    saved = saving.save(frame.video, UserFactory(), [FrameEdit(frame.number, [BoxEdit(box.key, seen, labeled)])])
    assert saved.conflicts == []
    box.refresh_from_db()
    assert (box.label.name, box.xmin, box.ymax) == ("ball", 1, 40)


def test_what_both_move_stays_as_the_first_left_it_and_is_told(frame: Frame, look: GivenLook) -> None:
    box = BoxFactory(frame=frame, label_id=look.label)
    seen = look_at(box)
    first, second = (replace(seen, corners=(left, 2, 30, 40)) for left in (1, 5))
    saving.save(frame.video, UserFactory(), [FrameEdit(frame.number, [BoxEdit(box.key, seen, first)])])
    saved = saving.save(frame.video, UserFactory(), [FrameEdit(frame.number, [BoxEdit(box.key, seen, second)])])
    assert [(conflict.key, conflict.yours) for conflict in saved.conflicts] == [(box.key, second)]
    box.refresh_from_db()
    assert box.xmin == 1


def test_a_label_that_is_deleted_or_renamed_meanwhile_blocks_nothing(frame: Frame, person, cone, look, team) -> None:
    labels.rename(cone, "red cone")
    saving.save(frame.video, person, [drawn(frame, look)])
    assert frame.boxes.get().label.name == "red cone"
    frame.boxes.all().delete()
    labels.delete(cone)
    saving.save(frame.video, person, [drawn(frame, look)])
    assert frame.boxes.get().label.name == "cone"


def test_a_frame_is_finished_only_while_all_its_boxes_are_confirmed(frame: Frame, person, look) -> None:
    finish = FrameEdit(frame.number, finished=Mark(False, True))
    saving.save(frame.video, person, [finish])
    frame.refresh_from_db()
    assert frame.finished, "nothing here"
    proposed = replace(look, origin="proposed", confirmed=False)
    saving.save(frame.video, person, [drawn(frame, proposed)])
    frame.refresh_from_db()
    assert not frame.finished
    box = frame.boxes.get()
    accept = BoxEdit(box.key, look_at(box), replace(look_at(box), confirmed=True))
    saving.save(frame.video, person, [FrameEdit(frame.number, [accept], finished=Mark(False, True))])
    frame.refresh_from_db()
    assert frame.finished


def test_every_change_of_its_boxes_takes_a_review_back(frame: Frame, person, look) -> None:
    Frame.objects.update(review=Frame.Review.REVIEWED, finished=True)
    saving.save(frame.video, person, [drawn(frame, look)])
    frame.refresh_from_db()
    assert (frame.finished, frame.review) == (True, "")


def test_a_frame_that_is_gone_is_told_and_the_rest_is_saved(frame: Frame, person, look) -> None:
    saved = saving.save(frame.video, person, [replace(drawn(frame, look), frame=99), drawn(frame, look)])
    assert (saved.gone, saved.frames, frame.boxes.count()) == ([99], [frame.number], 1)


def test_a_box_without_an_area_in_the_frame_is_told(frame: Frame, person, look) -> None:
    outside = replace(look, corners=(-50, -50, 0, 0))
    saved = saving.save(frame.video, person, [drawn(frame, outside)])
    assert (len(saved.conflicts), frame.boxes.count()) == (1, 0)
    sliver = replace(look, corners=(frame.width - 0.3, 5, frame.width + 40, 50))
    assert len(saving.save(frame.video, person, [drawn(frame, sliver)]).conflicts) == 1, "it would be dropped later"
    saving.save(frame.video, person, [drawn(frame, replace(look, corners=(-50, 5, 9_999, 50)))])
    box = frame.boxes.get()
    assert (box.xmin, box.xmax) == (0, frame.width)


def test_a_track_of_another_video_is_not_taken(frame: Frame, person, look) -> None:
    other, own = Track.objects.create(video=VideoFactory()), uuid.uuid4()
    saving.save(frame.video, person, [drawn(frame, replace(look, track=key)) for key in (other.pk, own)])
    assert {box.track_id for box in frame.boxes.all()} == {None, own}
    assert Track.objects.get(pk=own).video == frame.video


def test_a_save_asks_the_same_questions_for_any_number_of_frames_and_boxes(
    frame: Frame, person, look, django_assert_max_num_queries
):
    frames = [frame, *(VideoFrameFactory(video=frame.video) for _ in range(20))]
    edits = [FrameEdit(one.number, [BoxEdit(uuid.uuid4(), None, look) for _ in range(5)]) for one in frames]
    ignored = [replace(drawn(one, look), ignored=Mark(False, True)) for one in frames[:5]]
    with django_assert_max_num_queries(20):
        saving.save(frame.video, person, [*edits, *ignored])
    assert Box.objects.count() == 5 * len(frames) + len(ignored)
    assert {entry.words for entry in Activity.objects.all()} == {"Labeled 21 frames", "Ignored 5 frames"}


def test_an_edit_may_name_a_box_or_a_frame_twice(frame: Frame, person, look) -> None:
    box = BoxFactory(frame=frame, label_id=look.label, score=0.5)
    seen, moved = look_at(box), replace(look_at(box), corners=(1, 2, 30, 40))
    twice = FrameEdit(frame.number, [BoxEdit(box.key, seen, None), BoxEdit(box.key, None, moved)])
    new = uuid.uuid4()
    there_and_gone = FrameEdit(frame.number, [BoxEdit(new, None, look), BoxEdit(new, look, None)])
    finished = FrameEdit(frame.number, [], finished=Mark(False, True))
    assert saving.save(frame.video, person, [twice, there_and_gone, finished]).conflicts == []
    assert [(one.key, one.xmin, one.score) for one in frame.boxes.all()] == [(box.key, 1, 0.5)]
    frame.refresh_from_db()
    assert (frame.version, frame.finished) == (1, True)


def test_a_frame_counts_once_in_a_persons_activity_whatever_others_do_meanwhile(frame, person, look) -> None:
    other, second = UserFactory(), VideoFrameFactory(video=frame.video)
    for _ in range(3):
        saving.save(frame.video, person, [drawn(frame, look)])
        saving.save(frame.video, other, [drawn(second, look)])
    saving.save(frame.video, person, [drawn(second, look)])
    told = {(entry.person, entry.words) for entry in Activity.objects.all()}
    assert told == {(person, "Labeled 2 frames"), (other, "Labeled 1 frame")}
    assert Activity.objects.count() == 2


def test_a_frame_holds_no_more_boxes_than_it_may(frame: Frame, person, look, settings) -> None:
    settings.FRAME_MAX_BOXES = 2
    edits = [FrameEdit(frame.number, [BoxEdit(uuid.uuid4(), None, look) for _ in range(3)])]
    saved = saving.save(frame.video, person, edits)
    assert (frame.boxes.count(), len(saved.conflicts)) == (2, 1)


def test_videos_count_their_own_changes(frame: Frame, person, look) -> None:
    other = VideoFrameFactory(video=VideoFactory(team=frame.video.team))
    saving.save(other.video, person, [drawn(other, look)])
    assert Video.objects.get(pk=frame.video_id).changes == 0
