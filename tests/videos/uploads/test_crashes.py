"""A server that ends at any moment resumes where it was, and what nobody resumes disappears."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.installation import quarantine
from tests.factories import TeamFactory, VideoFactory
from tests.videos.uploads.sending import MP4, ask, begun, send
from videos import tasks
from videos.models import Upload, Video
from videos.services import uploads
from videos.services.receiving import completion, received_file
from videos.services.stored import unused_files

pytestmark = pytest.mark.django_db


class Crash(BaseException):
    """The process is gone."""


def crash(*args: object, **kwargs: object) -> None:
    raise Crash


@pytest.mark.parametrize("moment", ["storage.move", "_note", "whole"])
def test_a_crash_at_the_end_loses_nothing(member_client: Client, monkeypatch, stored_files, moment: str) -> None:
    address = begun(member_client, MP4)
    send(member_client, address, MP4[:5000])
    with monkeypatch.context() as patch:
        patch.setattr(f"videos.services.receiving.completion.{moment}", crash)
        with pytest.raises(Crash):
            send(member_client, address, MP4[5000:], 5000)
    assert Video.objects.get().state == "UPLOADING"

    tasks.tidy()

    video = Video.objects.get()
    assert video.state == "EXTRACTING"
    assert storage.open_file(video.uploads.get().stored_name).read() == MP4
    assert len(stored_files()) == 1
    assert ask(member_client, address)["Upload-Offset"] == str(len(MP4))
    assert video.activities.count() == 1


def test_a_receiver_that_lost_its_files_begins_again(member_client: Client) -> None:
    address = begun(member_client, MP4)
    send(member_client, address, MP4[:5000])
    received_file.remove(Upload.objects.get().pk)
    assert send(member_client, address, MP4[5000:], 5000).status_code == 409
    assert ask(member_client, address)["Upload-Offset"] == "0"
    assert send(member_client, address, MP4).status_code == 204


def test_an_upload_that_was_given_up_is_removed_after_a_day(member_client: Client, stored_files) -> None:
    begun(member_client, MP4)
    send(member_client, begun(member_client, MP4), MP4[:5000])
    old = clock.now() - timedelta(days=2)
    Video.objects.update(created=old)
    Upload.objects.filter(offset=0).update(touched=old)
    tasks.tidy()
    assert Video.everything.get().uploads.get().offset == 5000
    Upload.objects.update(touched=old)
    tasks.tidy()
    assert not Video.everything.exists()
    assert stored_files() == []


def test_what_no_video_needs_is_removed(member_client: Client, team, stored_files, settings) -> None:
    for state in ("READY", "FAILED", "EXTRACTING"):
        send(member_client, begun(member_client, MP4, description=state.lower()), MP4)
        Video.objects.filter(description=state.lower()).update(state=state)
    stray = storage.team_prefix(TeamFactory().pk, "videos", "0e3b7a0c-7d6e-4d30-8a0e-c55a3f0a1111")
    storage.put(f"{stray}/frames/000000.jpg", settings.BASE_DIR / "LICENSE")

    lost = VideoFactory(team=team, state="FAILED", reason_code="files_missing")
    storage.put(lost.picture_name(0), settings.BASE_DIR / "LICENSE")

    unused_files.remove_unused_files()

    kept = Video.objects.get(description="extracting").prefix
    assert all(any(folder in name for folder in (kept, stray, lost.prefix)) for name in stored_files())
    assert len(stored_files()) == 3
    assert quarantine.noted("videos") == {stray, lost.prefix}
    assert (unused_files.found().known, unused_files.found().unknown) == (3, 1)


def test_what_a_worker_left_that_died_is_removed(team, settings) -> None:
    at_work = VideoFactory(team=team, state="EXTRACTING", lease_until=clock.now() + timedelta(minutes=1))
    folders = [settings.WORK_DIR / f"extraction-{pk}-abc" for pk in (at_work.pk, uuid.uuid4())]
    for folder in folders:
        folder.mkdir(parents=True)
    tasks.tidy()
    assert [folder.exists() for folder in folders] == [True, False]


def test_a_video_deleted_while_its_last_byte_comes_leaves_nothing(
    member_client: Client, monkeypatch, stored_files
) -> None:
    address = begun(member_client, MP4)
    moved = storage.move

    def delete_meanwhile(*args: object) -> None:
        moved(*args)
        uploads.cancel(Video.objects.get())

    monkeypatch.setattr(completion.storage, "move", delete_meanwhile)
    send(member_client, address, MP4)
    assert not Video.everything.exists()
    assert stored_files() == []
