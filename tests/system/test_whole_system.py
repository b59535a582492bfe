"""The whole server, driven as a program would drive it: broker, workers, trainers and HTTP are the real ones."""

import subprocess
import sys

import pytest
from PIL import Image

from bench.pages import pages
from bench.server import page_speed, robot
from bench.server.client import ApiError, wait_until
from bench.server.faults import TRAINER, TrainerKiller
from detector.contract.suppression import DEFAULT_DETECTIONS

pytestmark = [pytest.mark.broker, pytest.mark.tensorflow, pytest.mark.timeout(420)]

TINY = "Tiny test model 96x96"
# From the start of a trainer to the end of a short job, on a busy machine with two cores.
A_JOB = 240.0


@pytest.fixture
def start(api, rendered_dataset):
    """Start a job of the tiny model: `start(100)`."""

    def start(steps: int, description: str = "finds game pieces") -> str:
        return api.start(rendered_dataset, TINY, steps, description)

    return start


def test_from_a_zip_to_a_model_that_runs_though_a_trainer_is_killed(system, api, start, tmp_path):
    job = start(300)

    TrainerKiller(system, api).kill(job, lambda now: now["steps_completed"] >= 100, A_JOB)
    ended = api.wait_for_end(job, A_JOB)

    assert (ended["state"], ended["steps_completed"]) == ("SUCCEEDED", 300)
    assert [step for step, _ in api.metric(job, "Loss/total_loss", "train")] == [100, 200, 300]
    assert [step for step, _ in api.metric(job, "DetectionBoxes_Precision/mAP@.50IOU")] == [100, 200, 300]
    seen = robot.look(api.download_model(job, tmp_path / "model.tflite"), Image.new("RGB", (640, 480)))
    assert seen.boxes.shape == (1, DEFAULT_DETECTIONS, 4)
    assert seen.classes.shape == seen.scores.shape == (1, DEFAULT_DETECTIONS)


def under_way(job: dict) -> bool:
    return job["live"] is not None and job["live"]["step"] > 0


def test_what_else_happens_in_a_training(system, api, start, rendered_dataset, rendered_archive, tmp_path):
    """Pages answer, an import does not wait behind it, a job that waits is canceled, and Ctrl-C costs it nothing."""
    running, waiting = start(20_000, "in the way"), start(100, "waits")
    api.wait_for_job(running, under_way, A_JOB)

    carla = page_speed.Person(system.url, "carla", "correct horse battery")
    read = page_speed.measure([carla], pages.addresses(rendered_dataset, running), rounds=2, while_training=True)
    assert all(speed.requests == 2 and 0 < speed.p95_ms < 5000 for speed in read)

    imported = api.wait_for_dataset(api.import_dataset(rendered_archive, "meanwhile"), 60)
    assert imported["state"] == "READY"

    api.stop(waiting)
    assert api.wait_for_end(waiting, 30)["state"] == "CANCELED"
    with pytest.raises(ApiError, match="404"):
        api.get(f"training-jobs/{waiting}/model.tflite")

    step_before = api.wait_for_job(running, under_way, 30)["live"]["step"]
    left_behind = system.stop()
    assert left_behind == []

    system.start()
    resumed = api.wait_for_job(running, under_way, A_JOB)
    assert resumed["steps_completed"] >= step_before
    api.stop(running)
    assert api.wait_for_end(running, 90)["state"] == "STOPPED"
    api.wait_for_model(running, 90)
    assert api.download_model(running, tmp_path / "model.tflite").stat().st_size > 0


def test_only_trainers_have_tensorflow_in_memory(system, rendered_dataset):
    wait_until(lambda: [p for p in system.find(TRAINER) if has_tensorflow(p)], bool, 60)
    others = [process for process in system.family() if TRAINER not in " ".join(process.cmdline())]
    assert len(others) >= 8
    assert [process.cmdline() for process in others if has_tensorflow(process)] == []


def has_tensorflow(process) -> bool:
    return any("tensorflow" in mapping.path for mapping in process.memory_maps())


def test_nothing_is_written_outside_the_data_folder(system, rendered_dataset):
    assert list((system.data.parent / "home").iterdir()) == []


def test_what_the_web_server_and_the_default_worker_import_has_no_tensorflow():
    code = (
        "import sys, ftcml.wsgi\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "import datasets.tasks, training.tasks, training.api.urls, training.urls\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'tensorflow', 'tf_keras', 'official'}))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
