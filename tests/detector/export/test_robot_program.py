"""The Python program of the Robot code page, run as it is printed there, with the model file of the same page."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import cv2
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from django.test import Client
from django.urls import reverse

from datasets.sample import scenes
from ftcml.accounts.models import Team
from ftcml.core.files import storage
from tests.detector.exported import LABELS, SIZE, as_input, drawn_pictures
from tests.factories import TrainingJobFactory, add_model
from training.states import JobState

pytestmark = pytest.mark.tensorflow

THRESHOLD = 0.05


@pytest.fixture(scope="module", params=["float32", "int8"])
def model(request, exporter, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("robot") / "model.tflite"
    exporter.write(request.param, path, calibration=drawn_pictures(8))
    return path


@pytest.fixture
def folder(model: Path, team: Team, member_client: Client, tmp_path: Path) -> Path:
    """What a member has after following the page: the model and the program, in one folder, under their names."""
    job = TrainingJobFactory(
        team=team, description="Finder", labels=LABELS, state=JobState.SUCCEEDED, steps_completed=100
    )
    job.checkpoints.create(step=100, lease_number=1, summary={"threshold": THRESHOLD})
    storage.put(f"{job.prefix}/model.tflite", model)
    add_model(job, name=f"{job.prefix}/model.tflite")
    folder = tmp_path / "robot"
    folder.mkdir()
    page = member_client.get(reverse("robot-code", args=[job.pk]), {"way": "python"}).content.decode()
    (folder / "find_objects.py").write_text(unescape(page.split('labelledby="file-1">')[1].split("</pre>")[0]))
    (folder / "finder.tflite").write_bytes(member_client.get(reverse("model-download", args=[job.pk])).getvalue())
    return folder


def found_by(model: Path, frame: np.ndarray, number: int = 0) -> list[str]:
    """What the program must print of a frame: the model's outputs by their place, as robots read them."""
    small = cv2.resize(frame, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    interpreter = Interpreter(str(model))
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], as_input(small[..., ::-1]))
    interpreter.invoke()
    boxes, ids, scores, count = (interpreter.get_tensor(part["index"])[0] for part in interpreter.get_output_details())
    height, width = frame.shape[:2]
    lines = []
    for row in range(int(count)):
        top, left, bottom, right = np.rint(boxes[row] * [height, width, height, width]).astype(int)
        if scores[row] >= THRESHOLD:
            label = f"{LABELS[int(ids[row])]} {scores[row]:.2f}"
            lines.append(f"frame {number}: {label} from ({left}, {top}) to ({right}, {bottom})")
    return lines


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True)


def printed(folder: Path, source: str) -> list[str]:
    ended = run(folder, "find_objects.py", source)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def game_pieces() -> np.ndarray:
    """A frame of the sample dataset, as OpenCV has pictures."""
    picture, _ = scenes.render(np.random.default_rng(5), 4)
    return np.asarray(picture.convert("RGB"))[..., ::-1]


def test_it_prints_what_the_model_finds_in_a_picture(folder: Path) -> None:
    cv2.imwrite(str(folder / "picture.png"), game_pieces())
    expected = found_by(folder / "finder.tflite", game_pieces())
    assert expected
    assert printed(folder, "picture.png") == expected


def test_it_goes_through_a_video_frame_by_frame(folder: Path) -> None:
    name = str(folder / "video.avi")
    pictures = [game_pieces(), game_pieces()[:, ::-1]]
    height, width = pictures[0].shape[:2]
    video = cv2.VideoWriter(name, cv2.VideoWriter.fourcc(*"MJPG"), 5, (width, height))
    for picture in pictures:
        video.write(np.ascontiguousarray(picture))
    video.release()
    stored = cv2.VideoCapture(name)
    frames = [stored.read()[1] for _ in pictures]
    expected = [found_by(folder / "finder.tflite", frame, number) for number, frame in enumerate(frames)]
    assert all(expected)
    assert printed(folder, "video.avi") == [line for lines in expected for line in lines]


# A camera that sees one picture until it is asked a third time. Then the operating system asks the program to end.
PICAMERA = """
import signal
import cv2


class Picamera2:
    count = 0

    def create_video_configuration(self, main):
        return main["format"]

    def configure(self, form):
        assert form == "RGB888"

    def start(self):
        print("started", flush=True)

    def capture_array(self):
        self.count += 1
        if self.count == 3:
            signal.raise_signal(signal.SIGTERM)
        return cv2.imread("picture.png")

    def stop(self):
        print("stopped")

    def close(self):
        print("closed")
"""


@pytest.mark.parametrize("model", ["int8"], indirect=True)
def test_it_watches_a_camera_until_it_is_stopped_and_closes_it(folder: Path) -> None:
    """The camera is a stand-in with the few names of picamera2 that the program uses."""
    cv2.imwrite(str(folder / "picture.png"), game_pieces())
    (folder / "picamera2.py").write_text(PICAMERA)
    ended = run(folder, "find_objects.py", "pi", "--threads", "1")
    assert ended.returncode == 0, ended.stderr
    expected = [line for number in (0, 1) for line in found_by(folder / "finder.tflite", game_pieces(), number)]
    assert ended.stdout.splitlines() == ["started", *expected, "stopped", "closed"]
    assert re.search(r"^frames: 2, \d+\.\d a second$", ended.stderr, re.MULTILINE)


@pytest.mark.parametrize("model", ["int8"], indirect=True)
def test_a_camera_that_the_computer_cannot_read_is_named(folder: Path) -> None:
    ended = run(folder, "find_objects.py", "pi")
    assert ended.returncode == 1
    assert "This camera needs picamera2" in ended.stderr


def test_a_source_that_is_not_there_is_named(folder: Path) -> None:
    ended = run(folder, "find_objects.py", "holiday.mp4")
    assert ended.returncode == 1
    assert "There is no picture, video or camera holiday.mp4." in ended.stderr
