"""An object is followed from a box on, until it is lost, comes to the next keyframe, or a person says stop."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from ftcml.accounts.models import Team, User
from ftcml.core.lease import LeaseLost
from tests.factories import BoxFactory, LabelFactory, UserFactory, VideoFactory, VideoFrameFactory
from tests.videos.tracking_runs.moving import Pictures, follow, lefts
from videos.labeling import saving
from videos.labeling.edits import BoxEdit, FrameEdit, GivenLook
from videos.labeling.tracks import objects
from videos.messages import tracking_words
from videos.models import Box, Track, TrackedObject, Tracking, Video
from videos.refusals import VideoRefused
from videos.tracking_runs import run_edits, run_leases, run_list, starting
from videos.tracking_runs.guides import ByTracker
from videos.tracking_runs.run_writing import RunWriter

pytestmark = pytest.mark.django_db
FRAMES = 12


@pytest.fixture(autouse=True)
def woken(monkeypatch) -> list[bool]:
    calls: list[bool] = []
    monkeypatch.setattr(run_leases, "wake_worker", lambda: calls.append(True))
    return calls


@pytest.fixture
def person(db) -> User:
    return UserFactory()


@pytest.fixture
def video(team: Team) -> Video:
    video = VideoFactory(team=team)
    for number in range(FRAMES):
        VideoFrameFactory(video=video, number=number)
    LabelFactory(team=team, name="cone")
    return video


def drawn(video: Video, number: int = 0, left: float = 10, track: Track | None = None, **fields: object) -> Box:
    frame, label = video.frames.get(number=number), video.team.labels.get()
    return BoxFactory(frame=frame, label=label, xmin=left, xmax=left + 20, track=track, **fields)


def begin(video: Video, person: User, *boxes: Box, tracker: str = "automatic") -> Tracking:
    return starting.start(video, person, boxes[0].frame.number, [box.key for box in boxes], tracker)


def endings(run: Tracking) -> list[tuple[str, int]]:
    return list(run.followed.values_list("ending", "at"))


def correct(video: Video, person: User, number: int, left: float) -> None:
    """The person sets the object's box in a frame."""
    box = Box.objects.select_related("label").filter(frame__video=video, frame__number=number).last()
    corners = (box.xmin, box.ymin, box.xmax, box.ymax)
    before = GivenLook(box.label_id, box.label.name, corners, box.origin, box.confirmed, box.track_id)
    after = replace(before, corners=(left, 20, left + 20, 80), origin="drawn", confirmed=True)
    assert saving.save(video, person, [FrameEdit(number, [BoxEdit(box.key, before, after)])]).conflicts == []


def test_boxes_are_followed_to_the_last_frame(video, person, django_capture_on_commit_callbacks, woken) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run = begin(video, person, drawn(video), drawn(video, left=100))
    assert woken == [True]
    assert endings(follow()) == [("last_frame", FRAMES - 1)] * 2
    one, other = (row.track for row in run.followed.all())
    assert lefts(video, track=one) == {number: 10 + 5 * number for number in range(FRAMES)}
    assert len(lefts(video, track=other)) == FRAMES
    made = Box.objects.filter(track=one, frame__number__gt=0)
    assert set(made.values_list("origin", "confirmed", "score")) == {("tracked", False, 0.9)}
    run.refresh_from_db()
    assert (run.state, run.frames_done, run.lease_until) == ("ENDED", 2 * (FRAMES - 1), None)


def test_one_that_is_lost_stops_there_and_the_other_goes_on(video, person) -> None:
    drawn(video, left=100)
    run = begin(video, person, drawn(video), drawn(video, left=630 - 5 * 6))
    follow()
    assert endings(run) == [("last_frame", FRAMES - 1), ("lost", 7)], "it left the picture"


def test_lost_then_corrected_then_continued(video, person) -> None:
    run = begin(video, person, drawn(video))
    follow(Pictures(dark={5}))
    assert endings(run) == [("lost", 4)]
    track = run.followed.get().track
    label = video.team.labels.get()
    look = GivenLook(label.pk, label.name, (100, 20, 120, 80), "drawn", True, track.pk)
    saving.save(video, person, [FrameEdit(6, [BoxEdit(uuid.uuid4(), None, look)])])
    assert lefts(video) == {0: 10, 1: 15, 2: 20, 3: 25, 4: 30, 5: 65, 6: 100}
    again = begin(video, person, Box.objects.get(frame__number=6))
    follow()
    assert endings(again) == [("last_frame", FRAMES - 1)]
    assert lefts(video)[11] == 125


def test_a_correction_behind_the_tracker_sends_it_back(video, person) -> None:
    run = begin(video, person, drawn(video))
    pictures = Pictures(then={8: lambda: correct(video, person, 4, 90)})
    follow(pictures)
    assert endings(run) == [("last_frame", FRAMES - 1)]
    found = lefts(video)
    assert [found[number] for number in (4, 5, 11)] == [90, 95, 125]
    assert [found[number] for number in (1, 2, 3)] == [30, 50, 70], "the way there is drawn after it"
    assert pictures.asked.count(5) == 2 * pictures.asked.count(10)


def test_a_run_that_continues_from_a_correction_knows_the_way_there(video, person, monkeypatch) -> None:
    begin(video, person, drawn(video))
    follow()
    correct(video, person, 4, 90)
    given: list[dict[int, tuple[float, ...]]] = []
    monkeypatch.setattr(ByTracker, "begin", lambda guide, number, corners, before: given.append(before) or {})
    monkeypatch.setattr(ByTracker, "find", lambda guide, number: None)
    begin(video, person, Box.objects.get(frame__number=4))
    follow()
    (before,) = given
    assert {number: left for number, (left, *_) in before.items()} == {0: 10, 1: 30, 2: 50, 3: 70}


def test_it_stops_at_the_next_keyframe_and_leads_to_it(video, person) -> None:
    track = Track.objects.create(video=video)
    first = drawn(video, track=track)
    drawn(video, 4, left=70, track=track)
    drawn(video, 1, left=500, track=track, origin="interpolated", confirmed=False)
    run = begin(video, person, first)
    follow()
    assert endings(run) == [("keyframe", 4)]
    assert lefts(video) == {0: 10, 1: 25, 2: 40, 3: 55, 4: 70}


def test_it_stops_before_a_frame_that_can_have_no_other_box(video, person, settings) -> None:
    settings.FRAME_MAX_BOXES = 2
    drawn(video, 6)
    run = begin(video, person, drawn(video), drawn(video, left=100))
    follow()
    assert endings(run) == [("last_frame", FRAMES - 1), ("full", 5)]
    assert video.frames.get(number=6).boxes.count() == 2
    assert "as many boxes as there can be" in tracking_words.ending("full", "cone", 5, [])


def test_it_stops_where_a_person_said_that_the_object_is_gone(video, person) -> None:
    track = Track.objects.create(video=video)
    box = drawn(video, track=track)
    objects.end_here(video, person, track.pk, 3)
    run = begin(video, person, box)
    follow()
    assert (endings(run), max(lefts(video))) == ([("gone", 2)], 2)


def test_an_end_behind_the_tracker_stops_it(video, person) -> None:
    run = begin(video, person, drawn(video))
    track = run.followed.get().track_id
    follow(Pictures(then={8: lambda: objects.end_here(video, person, track, 4)}))
    assert (endings(run), max(lefts(video))) == ([("gone", 3)], 3)


def test_a_split_behind_the_tracker_stops_it(video, person) -> None:
    run = begin(video, person, drawn(video))
    track = run.followed.get().track_id
    follow(Pictures(then={8: lambda: objects.split(video, person, track, 4)}))
    assert endings(run) == [("gone", 3)]
    assert (max(lefts(video, track=track)), max(lefts(video))) == (3, 7)


def test_an_end_in_the_middle_of_a_write_holds(video, person, monkeypatch) -> None:
    run = begin(video, person, drawn(video))
    track = run.followed.get().track_id

    def ended_meanwhile(writer: RunWriter) -> str:
        if run.followed.filter(at__gt=5, ending="").exists():
            objects.end_here(video, person, track, 4)
        return ""

    monkeypatch.setattr(RunWriter, "_why_stop", ended_meanwhile)
    follow(Pictures(dark={6, 7, 8}), looks_on=True)
    assert (endings(run), max(lefts(video))) == ([("gone", 3)], 3)


def test_what_is_deleted_or_merged_isnt_followed_any_more(video, person) -> None:
    run = begin(video, person, drawn(video, 5))
    track = run.followed.get().track_id
    follow(Pictures(then={8: lambda: objects.delete_from(video, person, track, 2)}))
    assert (run.followed.get().ending, lefts(video)) == ("gone", {})

    other = Track.objects.create(video=video)
    drawn(video, 2, track=other)
    run = begin(video, person, drawn(video, 5))
    track = run.followed.get().track_id
    follow(Pictures(then={8: lambda: objects.merge(video, person, other.pk, track)}))
    assert list(lefts(video, track=other)) == [*range(2, 8)]
    assert lefts(video, track=track) == {}


def test_where_an_object_wasnt_found_is_told_until_a_person_puts_or_ends_it(video, person) -> None:
    box = drawn(video)
    run = begin(video, person, box)
    follow(Pictures(dark={3, 8, 9, 10, 11}), looks_on=True)
    track = run.followed.get().track

    def standing() -> tuple[str, int, Sequence[int]]:
        (now,) = run_list.standings(run_list.of_video(video)).values()
        return now.ending, now.at, now.missing

    assert standing() == ("last_frame", 11, [3, 8, 9, 10, 11])
    drawn(video, 3, track=track)
    assert standing() == ("last_frame", 11, [8, 9, 10, 11])
    objects.end_here(video, person, track.pk, 8)
    assert standing() == ("gone", 7, [])


def test_one_that_is_lost_isnt_any_more_once_a_person_ends_it_there(video, person) -> None:
    run = begin(video, person, drawn(video))
    follow(Pictures(dark={5}))
    objects.end_here(video, person, run.followed.get().track_id, 5)
    (now,) = run_list.standings(run_list.of_video(video)).values()
    assert (now.ending, now.at) == ("gone", 4)


def test_a_run_is_undone_as_one_step(video, person) -> None:
    box = drawn(video)
    stale = drawn(video, 3, left=300, track=Track.objects.create(video=video), origin="tracked", confirmed=False)
    Box.objects.filter(pk=box.pk).update(track=stale.track)
    video.frames.filter(number=2).update(finished=True)
    run = begin(video, person, box)
    assert 3 not in lefts(video)
    run = follow()
    changed = run_edits.of_run(run)
    assert (changed.opened, len(changed.boxes)) == ([2], FRAMES)
    assert [change.before.corners[0] for change in changed.boxes if change.before] == [300]
    assert sum(change.after is None for change in changed.boxes) == 1, "what stood in its place had another key"


def test_what_a_person_corrected_midway_is_no_part_of_what_is_undone(video, person) -> None:
    box = drawn(video)
    stale = drawn(video, 4, left=300, track=Track.objects.create(video=video), origin="tracked", confirmed=False)
    Box.objects.filter(pk=box.pk).update(track=stale.track)
    run = begin(video, person, box)
    follow(Pictures(then={8: lambda: correct(video, person, 4, 90)}))
    changed = run_edits.of_run(run)
    assert {change.place.number for change in changed.boxes if change.after} == {1, 2, 3, *range(5, FRAMES)}


def test_a_worker_that_dies_while_it_looks_for_a_lost_object_leaves_that_to_the_next(video, person) -> None:
    run = begin(video, person, drawn(video))
    dark = set(range(4, 8))

    def other_worker() -> None:
        Tracking.objects.update(lease_until=timezone.now() - timedelta(days=1))
        assert follow(Pictures(dark), looks_on=True).followed.get().missing == sorted(dark)

    with pytest.raises(LeaseLost):
        follow(Pictures(dark, then={7: other_worker}), looks_on=True)
    assert endings(run) == [("last_frame", FRAMES - 1)]
    assert lefts(video) == {number: 10 + 5 * number for number in range(FRAMES) if number not in dark}


def test_stop_and_a_page_that_is_gone_stop_it(video, person, monkeypatch) -> None:
    run = begin(video, person, drawn(video))
    follow(Pictures(then={5: lambda: starting.stop(run)}))
    assert endings(run) == [("asked", 5)]
    assert len(lefts(video)) == 6

    other = begin(video, person, drawn(video, 7))

    def page_closed() -> None:
        later = timezone.now() + timedelta(seconds=121)
        monkeypatch.setattr("videos.tracking_runs.run_writing.clock.now", lambda: later)

    follow(Pictures(then={9: page_closed}))
    assert endings(other) == [("unattended", 9)]


def test_a_page_that_asks_keeps_its_runs_going(video, person, monkeypatch) -> None:
    run = begin(video, person, drawn(video))
    later = timezone.now() + timedelta(seconds=100)
    monkeypatch.setattr("ftcml.core.clock.now", lambda: later)
    starting.attend(video, UserFactory())
    run.refresh_from_db()
    assert run.seen < later
    starting.attend(video, person)
    run.refresh_from_db()
    assert run.seen == later


def test_a_worker_that_dies_leaves_the_rest_to_the_next_and_nothing_is_there_twice(video, person) -> None:
    run = begin(video, person, drawn(video))

    def other_worker() -> None:
        Tracking.objects.update(lease_until=timezone.now() - timedelta(days=1))
        assert endings(follow()) == [("last_frame", FRAMES - 1)]

    with pytest.raises(LeaseLost):
        follow(Pictures(then={6: other_worker}))
    assert Box.objects.count() == FRAMES
    assert lefts(video) == {number: 10 + 5 * number for number in range(FRAMES)}
    assert TrackedObject.objects.get(tracking=run).at == FRAMES - 1


def test_a_team_has_three_runs_at_once_and_an_object_one(video, person) -> None:
    boxes = [drawn(video, left=50 * place) for place in range(4)]
    begin(video, person, boxes[0])
    boxes[0].refresh_from_db()
    with pytest.raises(VideoRefused, match="being tracked already"):
        begin(video, person, boxes[0])
    for box in boxes[1:3]:
        begin(video, person, box)
    assert all(run_leases.claim_next() for _ in range(3))
    with pytest.raises(VideoRefused, match="Your team tracks 3 times at once already"):
        begin(video, person, boxes[3])


def test_what_cant_be_followed_is_refused(video, person) -> None:
    with pytest.raises(VideoRefused, match="Select the boxes"):
        starting.start(video, person, 0, [uuid.uuid4()], "automatic")
    with pytest.raises(VideoRefused, match="Choose a tracker"):
        begin(video, person, drawn(video), tracker="magic")
