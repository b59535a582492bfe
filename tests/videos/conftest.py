"""Videos whose files are uploaded, and the workers that take the frames out of them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from ftcml.accounts.models import Team
from ftcml.core.files import storage
from tests.factories import VideoFactory
from videos.extraction import extracting, extraction_leases
from videos.models import Upload, Video

Given = dict[str, bytes] | Path


@pytest.fixture
def uploaded(team: Team) -> Callable[..., Video]:
    """`uploaded(files)`: a video of the team whose file, or pictures by their names, have just come."""

    def upload(files: Given, kind: str = "", **fields: object) -> Video:
        is_film = isinstance(files, Path)
        kind = kind or (Video.Kind.VIDEO if is_film else Video.Kind.PICTURES)
        contents = {files.name: files.read_bytes()} if is_film else files
        state = Video.State.EXTRACTING
        video = VideoFactory(
            team=team, kind=kind, state=state, width=0, height=0, seconds=0, frames_per_second=0, **fields
        )
        for name, content in contents.items():
            row = Upload.objects.create(
                video=video, filename=name, size=len(content), offset=len(content), completed=timezone.now()
            )
            storage.put(row.stored_name, ContentFile(content))
        return video

    return upload


@pytest.fixture
def extracted(uploaded: Callable[..., Video]) -> Callable[..., Video]:
    """`extracted(files)`: the same once a worker has taken the frames out of it."""

    def extract(*given: object, **fields: object) -> Video:
        video = uploaded(*given, **fields)
        extract_what_waits()
        video.refresh_from_db()
        return video

    return extract


def extract_what_waits() -> None:
    """Do the waiting extractions in the process of the test, in the order in which workers take them."""
    while claimed := extraction_leases.claim_next():
        extracting.extract_held(*claimed)
