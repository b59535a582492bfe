"""A program has boxes followed through a video, and confirms what a tracker found."""

from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from ftcml.accounts.models import Team
from tests.factories import BoxFactory, VideoFactory, VideoFrameFactory
from videos.models import Box, Track, Tracking, Video

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_often_as_one_likes")]


@pytest.fixture
def box(team: Team) -> Box:
    video = VideoFactory(team=team, frames_done=3)
    frames = [VideoFrameFactory(video=video, number=number) for number in range(3)]
    return BoxFactory(frame=frames[0])


def test_a_box_is_followed_until_someone_stops_it(box: Box, member_api: APIClient) -> None:
    address = f"/api/v1/videos/{box.frame.video_id}/"
    seen = member_api.get(f"{address}frames/0/").json()["boxes"][0]
    run = member_api.post(f"{address}trackings/", {"frame": 0, "boxes": [seen["key"]]}, format="json").json()
    assert (run["state"], run["objects"][0]["first"], run["frames_total"]) == ("RUNNING", 0, 2)
    assert member_api.get(f"{address}frames/0/").json()["boxes"][0]["track"] == run["objects"][0]["track"]
    assert member_api.get(f"{address}trackings/").json()["count"] == 1
    assert member_api.post(f"{address}trackings/{run['id']}/stop/").status_code == 200
    assert Tracking.objects.get().stop_asked
    nothing = member_api.post(f"{address}trackings/", {"frame": 1, "boxes": [str(uuid4())]}, format="json")
    assert nothing.status_code == 400


def test_an_object_is_confirmed_through_frames(box: Box, member_api: APIClient) -> None:
    track, video = Track.objects.create(video=box.frame.video), box.frame.video
    for frame in video.frames.all():
        BoxFactory(frame=frame, label=box.label, track=track, origin=Box.Origin.TRACKED, confirmed=False)
    change = {"action": "confirm", "tracks": [str(track.pk)], "frame": 0, "last": 1, "finish": True}
    answer = member_api.post(f"/api/v1/videos/{video.pk}/tracks/", change, format="json")
    assert answer.json() == {"frames": [0, 1]}
    assert list(video.frames.order_by("number").values_list("finished", flat=True)) == [True, True, False]


def test_the_sample_is_made_once_and_frames_are_chosen_again_only_where_they_can_be(
    box: Box, member_api: APIClient
) -> None:
    first, again = (member_api.post("/api/v1/videos/sample/").json() for _ in range(2))
    assert (first["id"], Video.objects.filter(kind="sample").count()) == (again["id"], 1)
    choice = {"frames": "every_nth", "every": 3}
    address = f"/api/v1/videos/{box.frame.video_id}/extract-again/"
    assert member_api.post(address, choice, format="json").status_code == 400
