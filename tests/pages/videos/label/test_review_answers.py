"""What the label page sends and gets when a second person looks at frames."""

import uuid

import pytest
from django.test import Client
from rest_framework.test import APIClient

from ftcml.accounts.models import Team, User
from ftcml.core import clock
from tests.factories import BoxFactory, UserFactory, VideoFactory, VideoFrameFactory
from videos.models import Assignment, Comment, Frame, Video
from videos.reviewing import reviews

pytestmark = pytest.mark.django_db


@pytest.fixture
def video(team: Team) -> Video:
    """Frames 0 to 3, all but the last labeled."""
    video = VideoFactory(team=team, frames_done=4)
    for number in range(4):
        VideoFrameFactory(video=video, number=number, finished=number < 3)
    return video


def frame(video: Video, number: int) -> Frame:
    return video.frames.get(number=number)


def test_labeled_frames_of_a_range_are_approved_and_taken_back(member_client: Client, video: Video) -> None:
    address = f"/videos/{video.pk}/label/approve/"
    told = member_client.post(address, {"first": 1, "last": 2**40, "review": "reviewed"}).json()
    assert told["count"] == 2
    assert [(one["number"], one["review"]) for one in told["frames"]] == [(1, "reviewed"), (2, "reviewed"), (3, "")]
    assert member_client.post(address, {"first": 2, "last": 2, "review": ""}).json()["frames"][0]["review"] == ""
    for wrong in ({"first": 1, "last": 2}, {"first": "x", "last": 2, "review": "reviewed"}):
        assert member_client.post(address, wrong).status_code == 400


def test_a_frame_is_sent_back_with_a_comment_that_is_resolved(coach_client: Client, video: Video) -> None:
    address = f"/videos/{video.pk}/frames/1"
    refused = coach_client.post(f"{address}/send-back/", {"text": " "})
    assert (refused.status_code, refused.json()["detail"]) == (400, "Enter a comment of 1 to 500 characters.")
    told = coach_client.post(f"{address}/send-back/", {"text": "<b>Cone</b> missing"}).json()["frames"][0]
    assert (told["finished"], told["review"], told["comments"]) == (False, "sent_back", 1)
    box = BoxFactory(frame=frame(video, 1), label__name="cone")
    for key in (box.key, uuid.uuid4(), "nonsense"):
        coach_client.post(f"{address}/comment/", {"text": "Too wide", "box": str(key)})
    part = coach_client.get(f"{address}/review/").content.decode()
    assert "&lt;b&gt;Cone&lt;/b&gt; missing" in part
    assert ("about a cone" in part, "about a box that's gone" in part) == (True, True)
    assert "Sent back</strong> by carla" in part
    resolve = f"{address}/comments/{Comment.objects.first().pk}/resolve/"
    assert coach_client.post(resolve, {"resolved": "yes"}).json()["frames"][0]["comments"] == 3
    assert "1 resolved" in coach_client.get(f"{address}/review/").content.decode()
    assert coach_client.post(resolve, {"resolved": "no"}).json()["frames"][0]["comments"] == 4
    assert coach_client.post(resolve.replace("frames/1", "frames/2")).status_code == 404


def test_a_coach_shares_frames_out_and_members_see_who_labels_what(
    coach_client: Client, member_client: Client, member: User, coach: User, video: Video
) -> None:
    dialog = f"/videos/{video.pk}/assign/"
    assert 'value="4"' in coach_client.get(dialog).content.decode()
    said = {"person": str(member.pk), "first": 2, "last": 4}
    assert coach_client.post(dialog, said).status_code == 204
    assert (Assignment.objects.get().first, Assignment.objects.get().last) == (1, 3)
    refused = coach_client.post(dialog, said | {"last": 5})
    assert (refused.status_code, "doesn&#x27;t have all of these frames" in refused.content.decode()) == (422, True)
    assert coach_client.post(dialog, said | {"person": str(UserFactory().pk)}).status_code == 422
    seen = member_client.get(f"/videos/{video.pk}/assignments/").content.decode()
    assert 'data-mine="[[1, 3]]"' in seen
    assert "2 of 3 labeled" in seen
    assert "Only coaches share frames out." in seen
    assert 'data-mine="[]"' in coach_client.get(f"/videos/{video.pk}/assignments/").content.decode()
    assert "Only coaches share frames out." in member_client.get(f"/videos/{video.pk}/").content.decode()
    remove = f"/videos/{video.pk}/assignments/{Assignment.objects.get().pk}/remove/"
    assert (member_client.get(dialog).status_code, member_client.post(remove).status_code) == (403, 403)
    assert coach_client.post(remove).status_code == 204
    assert not Assignment.objects.exists()


def test_the_page_of_a_video_narrows_by_review_and_the_tab_counts(
    member_client: Client, coach: User, video: Video
) -> None:
    reviews.approve(video, 0, 0, coach)
    reviews.send_back(frame(video, 1), coach, "Too wide")
    page = member_client.get(f"/videos/{video.pk}/?show=to-review").content.decode()
    for words in ("To review", "Reviewed", "Sent back"):
        assert f'{words} <span class="count">1</span>' in page
    (shown,) = member_client.get(f"/videos/{video.pk}/?show=sent-back").context["pictures"]
    assert shown.frame.number == 1
    assert "1 reviewed" in member_client.get("/videos/").content.decode()


def test_programs_review_comment_and_share_out(
    coach_api: APIClient, member_api: APIClient, member: User, video: Video
) -> None:
    address = f"/api/v1/videos/{video.pk}"
    said = member_api.patch(f"{address}/frames/0/", {"review": "reviewed"}, format="json").json()
    assert (said["review"], said["reviewed_by"]) == ("reviewed", "milo")
    unfinished = member_api.patch(f"{address}/frames/3/", {"review": "reviewed"}, format="json")
    assert (unfinished.status_code, "isn't labeled yet" in unfinished.json()["detail"]) == (400, True)
    assert member_api.patch(f"{address}/frames/0/", {"review": "sent_back"}, format="json").status_code == 400
    back = {"review": "sent_back", "comment": "Too wide"}
    assert member_api.patch(f"{address}/frames/0/", back, format="json").json()["finished"] is False
    (comment,) = member_api.get(f"{address}/frames/0/comments/").json()
    assert (comment["text"], comment["resolved"]) == ("Too wide", False)
    resolved = member_api.patch(f"{address}/frames/0/comments/{comment['id']}/", {"resolved": True}, format="json")
    assert resolved.json()["resolved"] is True
    assert member_api.post(f"{address}/frames/0/comments/", {"text": "Done"}, format="json").status_code == 201
    share = {"person": "milo", "first": 0, "last": 3}
    assert member_api.post(f"{address}/assignments/", share, format="json").status_code == 403
    (made,) = coach_api.post(f"{address}/assignments/", share, format="json").json()
    assert (made["person"], made["labeled"], made["unlabeled"]) == ("milo", 2, 2)
    assert coach_api.post(f"{address}/assignments/", share | {"person": "oscar"}, format="json").status_code == 400
    assert coach_api.delete(f"{address}/assignments/{made['id']}/").status_code == 204
    assert [one["number"] for one in member_api.get(f"{address}/frames/?show=unlabeled").json()["results"]] == [0, 3]


def test_statistics_are_shown_and_told(
    member_client: Client, member_api: APIClient, member: User, video: Video
) -> None:
    page = f"/videos/{video.pk}/statistics/"
    assert '<svg class="heat"' not in member_client.get(page).content.decode()
    for number in range(2):
        BoxFactory(frame=frame(video, number), label__name=f"cone {number}", person=member)
    BoxFactory(frame=frame(video, 2), xmin=0, ymin=0, xmax=640, ymax=9, label__name="line")
    shown = member_client.get(page).content.decode()
    assert "1 box of “line” is under 10 pixels" in shown
    assert "3 boxes in 3 labeled frames." in shown
    told = member_api.get(f"/api/v1/videos/{video.pk}/statistics/").json()
    assert (told["frames"], told["boxes"], told["objects"]) == (3, 3, [[1, 3]])
    assert {one["person"]: one["boxes"] for one in told["people"]} == {"milo": 2, "": 1}
    empty = VideoFactory(team=video.team)
    assert "Label some first." in member_client.get(f"/videos/{empty.pk}/statistics/").content.decode()


def test_the_statistics_of_all_videos_count_those_of_the_team_alone(
    member_client: Client, member_api: APIClient, outsider_client: Client, member: User, video: Video
) -> None:
    other, trashed = VideoFactory(team=video.team), VideoFactory(team=video.team, trashed_at=clock.now())
    for one in (video, other, trashed):
        number = one.frames.count()
        BoxFactory(
            frame=VideoFrameFactory(video=one, number=number, finished=True), label__name=f"{one}", person=member
        )
    tab = member_client.get("/videos/").content.decode()
    assert 'href="/videos/statistics/"' in tab
    assert f"/videos/statistics/?video={other.pk}" in member_client.get(f"/videos/?video={other.pk}").content.decode()
    shown = member_client.get("/videos/statistics/").content.decode()
    assert ("Statistics of all videos" in shown, "2 boxes in" in shown) == (True, True)
    chosen = member_client.get(f"/videos/statistics/?video={other.pk}&video={uuid.uuid4()}&video=x").content.decode()
    assert ("Statistics of 1 video" in chosen, "1 box in 1 labeled frame." in chosen) == (True, True)
    address = "/api/v1/videos/statistics/"
    assert member_api.get(address).json()["boxes"] == 2
    assert member_api.get(f"{address}?video={other.pk}").json()["labels"][0]["label"] == str(other)
    assert "Label some first." in outsider_client.get(f"/videos/statistics/?video={other.pk}").content.decode()
