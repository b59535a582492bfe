"""Videos with frames, and models that find what a test says they find."""

import io
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from django.core.files.base import ContentFile
from PIL import Image

from ftcml.core.files import storage
from tests.factories import TrainingJobFactory, VideoFactory, VideoFrameFactory, add_model
from training.models import Detection, ModelRun, TrainingJob
from training.proposals import run_leases, running
from training.proposals.finder import Seen
from videos.models import Video

WIDTH, HEIGHT = 640, 360
# A frame with nothing in particular.
PLAIN = np.full((20, 20, 4), 0.1, np.float32)


@pytest.fixture
def video(team) -> Video:
    """Six frames, whose pictures are stored."""
    video = VideoFactory(team=team)
    for number in range(6):
        frame = VideoFrameFactory(video=video, number=number)
        storage.put(frame.picture_name, ContentFile(picture(number)))
    return video


def picture(number: int) -> bytes:
    """A JPEG whose brightness is its number."""
    stream = io.BytesIO()
    Image.new("L", (WIDTH, HEIGHT), number).convert("RGB").save(stream, "JPEG", quality=100)
    return stream.getvalue()


@pytest.fixture
def model(team) -> TrainingJob:
    job = TrainingJobFactory(team=team, labels=["cone", "cube"])
    file = add_model(job)
    storage.put(file.name, ContentFile(b"a model"))
    return job


class ScriptedFinder:
    """Stands for a model: finds in the picture of a number what it was told."""

    found: Mapping[int, Sequence[Detection]] = {}
    features: Mapping[int, np.ndarray] = {}
    looked_at: list[int] = []

    def __init__(self, path, labels) -> None:
        pass

    def look_at(self, picture: Image.Image, size: tuple[int, int]) -> Seen:
        number = picture.convert("L").getpixel((0, 0))
        self.looked_at.append(number)
        return Seen(list(self.found.get(number, [])), self.features.get(number, PLAIN))


@pytest.fixture
def finds(monkeypatch) -> Callable[..., list[int]]:
    """`finds({0: [cone_at(10)]})`: from now on a model finds that. Returns the frames that it looks at."""

    def set_up(found: Mapping[int, Sequence[Detection]], features: Mapping[int, np.ndarray] | None = None) -> list[int]:
        ScriptedFinder.found, ScriptedFinder.features, ScriptedFinder.looked_at = found, features or {}, []
        monkeypatch.setattr(running, "Finder", ScriptedFinder)
        return ScriptedFinder.looked_at

    return set_up


def at(left: float, label: str = "cone", score: float = 0.9) -> Detection:
    """A detection of 100 by 100 pixels, so far from the left."""
    return Detection(label, (left, 100, left + 100, 200), score)


def do_what_waits() -> None:
    """Do the waiting runs in the process of the test, in the order in which workers take them."""
    while claimed := run_leases.claim_next():
        running.run_held(*claimed)


def as_it_ended(run: ModelRun) -> ModelRun:
    do_what_waits()
    run.refresh_from_db()
    return run
