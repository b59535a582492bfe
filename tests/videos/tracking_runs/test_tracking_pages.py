"""What the label page asks of trackers and objects, and what it is told."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from ftcml.accounts.models import Team, User
from tests.factories import BoxFactory, LabelFactory, VideoFactory, VideoFrameFactory
from tests.videos.tracking_runs.moving import Pictures, follow, lefts
from videos.models import Box, Track, TrackedObject, Tracking, Video
from videos.tracking_runs import run_leases

pytestmark = pytest.mark.django_db
FRAMES = 8


@pytest.fixture
def video(team: Team, monkeypatch) -> Video:
    monkeypatch.setattr(run_leases, "wake_worker", lambda: None)
    video = VideoFactory(team=team)
    for number in range(FRAMES):
        VideoFrameFactory(video=video, number=number)
    label = LabelFactory(team=team, name="cone")
    for left in (10, 200):
        BoxFactory(frame=video.frames.get(number=0), label=label, xmin=left, xmax=left + 50)
    return video


@pytest.fixture
def page(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


def post(page: Client, video: Video, name: str, given: dict, *more: object) -> tuple[int, dict]:
    answer = page.post(reverse(name, args=[video.pk, *more]), json.dumps(given), content_type="application/json")
    return answer.status_code, answer.json()


def start(page: Client, video: Video, *boxes: Box, tracker: str = "automatic") -> tuple[int, dict]:
    given = {"frame": 0, "boxes": [str(box.key) for box in boxes], "tracker": tracker}
    return post(page, video, "video-tracking-start", given)


def state(page: Client, video: Video, since: int = 0) -> dict:
    return page.get(reverse("video-tracking", args=[video.pk]), {"since": since}).json()


def test_a_page_sees_boxes_as_they_come_and_what_to_undo(page: Client, video: Video) -> None:
    status, begun = start(page, video, *Box.objects.all())
    assert status == 200
    seen: list[dict] = []
    follow(Pictures(dark={5}, then={3: lambda: seen.append(state(page, video))}))
    assert [one["at"] for one in seen[0]["runs"][0]["objects"]] == [2, 2]
    told = state(page, video, since=seen[0]["changes"])
    (run,) = told["runs"]
    assert (run["id"], run["mine"], run["running"]) == (begun["run"], True, False)
    assert {(one["ending"], one["lost"]) for one in run["objects"]} == {("lost", 5)}
    assert run["objects"][0]["words"].startswith("cone: lost in frame 6. Put its box there")
    assert [frame["number"] for frame in told["frames"]] == [3, 4]

    edits = page.get(reverse("video-tracking-edits", args=[video.pk, run["id"]])).json()["edits"]
    assert [edit["frame"] for edit in edits] == [*range(5)]
    turned = [
        {**edit, "boxes": [{**box, "before": box["after"], "after": box["before"]} for box in edit["boxes"]]}
        for edit in edits
    ]
    status, saved = post(page, video, "video-label-save", {"edits": turned})
    assert (status, saved["conflicts"], list(lefts(video))) == (200, [], [0])


def test_what_is_refused_comes_back_as_a_sentence(page: Client, video: Video) -> None:
    status, answer = start(page, video, Box(key=uuid.uuid4()))
    assert (status, answer["detail"]) == (400, "Select the boxes to track, then click Track.")
    given = {"action": "split", "tracks": [str(uuid.uuid4())], "frame": 3}
    status, answer = post(page, video, "video-track-change", given)
    assert (status, answer["detail"]) == (400, "That object isn't there anymore. Select another one.")
    assert post(page, video, "video-track-change", {"action": "eat"})[0] == 400


def test_progress_asks_the_same_questions_for_any_number_of_objects(
    page: Client, video: Video, django_assert_num_queries
) -> None:
    counts = []
    for box in Box.objects.all():
        start(page, video, box)
        with django_assert_num_queries(17, exact=False) as asked:
            state(page, video)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_run_is_stopped_by_its_team(page: Client, video: Video) -> None:
    _, begun = start(page, video, Box.objects.first())
    assert post(page, video, "video-tracking-stop", {}, begun["run"]) == (200, {})
    follow()
    assert TrackedObject.objects.get().ending == TrackedObject.Ending.ASKED
    assert Tracking.objects.get().state == Tracking.State.ENDED


def test_an_object_is_confirmed_and_its_edits_undo_that(page: Client, video: Video) -> None:
    track = Track.objects.create(video=video)
    for number in range(1, 4):
        frame = video.frames.get(number=number)
        BoxFactory(frame=frame, label=video.team.labels.get(), track=track, origin="tracked", confirmed=False)
    given = {"action": "confirm", "tracks": [str(track.pk)], "frame": 1, "last": 3, "finish": True}
    status, answer = post(page, video, "video-track-change", given)
    assert (status, [edit["finished"] for edit in answer["edits"]]) == (200, [{"before": False, "after": True}] * 3)
    assert all(frame["finished"] for frame in answer["frames"])
