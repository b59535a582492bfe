"""The Python programs of the Robot code page, run as they are printed there, with the model file of the same page."""

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
from tests.detector.exported import LABELS, SIZE, Found, as_input, drawn_pictures, find_with_litert, same, sure
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
    for way, program in (("python", "find_objects.py"), ("limelight", "for_limelight.py")):
        page = member_client.get(reverse("robot-code", args=[job.pk]), {"way": way}).content.decode()
        (folder / program).write_text(unescape(page.split('labelledby="file-1">')[1].split("</pre>")[0]))
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


def test_a_source_that_is_not_there_is_named(folder: Path) -> None:
    ended = run(folder, "find_objects.py", "holiday.mp4")
    assert ended.returncode == 1
    assert "There is no picture, video or camera holiday.mp4." in ended.stderr


@pytest.mark.parametrize("model", ["int8"], indirect=True)
def test_the_file_for_a_limelight_takes_bytes_and_finds_the_same(folder: Path) -> None:
    assert run(folder, "for_limelight.py").stdout == "limelight.tflite is made.\n"
    limelight = Interpreter(str(folder / "limelight.tflite"))
    limelight.allocate_tensors()
    [image] = limelight.get_input_details()
    assert (image["dtype"], list(image["shape"])) == (np.uint8, [1, SIZE, SIZE, 3])
    assert {part["dtype"] for part in limelight.get_output_details()} == {np.float32}
    for picture in drawn_pictures(4):
        # Bytes are half a step beside the floats, which moves a score by one of its own steps.
        expected = sure(find_with_litert(folder / "finder.tflite", picture))
        assert expected
        found = find_in_bytes(limelight, picture)
        assert [each for each in expected if not same(each, found, score=0.1)] == []


def find_in_bytes(limelight: Interpreter, picture: np.ndarray) -> list[Found]:
    limelight.set_tensor(limelight.get_input_details()[0]["index"], picture[np.newaxis])
    limelight.invoke()
    boxes, ids, scores, count = (limelight.get_tensor(part["index"])[0] for part in limelight.get_output_details())
    return [Found(LABELS[int(ids[row])], float(scores[row]), boxes[row]) for row in range(int(count))]


@pytest.mark.parametrize("model", ["float32"], indirect=True)
def test_a_file_that_a_limelight_cannot_take_is_named(folder: Path) -> None:
    ended = run(folder, "for_limelight.py")
    assert ended.returncode == 1
    assert "finder.tflite does not calculate in 8 bits. Choose the int8 file" in ended.stderr
    assert not (folder / "limelight.tflite").exists()
