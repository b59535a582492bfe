"""The Try it page as the server gives it; tests/pages/training/one_model/test_try_it.py runs the model in it."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from datasets.models import Frame
from datasets.split import Split
from ftcml.accounts.models import Team
from ftcml.core.files import storage
from tests.factories import DatasetFactory, TrainingJobFactory, add_model
from training.delivery.playground import FRAMES, Playground
from training.models import Checkpoint, TrainingJob
from training.states import JobState


@pytest.fixture
def job(team: Team) -> TrainingJob:
    """A finished model with two variants, int8 being the default."""
    dataset = DatasetFactory(team=team, labels=["cone", "cube"])
    job = TrainingJobFactory(team=team, dataset=dataset, labels=["cone", "cube"], state=JobState.SUCCEEDED)
    for variant in ("float32", "int8"):
        name = f"{job.prefix}/{variant}.tflite"
        storage.put(name, ContentFile(variant.encode()))
        add_model(job, variant, default=variant == "int8", step=300)
    return job


def test_the_default_variant_comes_first(job: TrainingJob) -> None:
    add_model(job, "limelight", default=False)  # which the browser can't run
    assert Playground.of(job).variants == ["int8", "float32"]


def test_a_model_from_before_there_were_variants_has_one_file(job: TrainingJob) -> None:
    job.model_files.exclude(variant="int8").delete()
    assert Playground.of(job).variants == ["int8"]


@pytest.mark.parametrize(
    ("summary", "threshold", "sentence"),
    [
        ({"threshold": 0.372}, 0.37, "Suggested minimum confidence: 0.37"),
        ({"threshold": None}, 0.5, "We can't suggest a minimum confidence for this model. Begin with 0.50."),
        (None, 0.5, "We can't suggest a minimum confidence"),
    ],
)
def test_the_threshold_is_that_of_the_models_checkpoint(
    summary, threshold: float, sentence: str, job: TrainingJob, member_client: Client
) -> None:
    Checkpoint.objects.create(job=job, step=300, lease_number=1, summary=summary)
    Checkpoint.objects.create(job=job, step=400, lease_number=1, summary={"threshold": 0.9})
    assert Playground.of(job).threshold.value == threshold
    assert sentence in member_client.get(f"/models/{job.pk}/try-it/").content.decode()


def test_labels_keep_their_number_and_their_color(job: TrainingJob) -> None:
    job.labels = [f"label {number}" for number in range(9)]
    labels = Playground.of(job).settings["labels"]
    assert labels[1] == {"name": "label 1", "color": 1}
    assert labels[8] == {"name": "label 8", "color": 0}


def test_some_evaluation_frames_are_offered(job: TrainingJob, member_client: Client) -> None:
    frame = {"dataset": job.datasets.get(), "filename": "a.jpg", "width": 4, "height": 3}
    Frame.objects.create(split=Split.TRAINING, number=0, **frame)
    Frame.objects.create(split=Split.EVALUATION, number=0, **frame)
    few, page = _visit(member_client, job)
    assert page.count("data-picture=") == 1
    Frame.objects.bulk_create(Frame(split=Split.EVALUATION, number=number, **frame) for number in range(1, 30))
    many, page = _visit(member_client, job)
    assert page.count("data-picture=") == FRAMES
    assert many == few <= 13


def _visit(client: Client, job: TrainingJob) -> tuple[int, str]:
    """The number of queries, and the page."""
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/models/{job.pk}/try-it/")
    return len(queries), page.content.decode()


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (JobState.RUNNING, "You can try the model here when its training ends."),
        (JobState.FAILED, "This training ended without a model. Start a new training"),
    ],
)
def test_without_a_model_the_page_says_what_comes_first(
    state: JobState, sentence: str, team: Team, member_client: Client
) -> None:
    job = TrainingJobFactory(team=team, state=state)
    page = member_client.get(f"/models/{job.pk}/try-it/").content.decode()
    assert sentence in strip_tags(page)
    assert "try-it/page.js" not in page


def test_another_team_sees_nothing_of_it(job: TrainingJob, outsider_client: Client) -> None:
    assert outsider_client.get(f"/models/{job.pk}/try-it/").status_code == 404
    assert outsider_client.get(f"/models/{job.pk}/model.tflite", headers={"If-None-Match": "*"}).status_code == 404


def test_a_model_that_the_browser_has_is_not_sent_again(job: TrainingJob, member_client: Client) -> None:
    address = f"/models/{job.pk}/model.tflite"
    first = member_client.get(address)
    assert b"".join(first.streaming_content) == b"int8"
    again = member_client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    other = member_client.get(f"{address}?variant=float32", headers={"If-None-Match": first["ETag"]})
    assert b"".join(other.streaming_content) == b"float32"


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("core/wasm/litert_wasm_internal.wasm", "application/wasm"),
        ("core/dist/index.js", "text/javascript"),
        ("wasm-utils/dist/index.js", "text/javascript"),
    ],
)
def test_litert_is_served_from_here_as_what_it_is(file: str, kind: str, client: Client) -> None:
    answer = client.get(f"/static/litert/{file}")
    assert b"".join(answer.streaming_content)
    assert answer["Content-Type"].split(";")[0] == kind
