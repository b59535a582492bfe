"""A run in a process of its own: a patch that moves is followed by what is really installed."""

import signal
import sys

import cv2
import numpy as np
import pytest
from django.core.files.base import ContentFile

from ftcml.accounts.models import Team
from ftcml.core.files import storage
from ftcml.core.work import watched_child
from tests.factories import BoxFactory, LabelFactory, UserFactory, VideoFactory, VideoFrameFactory
from tests.videos.tracking_runs.moving import lefts
from videos import tasks
from videos.models import Box, Tracking, Video
from videos.tracking_runs import run_leases, run_process, starting

# Children see what is committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
FRAMES, STEP, SIZE = 12, 6, 60
# Is killed in the middle, when some boxes are written and others are found.
KILLED = """
import os, signal, sys, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftcml.settings")
django.setup()
from videos.tracking_runs import following, one_run, run_writing
following.SECONDS_BETWEEN_WRITES = 0
write, written = run_writing.RunWriter.write, []
def write_until_killed(writer, objects):
    written.append(objects)
    if len(written) == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return write(writer, objects)
run_writing.RunWriter.write = write_until_killed
one_run.main(sys.argv[1:])
"""


@pytest.fixture(autouse=True)
def woken(children_see_this_test: None, monkeypatch) -> list[bool]:
    watched_child.stopping.clear()
    monkeypatch.setattr("ftcml.installation.identity.work_must_wait", lambda: False)
    calls: list[bool] = []
    monkeypatch.setattr(run_leases, "wake_worker", lambda: calls.append(True))
    return calls


@pytest.fixture
def video(team: Team) -> Video:
    """A patch of many colors goes to the right over a gray wall."""
    rng = np.random.default_rng(1)
    wall = cv2.GaussianBlur(rng.integers(90, 130, (360, 640, 3), np.uint8), (0, 0), 3)
    patch = cv2.resize(rng.integers(0, 255, (12, 12, 3), np.uint8), (SIZE, SIZE), interpolation=cv2.INTER_NEAREST)
    video = VideoFactory(team=team)
    for number in range(FRAMES):
        frame = VideoFrameFactory(video=video, number=number)
        picture, left = wall.copy(), 100 + STEP * number
        picture[150 : 150 + SIZE, left : left + SIZE] = patch
        storage.put(frame.picture_name, ContentFile(cv2.imencode(".jpg", picture)[1].tobytes()))
    LabelFactory(team=team, name="cone")
    return video


def begin(video: Video, tracker: str) -> Tracking:
    frame = video.frames.get(number=0)
    box = BoxFactory(frame=frame, label=video.team.labels.get(), xmin=100, ymin=150, xmax=100 + SIZE, ymax=150 + SIZE)
    return starting.start(video, UserFactory(), 0, [box.key], tracker)


@pytest.mark.parametrize("tracker", ["automatic", "csrt"])
def test_the_task_follows_a_box_in_a_child(video: Video, tracker: str) -> None:
    run = begin(video, tracker)
    tasks.track_next()
    run.refresh_from_db()
    assert [(row.ending, row.missing) for row in run.followed.all()] == [("last_frame", [])]
    assert lefts(video) == {number: pytest.approx(100 + STEP * number, abs=4) for number in range(FRAMES)}


def test_a_child_that_is_killed_in_the_middle_leaves_the_rest_to_the_next(video: Video, monkeypatch) -> None:
    run = begin(video, "automatic")
    with monkeypatch.context() as broken:
        broken.setattr(run_process, "COMMAND", (sys.executable, "-c", KILLED))
        tasks.track_next()
    assert len(lefts(video)) == 5
    tasks.track_next()
    assert [(row.ending, row.at) for row in run.followed.all()] == [("last_frame", FRAMES - 1)]
    assert Box.objects.count() == FRAMES
    assert lefts(video) == {number: pytest.approx(100 + STEP * number, abs=4) for number in range(FRAMES)}


def test_a_child_that_dies_is_followed_by_another_and_after_three_the_run_ends(
    video: Video, monkeypatch, woken
) -> None:
    run = begin(video, "automatic")
    dies = f"import os; os.kill(os.getpid(), {int(signal.SIGSEGV)})"
    with monkeypatch.context() as broken:
        broken.setattr(run_process, "COMMAND", (sys.executable, "-c", dies))
        tasks.track_next()
    assert len(woken) == 2, "once by the start, once for the next attempt"
    tasks.track_next()
    run.refresh_from_db()
    assert (run.state, run.attempts, Box.objects.count()) == ("ENDED", 2, FRAMES)

    other = starting.start(video, UserFactory(), 0, [Box.objects.get(frame__number=0).key], "automatic")
    monkeypatch.setattr(run_process, "COMMAND", (sys.executable, "-c", dies))
    for _ in range(4):
        tasks.track_next()
    other.refresh_from_db()
    assert (other.state, other.reason_code, other.followed.get().ending) == ("ENDED", "tracking_crashed", "failed")


def test_a_run_from_a_later_box_knows_the_way_to_it(video: Video) -> None:
    run = begin(video, "automatic")
    tasks.track_next()
    box = Box.objects.get(frame__number=8)
    again = starting.start(video, UserFactory(), 8, [box.key], "automatic")
    tasks.track_next()
    assert [(row.ending, row.at) for row in again.followed.all()] == [("last_frame", FRAMES - 1)]
    assert again.followed.get().track == run.followed.get().track
    assert lefts(video) == {number: pytest.approx(100 + STEP * number, abs=8) for number in range(FRAMES)}
