import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ftcml.accounts.models import Team
from ftcml.core.files import storage
from ftcml.installation import removals
from tests.factories import TrainingJobFactory, add_model
from training.models import TrainingJob
from training.services import jobs
from training.services.starting.choices import TrainingChoices
from training.states import JobState
from training.trash import emptying

pytestmark = pytest.mark.browser


def _started(team: Team, description: str) -> TrainingJob:
    """A queued job with its minutes reserved, as the pop-up starts it."""
    sample = TrainingJobFactory(team=team, state=JobState.FAILED)
    user = team.memberships.first().user
    choices = TrainingChoices(list(sample.datasets.all()), 400, 60, description, sample.starting_model)
    return jobs.start(team, user, choices)


def _trained(team: Team, folder: Path, **fields: object) -> TrainingJob:
    """A finished job whose model file lies in the storage."""
    job = TrainingJobFactory(team=team, state=JobState.SUCCEEDED, **fields)
    add_model(job)
    (folder / "model").write_bytes(b"the model of " + job.description.encode())
    storage.put(job.model_name, folder / "model")
    return job


def test_an_empty_tab_says_what_to_do_first(page: Page) -> None:
    page.goto("/models/")
    expect(page.get_by_role("heading", name="No models yet")).to_be_visible()
    expect(page.get_by_role("link", name="Go to Datasets")).to_be_visible()


def test_the_table_has_the_references_columns(page: Page, team: Team) -> None:
    TrainingJobFactory(
        team=team, description="finder", state=JobState.STOPPED, steps_completed=250, training_seconds=3725,
        reason_code="out_of_time",
    )  # fmt: skip
    page.goto("/models/")
    heads = page.get_by_role("columnheader").all_inner_texts()
    assert [" ".join(head.split()) for head in heads if head.strip()] == [
        *("Date Created", "Description", "Starting Model", "Job State", "Steps", "Training Time"),
        *("Objects Found", "False Alarms", "mAP@.50"),
    ]
    row = page.get_by_role("row", name="finder")
    texts = row.get_by_role("cell").all_inner_texts()
    assert texts[2:4] == ["finder", "SSD MobileNet v2 320x320"]
    assert texts[5:] == ["250 of 400", "1:02:05", "–", "–", "–"]
    why = row.get_by_role("button", name="Why: finder")
    why.focus()
    expect(row.get_by_role("tooltip")).to_contain_text("It reached its maximum training time")
    expect(why).to_have_accessible_description(re.compile("It reached its maximum training time"))


def test_more_training_says_why_it_is_off(page: Page, team: Team) -> None:
    TrainingJobFactory(team=team)
    page.goto("/models/")
    more = page.get_by_role("button", name="More Training")
    expect(more).to_be_disabled()
    expect(more).to_have_accessible_description("Select one or more models first.")


def test_a_running_job_moves_by_itself_and_the_ticks_stay(page: Page, team: Team) -> None:
    job = TrainingJobFactory(
        team=team, description="finder", state=JobState.RUNNING, live_step=110, live_steps_per_second=2,
        steps_completed=100, training_seconds=55,
    )  # fmt: skip
    page.goto("/models/")
    row = page.get_by_role("row", name="finder")
    expect(row).to_contain_text("Step 110 of 400 · 2 min left")
    page.get_by_label("Select finder").check()
    expect(page.get_by_text("1 selected.")).to_be_visible()
    page.get_by_text("What do the job states mean?").click()
    row.evaluate("row => { row.seenBefore = true }")

    TrainingJob.objects.filter(pk=job.pk).update(live_step=390, steps_completed=300, training_seconds=195)

    expect(row).to_contain_text("Step 390 of 400 · less than a minute left")
    expect(row.get_by_role("progressbar")).to_have_js_property("value", 390)
    expect(row).to_contain_text("0:03:15")
    expect(page.get_by_label("Select finder")).to_be_checked()
    expect(page.get_by_text("Saving the last checkpoint.")).to_be_visible()
    assert row.evaluate("row => row.seenBefore"), "the row was replaced instead of changed"


def test_a_refresh_without_news_carries_no_table(page: Page, team: Team) -> None:
    TrainingJobFactory(team=team, state=JobState.RUNNING)
    page.goto("/models/")
    with page.expect_response("**/models/table/*") as first:
        pass
    etag = first.value.headers["etag"]
    again = page.request.get(first.value.url, headers={"If-None-Match": etag, "HX-Request": "true"})
    assert (again.status, again.body()) == (304, b"")


def test_a_queued_job_is_stopped_after_asking(page: Page, team: Team) -> None:
    _started(team, "finder")
    page.goto("/models/")
    stop = page.get_by_role("button", name="Stop Training")
    expect(stop).to_be_disabled()
    page.get_by_label("Select finder").check()
    stop.click()
    page.get_by_role("dialog").get_by_role("button", name="Stop Training").click()
    expect(page.get_by_role("row", name="finder")).to_contain_text("CANCELED")
    expect(page.get_by_role("row", name="finder")).to_contain_text("stopped by milo")
    expect(stop).to_be_disabled()
    expect(stop).to_have_accessible_description("“finder” is CANCELED, so there's nothing to stop.")


def test_a_running_job_is_asked_to_stop(page: Page, team: Team) -> None:
    TrainingJobFactory(team=team, description="finder", state=JobState.RUNNING)
    page.goto("/models/")
    page.get_by_label("Select finder").check()
    page.get_by_role("button", name="Stop Training").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop Training").click()
    expect(page.get_by_role("row", name="finder")).to_contain_text("STOP REQUESTED")


def test_one_click_queues_a_job_that_could_not_be_queued(page: Page, team: Team, training_worker, settings) -> None:
    full = {"reason_code": "queue_is_full", "reason_params": {"waiting": 12}}
    job = TrainingJobFactory(team=team, description="finder", state=JobState.TRY_AGAIN_LATER, **full)
    page.goto("/models/")
    row = page.get_by_role("row", name="finder")
    expect(row).to_contain_text("The queue is full: 12 trainings are waiting")

    settings.QUEUE_LIMIT = 0
    row.get_by_role("button", name="Try Again: finder").click()
    expect(page.get_by_role("dialog")).to_contain_text("The queue is full: 0 trainings are waiting")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()

    settings.QUEUE_LIMIT = 5
    row.get_by_role("button", name="Try Again: finder").click()
    expect(row).to_contain_text("QUEUED")
    expect(row.get_by_role("button", name="Try Again: finder")).to_be_hidden()
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.TRY_AGAIN_LATER, max_seconds=10**6)
    page.goto(f"/models/{job.pk}/")
    page.get_by_role("button", name="Try Again").click()
    expect(page.get_by_role("dialog")).to_contain_text("training minutes left")


def test_a_stopped_model_whose_file_is_being_made_says_so(page: Page, team: Team) -> None:
    job = TrainingJobFactory(team=team, description="finder", state=JobState.STOPPED, steps_completed=150)
    job.checkpoints.create(step=150, lease_number=1, folder=f"{job.prefix}/checkpoint-000150")
    page.goto("/models/")
    page.get_by_label("Select finder").check()
    expect(page.get_by_text("1 selected.")).to_be_visible()
    page.get_by_role("button", name="Download Model").focus()
    expect(page.get_by_role("tooltip")).to_contain_text("We're packaging this model.")


def test_a_model_downloads_under_its_description(page: Page, team: Team, tmp_path: Path) -> None:
    _trained(team, tmp_path, description="Cone Finder 2")
    TrainingJobFactory(team=team, description="other", state=JobState.RUNNING)
    page.goto("/models/")
    page.get_by_label("Select Cone Finder 2").check()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download Model").click()
    assert download.value.suggested_filename == "cone-finder-2.tflite"
    assert download.value.path().read_bytes() == b"the model of Cone Finder 2"

    page.get_by_label("Select other").check()
    button = page.get_by_role("button", name="Download Model")
    expect(button).to_be_disabled()
    expect(button).to_have_accessible_description(re.compile("one model at a time"))


def test_an_ended_model_is_deleted_after_asking(page: Page, team: Team, tmp_path: Path) -> None:
    job = _trained(team, tmp_path, description="old")
    page.goto("/models/")
    page.get_by_label("Select old").check()
    page.get_by_role("button", name="Delete Models").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="No models yet")).to_be_visible()
    emptying.empty("an operator")
    removals.remove_deleted()  # as a worker does
    assert not storage.exists(job.model_name)


def test_a_model_in_training_is_not_deleted(page: Page, team: Team) -> None:
    TrainingJobFactory(team=team, description="finder", state=JobState.RUNNING)
    page.goto("/models/")
    page.get_by_label("Select finder").check()
    expect(page.get_by_text("1 selected.")).to_be_visible()
    delete = page.get_by_role("button", name="Delete Models")
    expect(delete).to_be_disabled()
    expect(delete).to_have_accessible_description(re.compile("“finder”.* Stop it first."))


def test_a_lost_connection_is_told_and_recovers(page: Page, team: Team) -> None:
    job = TrainingJobFactory(team=team, description="finder", state=JobState.RUNNING)
    page.goto("/models/")
    page.context.set_offline(True)
    expect(page.get_by_text("Connection lost.")).to_be_visible()
    TrainingJob.objects.filter(pk=job.pk).update(steps_completed=300)
    page.context.set_offline(False)
    expect(page.get_by_role("row", name="finder")).to_contain_text("300")
    expect(page.get_by_text("Connection lost.")).to_be_hidden()
