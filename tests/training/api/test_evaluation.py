"""What a model has found on its evaluation frames, as another program reads it."""

import gzip
from dataclasses import asdict

import pytest
from django.core.files.base import ContentFile

from datasets.models import Dataset, Frame
from datasets.split import Split
from detector.evaluation.detections import detections_file
from ftcml.core.files import storage
from tests.detector.matches import LABELS, box, detected, summary_of, truth
from tests.factories import DatasetFactory, TrainingJobFactory, add_best
from training.models import Checkpoint, TrainingJob

BALL, CONE = 0, 1
# Of every frame: a ball that is found, a cone that is taken for a ball.
TRUTH = truth((BALL, box(0.0)), (CONE, box(0.6)))
FOUND = detected((BALL, 0.9, box(0.02)), (BALL, 0.4, box(0.6)))


@pytest.fixture
def dataset(team) -> Dataset:
    return DatasetFactory(team=team, labels=LABELS)


@pytest.fixture
def job(team, dataset) -> TrainingJob:
    return TrainingJobFactory(team=team, labels=LABELS, dataset=dataset)


def add_frames(dataset: Dataset, count: int, split: Split = Split.EVALUATION) -> list[Frame]:
    return Frame.objects.bulk_create(
        Frame(dataset=dataset, split=split, number=number, filename=f"{number}.jpg", width=400, height=300)
        for number in range(count)
    )


def measure(job: TrainingJob, step: int, frames: int) -> Checkpoint:
    """A checkpoint as it is published, with what was found on so many frames."""
    matched, summary = summary_of([TRUTH] * frames, [FOUND] * frames)
    name = f"{job.prefix}/attempt-000001/detections-{step:06d}.json.gz"
    storage.put(name, ContentFile(detections_file(step, LABELS, matched)))
    return Checkpoint.objects.create(
        job=job, step=step, lease_number=1, detections_name=name, summary=asdict(summary)
    )  # fmt: skip


def frames_of(job: TrainingJob) -> str:
    return f"/api/v1/training-jobs/{job.pk}/evaluation-frames/"


def summary_at(job: TrainingJob) -> str:
    return f"/api/v1/training-jobs/{job.pk}/summary/"


def test_a_frame_has_what_is_labeled_and_what_was_found(member_api, job, dataset) -> None:
    add_frames(dataset, 3, Split.TRAINING)
    first, second = add_frames(dataset, 2)
    measure(job, 100, frames=2)
    answer = member_api.get(frames_of(job)).json()
    one, two = answer.pop("frames")
    assert answer == {"step": 100, "steps": [100], "count": 2, "next_offset": None}
    assert (two["number"], two["filename"], two["picture"].endswith(f"/{second.pk}.jpg")) == (1, "1.jpg", True)
    assert one == {
        "number": 0,
        "dataset": str(dataset.pk),
        "filename": "0.jpg",
        "width": 400,
        "height": 300,
        "split": "evaluation",
        "picture": f"/api/v1/datasets/{dataset.pk}/frames/{first.pk}.jpg",
        "truths": [
            {"label": "ball", "box": [0.0, 0.0, 0.3, 0.3], "score": 0.9, "seen_as": "", "seen_as_score": 0.0},
            {"label": "cone", "box": [0.0, 0.6, 0.3, 0.9], "score": 0.0, "seen_as": "ball", "seen_as_score": 0.4},
        ],
        "detections": [
            {"label": "ball", "score": 0.9, "box": [0.0, 0.02, 0.3, 0.32], "kind": "right", "truth": 0, "iou": 0.875},
            {"label": "ball", "score": 0.4, "box": [0.0, 0.6, 0.3, 0.9], "kind": "wrong label", "truth": 1, "iou": 1.0},
        ],
    }


def test_the_picture_of_a_frame_is_there_for_a_program(member_api, outsider_api, job, dataset) -> None:
    (frame,) = add_frames(dataset, 1)
    measure(job, 100, frames=1)
    storage.put(frame.picture_name, ContentFile(b"a picture"))
    address = member_api.get(frames_of(job)).json()["frames"][0]["picture"]
    answer = member_api.get(address, HTTP_ACCEPT="image/jpeg")
    assert (b"".join(answer.streaming_content), answer["Content-Type"]) == (b"a picture", "image/jpeg")
    assert "immutable" in answer["Cache-Control"]
    assert outsider_api.get(address).status_code == 404
    storage.remove(frame.picture_name)
    assert "deleted" in member_api.get(address, HTTP_ACCEPT="image/jpeg").json()["detail"]


def test_many_frames_come_in_pages_and_take_no_more_queries(
    member_api, job, dataset, django_assert_max_num_queries
) -> None:
    add_frames(dataset, 230)
    measure(job, 100, frames=230)
    pages, offset = [], 0
    while offset is not None:
        with django_assert_max_num_queries(8):
            answer = member_api.get(frames_of(job), {"offset": offset}).json()
        pages.append([frame["number"] for frame in answer["frames"]])
        offset = answer["next_offset"]
    assert pages == [[*range(100)], [*range(100, 200)], [*range(200, 230)]]
    behind = member_api.get(frames_of(job), {"offset": 10**30}).json()
    assert (behind["count"], behind["frames"], behind["next_offset"]) == (230, [], None)


@pytest.mark.parametrize("address", [frames_of, summary_at])
def test_without_a_step_it_is_the_best_or_else_the_newest_measured(member_api, job, dataset, address) -> None:
    add_frames(dataset, 1)
    for step in (100, 200, 300):
        measure(job, step, frames=1)
    Checkpoint.objects.create(job=job, step=400, lease_number=1)
    assert member_api.get(address(job)).json()["step"] == 300
    add_best(job, 200)
    assert member_api.get(address(job)).json()["step"] == 200
    assert member_api.get(address(job), {"step": 100}).json()["step"] == 100


def test_the_steps_that_can_be_asked_for_are_named(member_api, job, dataset) -> None:
    add_frames(dataset, 1)
    for step in (200, 100):
        measure(job, step, frames=1)
    Checkpoint.objects.create(job=job, step=300, lease_number=1)
    assert member_api.get(frames_of(job)).json()["steps"] == [100, 200]


def test_the_summary_says_what_a_checkpoint_is_worth(member_api, job) -> None:
    measure(job, 100, frames=2)
    answer = member_api.get(summary_at(job)).json()
    ball = answer["labels"][0]
    assert (answer["step"], answer["threshold"]) == (100, 0.65)
    assert (answer["verdict"]["finding"], answer["verdict"]["checkpoints"]) == ("too early to say", 0)
    assert (answer["precision"], answer["recall"], answer["f1"]) == (1.0, 0.5, 2 / 3)
    assert answer["confusion"] == [[2, 0, 0, 0], [0, 0, 0, 2], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert (ball["label"], ball["objects"], ball["recall"]) == ("ball", 2, 1.0)
    assert ball["curve"] == [[0.9, 1.0, 1.0]]


@pytest.mark.parametrize("address", [frames_of, summary_at])
@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        ({"step": 400}, 404, "There are no results for step 400."),
        ({"step": 150}, 404, "There are no results for step 150."),
        ({"step": 10**30}, 404, "There are no results for step 2,147,483,647"),
        ({"step": "last"}, 400, "step: A valid integer is required."),
        ({"step": -1}, 400, "step: Ensure this value is greater than or equal to 0."),
    ],
)
def test_a_step_without_results_is_answered_with_a_sentence(member_api, job, address, asked, status, sentence) -> None:
    measure(job, 100, frames=0)
    Checkpoint.objects.create(job=job, step=400, lease_number=1)
    answer = member_api.get(address(job), asked)
    assert (answer.status_code, answer.json()["detail"].startswith(sentence)) == (status, True)


def test_an_offset_below_zero_is_answered_with_a_sentence(member_api, job) -> None:
    answer = member_api.get(frames_of(job), {"offset": -1})
    assert (answer.status_code, answer.json()["detail"]) == (
        400, "offset: Ensure this value is greater than or equal to 0."
    )  # fmt: skip


@pytest.mark.parametrize("address", [frames_of, summary_at])
def test_before_anything_is_measured_it_says_so(member_api, job, address) -> None:
    answer = member_api.get(address(job))
    assert (answer.status_code, answer.json()["detail"]) == (
        404, "No checkpoint of this model was measured on evaluation frames."
    )  # fmt: skip


@pytest.mark.parametrize("address", [frames_of, summary_at])
def test_nobody_reads_another_teams_results(outsider_api, job, address) -> None:
    measure(job, 100, frames=0)
    assert outsider_api.get(address(job)).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (gzip.compress(b'[{"frame": 0, "detections": []}]'), "Another version of ftcml measured"),
        (gzip.compress(b"{}"), "Another version of ftcml measured"),
        (gzip.compress(b'{"format":2}')[:-4], "The file with what step 100 found is damaged."),
        (b"boxes", "The file with what step 100 found is damaged."),
        (None, "The server lost what step 100 found. Choose another step."),
    ],
    ids=["the first form", "no form", "cut off", "something else", "lost"],
)
def test_detections_that_cannot_be_read_are_told_and_their_summary_stays(member_api, job, content, sentence) -> None:
    name = measure(job, 100, frames=0).detections_name
    storage.remove(name)
    if content is not None:
        storage.put(name, ContentFile(content))
    answer = member_api.get(frames_of(job))
    assert (answer.status_code, answer.json()["detail"].startswith(sentence)) == (404, True)
    assert member_api.get(summary_at(job)).status_code == 200


def test_a_job_of_an_earlier_version_has_no_summary(member_api, job) -> None:
    measure(job, 100, frames=0)
    Checkpoint.objects.update(summary=None)
    assert member_api.get(summary_at(job)).status_code == 404
