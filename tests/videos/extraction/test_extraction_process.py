"""A video that takes too much costs itself, and nothing else: it has a process of its own.

tests/datasets/importing/test_import_process.py plays what imports and extractions share.
"""

import sys
from pathlib import Path

import pytest
from django.utils import timezone

from ftcml.core.work import watched_child
from ftcml.core.work.bounds import Overrun, Stuck
from machine.children import Limit
from tests.videos.decoding.filming import sound
from tests.videos.extraction.lively_films import lively_film
from videos import messages, tasks
from videos.extraction import extracting, extraction_leases, extraction_process
from videos.models import Video
from videos.reasons import Code

# Children see what is committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

NAPPER = (sys.executable, "-c", "import signal; signal.pause()")


@pytest.fixture(autouse=True)
def _as_a_worker_has_it(children_see_this_test: None, monkeypatch) -> None:
    watched_child.stopping.clear()
    monkeypatch.setattr("ftcml.installation.identity.work_must_wait", lambda: False)


@pytest.fixture
def waiting(uploaded, tmp_path: Path) -> Video:
    return uploaded(lively_film(tmp_path / "film.mp4"))


def as_it_ended(video: Video) -> Video:
    tasks.extract_next()
    video.refresh_from_db()
    return video


def test_the_task_takes_the_frames_of_one_video_and_wakes_the_next(waiting, uploaded, tmp_path, monkeypatch) -> None:
    woken: list[bool] = []
    monkeypatch.setattr(extraction_leases, "wake_extractor", lambda: woken.append(True))
    song = uploaded(sound(tmp_path / "sound.mp4"))
    tasks.sweep()
    assert as_it_ended(waiting).state == Video.State.READY
    assert waiting.frames.count() == 20
    assert waiting.worked_at is not None
    assert as_it_ended(song).reason_code == Code.NO_FRAMES
    tasks.sweep()
    assert len(woken) == 2, "once by the sweep, once for the next; then nothing waits"


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ("EXTRACTION_MAX_SECONDS", "Getting the frames took over 0 minutes."),
        ("EXTRACTION_MAX_MEMORY_BYTES", "Getting the frames took too much memory."),
    ],
)
def test_over_a_limit_it_fails_with_a_sentence(
    waiting: Video, settings, monkeypatch, limit: str, sentence: str, stored_files
) -> None:
    setattr(settings, limit, 1)
    monkeypatch.setattr(extraction_process, "COMMAND", NAPPER)
    video = as_it_ended(waiting)
    assert video.state == Video.State.FAILED
    assert video.error.startswith(sentence)
    assert stored_files() == []


@pytest.mark.parametrize(
    ("overrun", "sentence"),
    [
        (Stuck.STEP, "Getting the frames took too long at one place"),
        (Limit.PROCESSOR, "Getting the frames took over 60 minutes."),
    ],
)
def test_each_limit_has_its_sentence(overrun: Overrun, sentence: str) -> None:
    assert messages.words(extracting.bounds().exceeded(overrun)).startswith(sentence)


def test_a_child_that_dies_has_its_video_tried_three_times(waiting: Video, monkeypatch) -> None:
    monkeypatch.setattr(extraction_process, "COMMAND", (sys.executable, "-c", "import os; os.kill(os.getpid(), 11)"))
    for attempt in (1, 2, 3):
        assert as_it_ended(waiting).attempts == attempt
        assert waiting.state == Video.State.EXTRACTING
    assert as_it_ended(waiting).reason_code == Code.CRASHED


def test_one_video_of_a_team_at_a_time(waiting: Video, uploaded, tmp_path: Path) -> None:
    uploaded(tmp_path / "film.mp4")
    assert extraction_leases.claim_next()
    assert extraction_leases.claim_next() is None
    Video.objects.update(lease_until=timezone.now())
    assert extraction_leases.claim_next()
