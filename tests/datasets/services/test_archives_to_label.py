"""A zip file that comes through the import dialog, and becomes frames instead of a dataset."""

import errno
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from datasets import tasks
from datasets.importing.to_frames import frame_leases, taking_in
from datasets.models import Dataset
from ftcml.accounts.models import Team
from ftcml.core.files import storage
from tests.datasets.archives import A_BALL, one_frame, picture, write_zip
from tests.factories import VideoFactory
from videos.models import Upload, Video
from videos.refusals import VideoRefused
from videos.services.receiving import rules

pytestmark = pytest.mark.django_db

_CHOICES = {"description": "cones", "becomes": "frames", "eval_percent": 20, "split_seed": 0}


def _send(client, data: bytes, **choices: object):
    return client.post("/datasets/import/", {"upload": SimpleUploadedFile("my set.zip", data), **_CHOICES, **choices})


def _zip(tmp_path: Path, files: dict) -> bytes:
    return Path(write_zip(tmp_path / "set.zip", files)).read_bytes()


def test_the_dialogs_zip_becomes_frames(team: Team, member_client, tmp_path: Path) -> None:
    hidden = {"eval_percent": "", "split_seed": "x"}
    answer = _send(member_client, _zip(tmp_path, one_frame(picture(), [A_BALL])), archive_format="voc", **hidden)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/videos/")
    video = Video.objects.get()
    assert (video.description, video.filename, video.kind, video.state) == (
        "cones",
        "my set.zip",
        "archive",
        "EXTRACTING",
    )
    assert frame_leases.waiting().get() == video
    taking_in.take_in(video)
    assert (video.state, video.archive_format, video.frames.get().boxes.count()) == ("READY", "voc", 1)
    assert not storage.exists(Upload.objects.get().stored_name)
    assert not Dataset.objects.exists()


def test_what_is_refused_at_once_stands_in_the_dialog_and_leaves_nothing(member_client, settings, tmp_path) -> None:
    assert "isn&#x27;t a zip file" in _send(member_client, b"no zip").content.decode()
    settings.TEAM_MAX_VIDEOS = 0
    answer = _send(member_client, _zip(tmp_path, one_frame(picture(), [A_BALL])))
    assert (answer.status_code, "the most there can be" in answer.content.decode()) == (422, True)
    assert not Video.everything.exists()


def test_an_archive_whose_pictures_find_no_room_leaves_no_label(
    team: Team, member_client, tmp_path, monkeypatch
) -> None:
    _send(member_client, _zip(tmp_path, one_frame(picture(), [A_BALL])))
    video = Video.objects.get()

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage, "move", full)
    taking_in.take_in(video)
    assert not video.frames.exists()
    assert not team.labels.exists()


def test_a_datasets_frames_take_no_place_of_a_video(team: Team, settings) -> None:
    settings.TEAM_MAX_VIDEOS = 1
    VideoFactory(team=team, kind=Video.Kind.DATASET)
    rules.check_limit(team)
    VideoFactory(team=team)
    with pytest.raises(VideoRefused, match="the most there can be"):
        rules.check_limit(team)


def test_the_sweep_wakes_a_worker_for_an_archive_that_waits(member_client, tmp_path, monkeypatch) -> None:
    woken: list[str] = []
    _send(member_client, _zip(tmp_path, one_frame(picture(), [A_BALL])))
    monkeypatch.setattr(tasks.labels_to_fix, "wake", woken.append)
    tasks.sweep()
    assert woken == ["datasets.tasks.take_in_next"]
