"""Objects through several frames: keyframes, what lies between them, and what is done with an object as a whole."""

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

from ftcml.accounts.models import Team, User
from tests.factories import BoxFactory, LabelFactory, UserFactory, VideoFactory, VideoFrameFactory
from videos.labeling import changes, saving
from videos.labeling.edits import BoxEdit, FrameEdit, GivenLook, GoneEdit, Mark
from videos.labeling.tracks import objects
from videos.models import Box, Frame, Track, Video
from videos.refusals import VideoRefused

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FRAMES = 21


@pytest.fixture
def person(db) -> User:
    return UserFactory()


@pytest.fixture
def video(team: Team) -> Video:
    video = VideoFactory(team=team)
    for number in range(FRAMES):
        VideoFrameFactory(video=video, number=number)
    return video


@pytest.fixture
def track(video: Video) -> Track:
    return Track.objects.create(video=video)


@pytest.fixture
def look(team: Team, track: Track) -> GivenLook:
    label = LabelFactory(team=team, name="cone")
    return GivenLook(label.pk, "cone", (0, 0, 20, 20), "drawn", True, track.pk)


@pytest.fixture
def save(video: Video, person: User, look: GivenLook) -> Callable[..., uuid.UUID]:
    """`save(number, left)`: the person sets the object's box in a frame, or takes it away (None)."""

    def edit(number: int, left: float | None, track: uuid.UUID | None = None) -> None:
        track = track or look.track
        stored = Box.objects.filter(frame__video=video, frame__number=number, track=track).first()
        before = stored and replace(
            look,
            corners=(stored.xmin, stored.ymin, stored.xmax, stored.ymax),
            origin=stored.origin,
            confirmed=stored.confirmed,
            track=track,
        )
        after = None if left is None else replace(look, corners=(left, 0, left + 20, 20), track=track)
        change = BoxEdit(stored.key if stored else uuid.uuid4(), before, after)
        assert saving.save(video, person, [FrameEdit(number, [change])]).conflicts == []

    return edit


def lefts(video: Video, track: uuid.UUID) -> dict[int, float]:
    boxes = Box.objects.filter(frame__video=video, track=track).order_by("frame__number")
    return {box.frame.number: round(box.xmin, 3) for box in boxes.select_related("frame")}


def tracked(video: Video, track: Track, numbers: range, left: float = 100) -> None:
    label = LabelFactory(team=video.team, name=f"label {uuid.uuid4()}") if not video.team.labels.exists() else None
    for number in numbers:
        BoxFactory(
            frame=video.frames.get(number=number),
            label=label or video.team.labels.first(),
            track=track,
            origin=Box.Origin.TRACKED,
            confirmed=False,
            xmin=left,
            ymin=0,
            xmax=left + 20,
            ymax=20,
        )


def test_boxes_between_two_keyframes_are_on_a_line_and_go_with_each_of_them(video, track, save) -> None:
    save(0, 0)
    save(4, 40)
    assert lefts(video, track.pk) == {0: 0, 1: 10, 2: 20, 3: 30, 4: 40}
    between = Box.objects.filter(origin=Box.Origin.INTERPOLATED)
    assert {(box.confirmed, box.label.name) for box in between} == {(False, "cone")}
    save(2, 60)
    assert lefts(video, track.pk) == {0: 0, 1: 30, 2: 60, 3: 50, 4: 40}
    moved = set(video.frames.filter(number__in=(1, 2, 3)).values_list("changed", flat=True))
    assert moved == {Frame.objects.get(video=video, number=4).changed + changes.A_CHANGE}
    save(4, None)
    assert lefts(video, track.pk) == {0: 0, 1: 30, 2: 60}


def test_a_finished_frame_gets_no_box_that_nobody_drew(video, track, save) -> None:
    video.frames.filter(number=2).update(finished=True)
    save(0, 0)
    save(4, 40)
    assert list(lefts(video, track.pk)) == [0, 1, 3, 4]
    assert video.frames.get(number=2).finished


def test_a_box_that_was_taken_away_stays_away_when_its_neighbors_move(video, track, save) -> None:
    save(0, 0)
    save(4, 40)
    save(2, None)
    save(4, 80)
    assert lefts(video, track.pk) == {0: 0, 1: 20, 3: 60, 4: 80}


def test_a_trackers_path_is_drawn_after_a_correction_and_back_by_undo(video, track, save, look, person) -> None:
    save(0, 100)
    tracked(video, track, range(1, 9))
    before = lefts(video, track.pk)
    save(4, 140)
    assert lefts(video, track.pk) == {0: 100, 1: 110, 2: 120, 3: 130, 4: 140, **dict.fromkeys(range(5, 9), 100)}
    box = Box.objects.get(frame__number=4, track=track)
    drawn, was = replace(look, corners=(140, 0, 160, 20)), replace(look, corners=(100, 0, 120, 20))
    was = replace(was, origin="tracked", confirmed=False)
    saving.save(video, person, [FrameEdit(4, [BoxEdit(box.key, drawn, was)])])
    assert lefts(video, track.pk) == before


def test_a_box_that_a_tracker_made_meanwhile_gives_way_to_the_one_a_person_puts(video, track, look, person) -> None:
    tracked(video, track, range(3))
    put = BoxEdit(uuid.uuid4(), None, replace(look, corners=(40, 0, 60, 20)))
    assert saving.save(video, person, [FrameEdit(1, [put])]).conflicts == []
    assert Box.objects.get(frame__number=1).key == put.key


def test_an_object_that_is_gone_isnt_between_frames(video, track, save, person) -> None:
    save(0, 0)
    save(4, 40)
    ended = objects.end_here(video, person, track.pk, 3)
    assert (lefts(video, track.pk), len(ended.boxes)) == ({0: 0, 1: 10, 2: 20, 4: 40}, 1)
    save(4, 80)
    assert 3 not in lefts(video, track.pk)
    undo = FrameEdit(3, gone=[GoneEdit(track.pk, True, False)])
    saving.save(video, person, [undo])
    track.refresh_from_db()
    assert track.gone_from == []


def test_an_object_is_split_and_merged_again(video, track, save, person) -> None:
    save(0, 0)
    save(10, 100)
    parted = objects.split(video, person, track.pk, 5)
    (other,) = {change.after.track for change in parted.boxes}
    assert (list(lefts(video, track.pk)), list(lefts(video, uuid.UUID(other)))) == ([*range(5)], [*range(5, 11)])
    Box.objects.filter(track=other, frame__number__lt=8).delete()
    joined = objects.merge(video, person, track.pk, uuid.UUID(other))
    assert lefts(video, track.pk) == {number: number * 10 for number in range(11)}
    assert sum(change.before is None for change in joined.boxes) == 3


def test_two_objects_that_a_person_set_in_one_frame_are_not_one(video, track, save, person) -> None:
    other = Track.objects.create(video=video)
    save(0, 0)
    save(0, 50, other.pk)
    with pytest.raises(VideoRefused, match="Both objects have a box in frame 1"):
        objects.merge(video, person, track.pk, other.pk)


def test_a_whole_stretch_is_confirmed_at_once_and_its_frames_are_finished_where_asked(
    video, track, save, person, django_assert_max_num_queries
) -> None:
    save(0, 0)
    save(10, 100)
    tracked(video, Track.objects.create(video=video), range(3, 5))
    with django_assert_max_num_queries(18):
        confirmed = objects.confirm(video, person, [track.pk], 0, 10, finish=True)
    assert len(confirmed.boxes) == 9
    assert not Box.objects.filter(track=track, confirmed=False).exists()
    assert confirmed.finished == [0, 1, 2, *range(5, 11)], "not where another object waits"
    assert Frame.objects.filter(video=video, finished=True).count() == 9


def test_a_keyframe_costs_the_same_however_long_its_stretch_is(
    video, track, save, person, look, django_assert_max_num_queries
) -> None:
    save(0, 0)
    with django_assert_max_num_queries(30):
        saving.save(video, person, [FrameEdit(20, [BoxEdit(uuid.uuid4(), None, look)], finished=Mark(False, False))])
    assert len(lefts(video, track.pk)) == FRAMES
