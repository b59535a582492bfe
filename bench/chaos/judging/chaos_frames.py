"""Puts videos into a server that is judged, and reads their rows and files, in a process with its environment.

bench/chaos/judging/extracted_frames.py starts it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from bench.chaos.judging.extracted_frames import Extracted
from ftcml.accounts.models import Team
from ftcml.core.files import storage
from videos.extraction.extracting import WORK_PREFIX
from videos.models import Frame, Video
from videos.services import unused_files, uploads
from videos.services.receiving.rules import Choice


def add(path: str, team_number: int, every_nth: int) -> None:
    """Give a team a video, of which frames that differ most are wanted where `every_nth` is 0."""
    team, _ = Team.objects.get_or_create(number=team_number, defaults={"name": f"Team {team_number}"})
    choice = Choice(Video.Extraction.EVERY_NTH, every_nth) if every_nth else Choice()
    uploads.take_file(team, Path(path), "under fire", choice)


def print_attempts() -> None:
    """Print a line of JSON about the videos at work."""
    print(json.dumps(list(Video.objects.filter(state=Video.State.EXTRACTING).values_list("attempts", flat=True))))


def print_all() -> None:
    """Do what is done every hour, and print a line of JSON about all videos."""
    unused_files.remove_unused_files()
    print(json.dumps([asdict(_read(video)) for video in Video.objects.order_by("created")]))


def _read(video: Video) -> Extracted:
    choice = f"{video.extraction} {video.every_nth}"
    is_over = video.state in (Video.State.READY, Video.State.FAILED)
    wrongs = list(_wrongs(video)) if is_over else []
    frames = _digest(video) if is_over else ""
    return Extracted(str(video.pk), choice, video.state, video.attempts, frames, wrongs)


def _digest(video: Video) -> str:
    digest = hashlib.sha256()
    fields = ("number", "number_in_video", "seconds", "width", "height", "fingerprint", "near_duplicate_of")
    for frame in video.frames.order_by("number"):
        digest.update(repr([getattr(frame, field) for field in fields]).encode())
        with storage.open_file(frame.picture_name) as picture:
            digest.update(picture.read())
    return digest.hexdigest()


def _wrongs(video: Video) -> Iterator[str]:
    frames = list(Frame.objects.filter(video=video).order_by("number"))
    if not frames or video.state != Video.State.READY:
        yield f"it is {video.state} {video.reason_code} with {len(frames)} frames"
    if [frame.number for frame in frames] != list(range(len(frames))):
        yield "its frames are not numbered from 0 without a gap"
    if len({frame.number_in_video for frame in frames}) != len(frames):
        yield "a frame of the video was taken twice"
    named = {frame.picture_name.rpartition("/")[2] for frame in frames}
    if left := {*storage.entries(video.frames_prefix)} ^ named:
        yield f"{len(left)} pictures lack their row, or rows their picture"
    if storage.entries(video.uploads_prefix):
        yield "its uploaded file is still there"
    if folders := list(settings.WORK_DIR.glob(f"{WORK_PREFIX}{video.pk}*")):
        yield f"{len(folders)} work folders are left"
