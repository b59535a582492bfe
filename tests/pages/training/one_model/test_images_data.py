"""What the Images page is made of: its addresses, and the files of detections as they travel."""

import gzip
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from bench.pages.made_job import add_checkpoints, make_job
from datasets.models import Frame
from ftcml.accounts.models import Team
from ftcml.core.files import storage
from tests.factories import DatasetFactory, TrainingJobFactory
from training.insight import checkpoint_detections, checkpoint_images
from training.models import TrainingJob
from training.states import JobState


@pytest.fixture
def job(team: Team) -> TrainingJob:
    return make_job(team, steps=200, frames=3)


def replace_detections(job: TrainingJob, step: int, content: bytes) -> None:
    """Overwrite what that checkpoint's file of detections holds."""
    with open(storage.local_path(job.checkpoints.get(step=step).detections_name, None), "wb") as stream:
        stream.write(content)


@pytest.mark.parametrize("address", ["images/", "results/", "checkpoints.json", "detections/100.json"])
def test_another_teams_model_does_not_exist(
    address: str, outsider_client: Client, member_client: Client, job: TrainingJob
) -> None:
    assert member_client.get(f"/models/{job.pk}/{address}").status_code == 200
    assert outsider_client.get(f"/models/{job.pk}/{address}").status_code == 404


class TestAFileOfDetections:
    def test_travels_as_it_is_stored(self, member_client: Client, job: TrainingJob) -> None:
        answer = member_client.get(f"/models/{job.pk}/detections/100.json", headers={"accept-encoding": "br, gzip"})
        with storage.open_file(job.checkpoints.get(step=100).detections_name) as stored:
            assert answer.content == stored.read()
        assert answer["Content-Encoding"] == "gzip"
        assert answer["Content-Type"] == "application/json"
        assert answer["Vary"].startswith("Accept-Encoding")
        assert {"private", "immutable", "max-age=31536000"} <= set(answer["Cache-Control"].split(", "))

    @pytest.mark.parametrize("accepted", [{}, {"accept-encoding": "identity"}, {"accept-encoding": "gzip;q=0"}])
    def test_is_unpacked_for_who_cannot(self, accepted: dict, member_client: Client, job: TrainingJob) -> None:
        answer = member_client.get(f"/models/{job.pk}/detections/200.json", headers=accepted)
        assert "Content-Encoding" not in answer
        assert answer.json() == checkpoint_detections.detections(job.checkpoints.get(step=200))

    def test_is_not_sent_twice(self, member_client: Client, job: TrainingJob) -> None:
        known = member_client.get(f"/models/{job.pk}/detections/100.json")["ETag"]
        again = member_client.get(f"/models/{job.pk}/detections/100.json", headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        other = member_client.get(f"/models/{job.pk}/detections/200.json", headers={"if-none-match": known})
        assert other.status_code == 200

    @pytest.mark.parametrize(
        "content",
        [gzip.compress(b'[{"frame": 0, "detections": []}]'), gzip.compress(b'{"format":20}')],
        ids=["the first form", "a later form"],
    )
    def test_of_another_form_says_so(self, content: bytes, member_client: Client, job: TrainingJob) -> None:
        replace_detections(job, 100, content)
        answer = member_client.get(f"/models/{job.pk}/detections/100.json")
        assert answer.status_code == 404
        assert answer.json() == {
            "detail": "Another version of ftcml measured step 100. Train the model again to see its boxes."
        }
        assert "no-store" in answer["Cache-Control"]

    def test_that_is_damaged_says_so(self, member_client: Client, job: TrainingJob) -> None:
        replace_detections(job, 100, b"boxes")
        answer = member_client.get(f"/models/{job.pk}/detections/100.json")
        assert (answer.status_code, answer.json()["detail"]) == (
            404,
            "The file with what step 100 found is damaged. Choose another step.",
        )

    def test_that_is_lost_or_never_was_says_so(self, member_client: Client, job: TrainingJob) -> None:
        storage.remove(job.checkpoints.get(step=100).detections_name)
        lost = member_client.get(f"/models/{job.pk}/detections/100.json")
        assert lost.json() == {"detail": "The server lost what step 100 found. Choose another step."}
        job.checkpoints.filter(step=200).update(detections_name="")
        never = member_client.get(f"/models/{job.pk}/detections/200.json")
        assert never.json() == {"detail": "Step 200 wasn't measured on evaluation frames."}
        assert (lost.status_code, never.status_code) == (404, 404)
        assert member_client.get(f"/models/{job.pk}/detections/300.json").status_code == 404


def test_only_new_checkpoints_are_told(member_client: Client, job: TrainingJob) -> None:
    add_checkpoints(job, [300, 400])
    newer = member_client.get(f"/models/{job.pk}/checkpoints.json?after=200")
    assert [one["step"] for one in newer.json()["checkpoints"]] == [300, 400]
    assert newer.json()["best_step"] == job.best_step
    first = newer.json()["checkpoints"][0]
    assert first["mean_precision"] == job.metric_points.get(tag="DetectionBoxes_Precision/mAP", step=300).value
    assert first["threshold"] == job.checkpoints.get(step=300).summary["threshold"]
    again = member_client.get(f"/models/{job.pk}/checkpoints.json?after=200", headers={"if-none-match": newer["ETag"]})
    assert again.status_code == 304


def test_what_the_parents_model_found_is_told_with_newer_ones(member_client: Client, job: TrainingJob) -> None:
    """It is measured when training is over, and has an earlier step than all of the job's own."""
    TrainingJob.objects.filter(pk=job.pk).update(first_step=100)
    job.metric_points.filter(step=100).delete()
    newer = member_client.get(f"/models/{job.pk}/checkpoints.json?after=200").json()["checkpoints"]
    (parents,) = newer
    assert (parents["step"], parents["mean_precision"]) == (100, job.checkpoints.get(step=100).mean_precision)


@pytest.mark.parametrize("after", ["", "-1", "x", "²"])
def test_without_a_step_all_checkpoints_are_told(after: str, member_client: Client, job: TrainingJob) -> None:
    newer = member_client.get(f"/models/{job.pk}/checkpoints.json", {"after": after}).json()
    assert [one["step"] for one in newer["checkpoints"]] == [100, 200]


def test_a_step_beyond_every_number_is_none(member_client: Client, job: TrainingJob) -> None:
    huge = "9" * 30
    assert member_client.get(f"/models/{job.pk}/checkpoints.json?after={huge}").json()["checkpoints"] == []
    assert member_client.get(f"/models/{job.pk}/detections/{huge}.json").status_code == 404
    assert member_client.get(f"/models/{job.pk}/results/?step={huge}").status_code == 200


def start_of(client: Client, job: TrainingJob) -> dict:
    """What the page's script begins with."""
    page = client.get(f"/models/{job.pk}/images/").content.decode()
    return json.loads(page.split('<script id="images-start" type="application/json">')[1].split("</script>")[0])


def test_frames_come_in_the_order_of_the_files(member_client: Client, job: TrainingJob) -> None:
    frames = start_of(member_client, job)["frames"]
    assert [frame["name"] for frame in frames] == ["made-0000.jpg", "made-0001.jpg", "made-0002.jpg"]
    picture = member_client.get(frames[2]["picture"])
    assert picture["Content-Type"] == "image/jpeg"
    assert len(checkpoint_detections.detections(job.checkpoints.get(step=100))["frames"]) == len(frames)


def test_of_very_many_frames_the_first_are_shown(
    member_client: Client, job: TrainingJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint_images, "MOST_FRAMES", 2)
    assert len(start_of(member_client, job)["frames"]) == 2
    page = member_client.get(f"/models/{job.pk}/images/").content.decode()
    assert "Shows the first 2 of 3 evaluation frames." in page


@pytest.mark.parametrize("page", ["images", "results"])
def test_more_checkpoints_and_frames_need_no_more_queries(page: str, member_client: Client, job: TrainingJob) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert member_client.get(f"/models/{job.pk}/{page}/").status_code == 200
        return len(asked)

    few = queries()
    dataset = job.datasets.get()
    Frame.objects.bulk_create(
        Frame(dataset=dataset, split="evaluation", number=number, filename="a.jpg", width=10, height=10)
        for number in range(3, 40)
    )
    add_checkpoints(job, range(300, 900, 100))
    assert queries() == few <= 16


class TestBeforeThereIsAnything:
    @pytest.mark.parametrize("page", ["images", "results"])
    @pytest.mark.parametrize(
        ("state", "steps", "sentence"),
        [
            (JobState.RUNNING, 0, "The first results come with the first checkpoint, after 100 steps."),
            (JobState.CANCELED, 0, "This training ended before its first checkpoint, so there"),
            (JobState.STOPPED, 50, "No checkpoint of this training was measured."),
        ],
    )
    def test_the_page_says_why(self, page: str, state, steps, sentence, member_client: Client, team: Team) -> None:
        dataset = DatasetFactory(team=team)
        Frame.objects.create(
            dataset=dataset, split="evaluation", number=0, filename="a.jpg", width=10, height=10, boxes=[]
        )
        job = TrainingJobFactory(team=team, dataset=dataset, state=state, steps_completed=steps)
        assert sentence in shown(member_client, job, page)

    @pytest.mark.parametrize("page", ["images", "results"])
    def test_without_evaluation_frames_it_says_what_to_do(self, page: str, member_client: Client, team: Team) -> None:
        job = TrainingJobFactory(team=team, state=JobState.SUCCEEDED)
        job.checkpoints.create(step=100, lease_number=1)
        assert "move about 20% of its frames to evaluation" in shown(member_client, job, page)

    def test_results_that_nobody_counted_say_so(self, member_client: Client, job: TrainingJob) -> None:
        job.checkpoints.update(summary=None)
        assert "Train it again to see them." in shown(member_client, job, "results")
        assert [one["threshold"] for one in start_of(member_client, job)["checkpoints"]] == [None, None]


def shown(client: Client, job: TrainingJob, page: str) -> str:
    return " ".join(strip_tags(client.get(f"/models/{job.pk}/{page}/").content.decode()).split())
