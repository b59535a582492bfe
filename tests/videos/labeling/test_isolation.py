"""What is another team's, another video's or another frame's is never touched by what a page sends, in any field."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from ftcml.accounts.models import Membership, Team, User
from tests.factories import BoxFactory, LabelFactory, MembershipFactory, VideoFactory, VideoFrameFactory
from videos.models import Box, Comment, Track, TrackedObject, Tracking, Video
from videos.reviewing import comments

pytestmark = pytest.mark.django_db


@pytest.fixture
def video(team: Team) -> Video:
    return VideoFrameFactory(video=VideoFactory(team=team), number=0).video


@pytest.fixture
def theirs(outsider: User) -> Box:
    """A box of another team, of an object."""
    video = VideoFactory(team=outsider.memberships.get().team)
    label = LabelFactory(team=video.team, name="secret")
    box = BoxFactory(frame=VideoFrameFactory(video=video, number=0), label=label)
    Box.objects.filter(pk=box.pk).update(track=Track.objects.create(video=video))
    box.refresh_from_db()
    return box


def sent(client: Client, name: str, video: Video, body: object, *more: object) -> tuple[int, dict]:
    answer = client.post(reverse(name, args=[video.pk, *more]), json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json() if answer["Content-Type"] == "application/json" else {}


def test_a_save_makes_its_own_box_of_another_teams_keys(member_client: Client, video: Video, theirs: Box) -> None:
    look = {
        "label": theirs.label_id,
        "name": "cone",
        "corners": [1, 2, 30, 40],
        "origin": "drawn",
        "confirmed": True,
        "track": str(theirs.track_id),
    }
    box = {"key": str(theirs.key), "before": None, "after": look}
    gone = [{"track": str(theirs.track_id), "before": False, "after": True}]
    edit = {"frame": 0, "boxes": [box], "finished": None, "ignored": None, "gone": gone}
    status, told = sent(member_client, "video-label-save", video, {"edits": [edit]})
    assert status == 200
    assert "secret" not in json.dumps(told)
    made = Box.objects.get(frame__video=video)
    assert (made.label.team, made.label.name, made.track) == (video.team, "cone", None)
    assert Track.objects.get(pk=theirs.track_id).gone_from == []
    assert Box.objects.get(pk=theirs.pk).xmin == theirs.xmin
    delete = {**edit, "boxes": [{"key": str(theirs.key), "before": look, "after": None}]}
    sent(member_client, "video-label-save", video, {"edits": [delete]})
    assert Box.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize("action", ["end", "delete", "split", "merge", "confirm"])
def test_another_teams_object_is_not_there(member_client: Client, video: Video, theirs: Box, action: str) -> None:
    Box.objects.filter(pk=theirs.pk).update(confirmed=False, origin="tracked")
    tracks = [str(theirs.track_id), str(uuid.uuid4())]
    status, told = sent(
        member_client, "video-track-change", video, {"action": action, "tracks": tracks, "frame": 0, "finish": True}
    )
    assert (status, told.get("edits")) in [(400, None), (200, [])]
    box = Box.objects.get(pk=theirs.pk)
    assert (box.confirmed, box.track_id) == (False, theirs.track_id)


def test_nothing_of_another_team_is_followed_stopped_or_read(
    member_client: Client, video: Video, theirs: Box, outsider: User
) -> None:
    start = {"frame": 0, "boxes": [str(theirs.key)], "tracker": "automatic"}
    assert sent(member_client, "video-tracking-start", video, start)[0] == 400
    there = theirs.frame.video
    run = Tracking.objects.create(team=there.team, video=there, person=outsider, tracker="automatic", frame_number=0)
    TrackedObject.objects.create(tracking=run, track_id=theirs.track_id, first=0, at=0)
    for through in (video, there):
        assert sent(member_client, "video-tracking-stop", through, {}, run.pk)[0] == 404
        assert member_client.get(reverse("video-tracking-edits", args=[through.pk, run.pk])).status_code == 404
    assert not Tracking.objects.get().stop_asked


def test_a_comment_belongs_to_its_frame(member_client: Client, video: Video, theirs: Box, outsider: User) -> None:
    said = comments.add(theirs.frame, outsider, "Ours.", theirs.key)
    other = comments.add(VideoFrameFactory(video=video, number=1), outsider, "Of frame 1.")
    for comment in (said, other):
        address = reverse("video-frame-comment-resolve", args=[video.pk, 0, comment.pk])
        assert member_client.post(address).status_code == 404
    member_client.post(reverse("video-frame-comment", args=[video.pk, 0]), {"text": "Hm.", "box": str(theirs.key)})
    assert "secret" not in member_client.get(reverse("video-frame-review", args=[video.pk, 0])).content.decode()
    assert not Comment.objects.exclude(resolved_at=None).exists()


def test_who_is_on_two_teams_sees_one_at_a_time(member: User, member_client: Client, video: Video, theirs: Box) -> None:
    MembershipFactory(user=member, team=theirs.frame.video.team, role=Membership.Role.COACH)
    there = theirs.frame.video
    frames = member_client.get(reverse("video-label-frames", args=[there.pk]))
    assert (frames.status_code, "secret" in frames.content.decode()) == (409, False)
    assert sent(member_client, "video-label-save", there, {"edits": []})[0] == 404
    assert member_client.get(reverse("video-label-frames", args=[video.pk])).status_code == 200


def test_a_video_in_the_trash_takes_no_edit(member_client: Client, video: Video) -> None:
    Video.objects.filter(pk=video.pk).update(trashed_at=video.created)
    assert sent(member_client, "video-label-save", video, {"edits": []})[0] == 404


@pytest.mark.parametrize("name", ["x" * 5_000, "\ud800", "a\0b", " ", None, 1e300, ["a"]])
def test_what_is_no_name_of_a_label_is_refused_in_words(member_client: Client, team: Team, name: object) -> None:
    body = json.dumps({"name": name})
    answer = member_client.post(reverse("video-new-label"), body, content_type="application/json")
    words = "Enter a label of 1 to 100 characters."
    assert (answer.status_code, answer.json().get("detail")) in [(422, words), (200, None)]
    assert answer.status_code == 422 or name == 1e300


@pytest.mark.parametrize(
    "text", ["[" * 30_000, '{"edits": [' * 20_000, "\ufffe", "", '{"edits": NaN}', '{"a\ud800": 1}']
)
def test_what_is_no_json_is_refused(member_client: Client, video: Video, text: str) -> None:
    body = text.encode(errors="surrogatepass")[:60_000]
    answer = member_client.post(reverse("video-label-save", args=[video.pk]), body, content_type="application/json")
    assert answer.status_code == 400
