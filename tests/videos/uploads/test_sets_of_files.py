"""Files that become one video: what is refused of them, and what their common key is for."""

import pytest
from django.test import Client

from ftcml.core.files import storage
from ftcml.installation import removals
from tests.videos.uploads.sending import JPEG, MP4, ask, begun, create, send, upload
from videos.models import Video

pytestmark = pytest.mark.django_db


def test_pictures_become_one_video_when_all_have_come(member_client: Client, stored_files) -> None:
    pictures = {"kind": "pictures", "set": "s", "files": "3", "description": "cones"}
    names = ["a.jpg", "b.jpg", "notes.jpg"]
    one, two, notes = (begun(member_client, JPEG, filename=name, file=name, **pictures) for name in names)
    send(member_client, one, JPEG)
    refused = send(member_client, notes, b"these are notes".ljust(len(JPEG)))
    assert refused.status_code == 415
    assert "“notes.jpg” isn't a picture we can read." in refused.content.decode()
    assert Video.objects.get().state == "UPLOADING"
    send(member_client, two, JPEG)
    video = Video.objects.get()
    assert (video.state, video.filename, video.file_bytes) == ("EXTRACTING", "", 2 * len(JPEG))
    assert len(stored_files()) == 2


def test_a_set_is_made_of_its_good_pictures_whenever_another_is_refused(
    member_client: Client, settings, stored_files
) -> None:
    settings.IMPORT_MAX_PICTURE_BYTES = len(JPEG)
    pictures = {"kind": "pictures", "set": "s", "files": "3", "description": "cones"}
    for _ in range(2):  # as when the answer was lost on its way
        empty = create(member_client, 0, filename="empty.jpg", file="empty", **pictures)
        assert (empty.status_code, "is empty" in empty.content.decode()) == (400, True)
    large = create(member_client, len(JPEG) + 1, filename="large.jpg", file="large", **pictures)
    assert large.status_code == 413
    upload(member_client, JPEG, filename="a.jpg", file="a", **pictures)
    video = Video.objects.get()
    assert (video.state, video.file_bytes) == ("EXTRACTING", len(JPEG))
    assert len(stored_files()) == 1


def test_a_set_whose_pictures_are_all_refused_is_no_video(member_client: Client, stored_files) -> None:
    pictures = {"kind": "pictures", "set": "s", "files": "2", "description": "cones"}
    notes = begun(member_client, JPEG, filename="notes.jpg", file="notes", **pictures)
    for _ in range(2):
        assert send(member_client, notes, b"these are notes".ljust(len(JPEG))).status_code == 415
    assert ask(member_client, notes).status_code == 415
    assert create(member_client, 0, filename="empty.jpg", file="empty", **pictures).status_code == 400
    assert not Video.everything.exists()
    assert stored_files() == []


def test_a_key_is_free_again_once_the_files_of_its_former_video_are_removed(member_client: Client) -> None:
    """Or that removal would take the files of the new video along."""
    send(member_client, begun(member_client, JPEG, set="a1", file="1"), JPEG)
    assert create(member_client, len(MP4), filename="a.mp4", set="a1", file="1").status_code == 423
    removals.remove_deleted()
    upload(member_client, MP4, set="a1", file="1")
    video = Video.objects.get()
    assert storage.open_file(video.uploads.get().stored_name).read() == MP4
