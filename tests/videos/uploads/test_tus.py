"""The protocol: parts in order, each at the end of what is there, and nothing twice whatever breaks off."""

import hashlib

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from ftcml.accounts.models import Team
from ftcml.accounts.services.throttle import UploadThrottle
from ftcml.core.files import storage
from tests.videos.uploads.sending import API, JPEG, MP4, ask, begun, checksum, create, send, upload
from videos.models import Activity, Upload, Video
from videos.services.receiving import received_file

pytestmark = pytest.mark.django_db
HALF = len(MP4) // 2


def _stored(video: Video) -> list[bytes]:
    return [storage.open_file(each.stored_name).read() for each in video.uploads.all()]


def test_a_video_comes_in_parts_and_is_stored_as_it_was(member_client: Client, member) -> None:
    said = create(member_client, len(MP4), filename="C:\\Users\\mia\\red_cones.mp4", frames="every_nth", every="5")
    assert said.status_code == 201
    first = send(member_client, said["Location"], MP4[:HALF], Upload_Checksum=checksum(MP4[:HALF], "sha1"))
    assert (first.status_code, first["Upload-Offset"]) == (204, str(HALF))
    video = Video.objects.get()
    assert (video.state, video.description, video.filename) == ("UPLOADING", "red cones", "red_cones.mp4")
    assert (video.extraction, video.every_nth, video.kind) == ("every_nth", 5, "video")

    told = ask(member_client, said["Location"])
    assert (told["Upload-Offset"], told["Upload-Length"]) == (str(HALF), str(len(MP4)))
    assert "Upload-Expires" in told.headers

    last = send(member_client, said["Location"], MP4[HALF:], HALF)
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(MP4)))
    video.refresh_from_db()
    assert (video.state, video.file_bytes, _stored(video)) == ("EXTRACTING", len(MP4), [MP4])
    assert received_file.size(Upload.objects.get().pk) is None
    activity = Activity.objects.get()
    assert (activity.action, activity.person) == ("uploaded", member)
    assert ask(member_client, said["Location"])["Upload-Offset"] == str(len(MP4))


def test_a_part_that_lies_elsewhere_or_was_changed_leaves_the_file_as_it_was(member_client: Client) -> None:
    address = begun(member_client, MP4)
    send(member_client, address, MP4[:HALF])
    assert send(member_client, address, MP4[:HALF]).status_code == 409, "the same part again"
    assert send(member_client, address, MP4[HALF:], HALF + 1).status_code == 409
    assert send(member_client, address, MP4[HALF:], HALF, Upload_Checksum=checksum(MP4)).status_code == 460
    longer = send(member_client, address, MP4, HALF)
    assert (longer.status_code, "past the end" in longer.content.decode()) == (413, True)
    assert ask(member_client, address)["Upload-Offset"] == str(HALF)
    assert send(member_client, address, MP4[HALF:], HALF).status_code == 204
    assert _stored(Video.objects.get()) == [MP4]


def test_who_writes_to_the_file_keeps_the_second_tab_out(member_client: Client) -> None:
    address = begun(member_client, MP4)
    with received_file.held(Upload.objects.get().pk):
        assert send(member_client, address, MP4).status_code == 423
    assert send(member_client, address, MP4).status_code == 204


def test_asked_twice_a_browser_gets_the_same_upload(member_client: Client, team: Team) -> None:
    """As when the answer to the first request was lost on its way."""
    one, other = (begun(member_client, MP4, set="a1", file="robot.mp4 1") for _ in range(2))
    assert one == other
    send(member_client, one, MP4)
    assert begun(member_client, MP4, set="a1", file="robot.mp4 1") == one, "also when it's done"
    assert create(member_client, 5, set="a1", file="another").status_code == 400
    assert Video.objects.count() == 1


def test_the_length_of_a_recording_comes_last(member_client: Client) -> None:
    said = create(member_client, None, filename="camera.mp4", kind="recording")
    address = said["Location"]
    send(member_client, address, MP4[:HALF])
    assert ask(member_client, address)["Upload-Defer-Length"] == "1"
    send(member_client, address, MP4[HALF:], HALF)
    assert Video.objects.get().state == "UPLOADING"
    send(member_client, address, b"", len(MP4), Upload_Length=str(len(MP4)))
    video = Video.objects.get()
    assert (video.kind, video.state, _stored(video)) == ("recording", "EXTRACTING", [MP4])


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("robot.mp4", b"GIF89a".ljust(100), "isn't a video we can read"),
        ("robot.mov", b"\x00\x00\x00\x18ftypheic".ljust(100), "isn't a video we can read"),
        ("cones.zip", JPEG, "isn't a zip file"),
        ("tiny.mp4", b"a", "isn't a video we can read"),
    ],
)
def test_a_file_that_is_something_else_is_refused_at_its_first_part(
    member_client: Client, stored_files, name: str, data: bytes, words: str
) -> None:
    address = begun(member_client, data, filename=name)
    answer = send(member_client, address, data)
    assert answer.status_code == 415
    assert words in answer.content.decode()
    assert not Video.everything.exists()
    assert stored_files() == []
    assert ask(member_client, address).status_code == 404


@pytest.mark.parametrize(
    ("size", "metadata", "words"),
    [
        (1001, {"filename": "a.mp4"}, "over 1 MB"),
        (1001, {"filename": "a.jpg"}, "“a.jpg” is over"),
        (0, {"filename": "a.mp4"}, "is empty"),
        (9, {"filename": "a.mp4", "description": "x" * 31}, "1 to 30 characters"),
        (9, {"filename": "a.mp4", "frames": "all of them"}, "Choose which frames"),
        (9, {"filename": "a.mp4", "kind": "sample"}, "Choose which frames"),
        (9, {"filename": "a.jpg", "files": "2000"}, "more than 1,000 pictures"),
        (9, {"filename": "a.mp4", "files": "many"}, "“files” in Upload-Metadata"),
    ],
)
def test_what_is_wrong_is_told_before_it_is_sent(
    member_client: Client, settings, size: int, metadata: dict[str, str], words: str
) -> None:
    settings.VIDEO_MAX_BYTES = settings.IMPORT_MAX_PICTURE_BYTES = 1000
    answer = create(member_client, size, **metadata)
    assert answer.status_code in (400, 413)
    assert words in answer.content.decode()
    assert not Video.everything.exists()


def test_a_recording_that_grows_too_large_is_refused(member_client: Client, settings, stored_files) -> None:
    settings.VIDEO_MAX_BYTES = 1000
    address = create(member_client, None, filename="camera.mp4")["Location"]
    assert send(member_client, address, MP4[:900]).status_code == 204
    assert send(member_client, address, MP4[900:2000], 900).status_code == 413
    assert not Video.everything.exists()
    assert stored_files() == []


@pytest.mark.parametrize("sent", [MP4[:900], b""])
def test_a_recording_whose_length_makes_no_sense_is_refused(member_client: Client, settings, sent: bytes) -> None:
    settings.VIDEO_MAX_BYTES = 1000
    address = create(member_client, None, filename="camera.mp4")["Location"]
    send(member_client, address, sent)
    if sent:
        shorter = send(member_client, address, b"", len(sent), Upload_Length="5")
        assert (shorter.status_code, ask(member_client, address)["Upload-Defer-Length"]) == (413, "1")
    refused = send(member_client, address, b"", len(sent), Upload_Length="2000" if sent else "0")
    assert refused.status_code in (400, 413)
    assert not Video.everything.exists()


def test_a_disk_that_is_nearly_full_takes_no_small_file_either(
    member_client: Client, monkeypatch, stored_files
) -> None:
    address = begun(member_client, JPEG, filename="a.jpg")
    monkeypatch.setattr(storage, "nearly_full", lambda: "Too little room.")
    refused = send(member_client, address, JPEG)
    assert (refused.status_code, "disk is full" in refused.content.decode()) == (400, True)
    assert not Video.everything.exists()
    assert stored_files() == []


def test_an_upload_that_is_over_says_so_in_words(member_client: Client) -> None:
    address = begun(member_client, MP4)
    member_client.delete(address)
    gone = send(member_client, address, MP4)
    assert (gone.status_code, gone.content.decode()) == (404, "That upload is over. Upload the file again.")


def test_a_whole_file_is_compared_with_its_checksum(member_client: Client, stored_files) -> None:
    right = begun(member_client, MP4, sha256=hashlib.sha256(MP4).hexdigest())
    wrong = begun(member_client, MP4, sha256=hashlib.sha256(MP4[1:]).hexdigest())
    assert send(member_client, right, MP4).status_code == 204
    assert send(member_client, wrong, MP4).status_code == 400
    assert Video.everything.count() == len(stored_files()) == 1


def test_the_limit_of_a_team_and_of_its_members_hold(
    member_client: Client, coach_client: Client, team, settings
) -> None:
    settings.TEAM_MAX_VIDEOS = 1
    upload(member_client, MP4)
    assert "has 1 videos" in create(member_client, 9, filename="a.mp4").content.decode()
    settings.TEAM_MAX_VIDEOS = 2
    Team.objects.filter(pk=team.pk).update(members_upload=False)
    refused = create(member_client, 9, filename="a.mp4")
    assert (refused.status_code, "only coaches upload" in refused.content.decode()) == (403, True)
    set_of_coach = create(coach_client, 9, filename="a.jpg", files="2")
    assert set_of_coach.status_code == 201
    joined = create(member_client, 9, filename="b.jpg", video=str(Video.objects.first().pk))
    assert joined.status_code == 403


def test_an_upload_is_given_up_with_its_video(member_client: Client, stored_files) -> None:
    address = begun(member_client, MP4)
    send(member_client, address, MP4[:HALF])
    assert member_client.delete(address).status_code == 204
    assert not Video.everything.exists()
    assert stored_files() == []
    assert send(member_client, address, MP4[HALF:], HALF).status_code == 404
    done = begun(member_client, MP4)
    send(member_client, done, MP4)
    assert member_client.delete(done).status_code == 409


def test_programs_use_the_same_protocol(member_api: APIClient, outsider_api: APIClient) -> None:
    can = member_api.options(API)
    assert can["Tus-Extension"] == "creation,creation-defer-length,checksum,expiration,termination"
    address = begun(member_api, MP4, API, description="from a program")
    assert address.startswith(API)
    assert send(outsider_api, address, MP4).status_code == 404
    refused = send(member_api, address, MP4, 7)
    assert (refused.status_code, list(refused.json())) == (409, ["detail"])
    assert send(member_api, address, MP4).status_code == 204
    assert _stored(Video.objects.get(description="from a program")) == [MP4]
    assert create(member_api, None, API, filename="é" * 400).status_code == 201
    assert member_api.generic("POST", API, headers={"Tus-Resumable": "0.2.2"}).status_code == 412


def test_one_may_upload_only_so_often(member_client: Client, monkeypatch) -> None:
    cache.clear()
    monkeypatch.setitem(UploadThrottle.THROTTLE_RATES, "upload", "1/hour")
    first = {"kind": "pictures", "set": "s", "files": "2"}
    assert create(member_client, 9, filename="a.jpg", file="a", **first).status_code == 201
    assert create(member_client, 9, filename="b.jpg", file="b", **first).status_code == 201
    assert create(member_client, 9, filename="c.jpg").status_code == 429
