"""The Robot code page in a browser: choosing a way, copying its code, downloading all of it."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ftcml.accounts.models import Team
from ftcml.core.files import storage
from tests.factories import TrainingJobFactory, add_model
from tests.pages.conftest import scrolls_sideways, serious_problems
from training.delivery import robot_code
from training.models import TrainingJob
from training.states import JobState

pytestmark = pytest.mark.browser

SIZES = ({"width": 1280, "height": 720}, {"width": 1366, "height": 768}, {"width": 640, "height": 360})


@pytest.fixture
def job(team: Team, tmp_path: Path) -> TrainingJob:
    """A trained model with the widest words that fit."""
    job = TrainingJobFactory(
        team=team, description="W" * 30, labels=["cone", "L" * 200], state=JobState.SUCCEEDED,
        steps_completed=300,
    )  # fmt: skip
    job.checkpoints.create(step=300, lease_number=1, summary={"threshold": 0.437})
    for variant in ("float32", "float16", "dynamic", "int8"):
        name = f"{job.prefix}/{variant}.tflite"
        (tmp_path / variant).write_text(f"the {variant} file")
        storage.put(name, tmp_path / variant)
        add_model(job, variant, default=variant == "float32")
    return job


def heading(page: Page, way: robot_code.Way):
    return page.get_by_role("heading", name=way.name, exact=True)


def test_a_member_finds_the_code_of_a_way_and_copies_it(page: Page, job: TrainingJob) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/models/{job.pk}/")
    page.get_by_role("link", name="Robot code").click()
    expect(heading(page, robot_code.way("limelight"))).to_be_visible()
    page.get_by_role("link", name=robot_code.way("python").name).click()
    expect(heading(page, robot_code.way("python"))).to_be_visible()
    page.get_by_role("link", name="int8", exact=True).click()
    expect(page.get_by_role("link", name=f"{'w' * 30}-int8.tflite")).to_be_visible()
    assert page.url.endswith("?way=python&variant=int8")
    page.get_by_role("button", name="Copy find_objects.py").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download find_objects.py").click()
    assert page.evaluate("navigator.clipboard.readText()") == download.value.path().read_text()


def test_code_can_be_copied_where_the_browser_has_no_clipboard_for_pages(page: Page, job: TrainingJob) -> None:
    """As on a school's server that is reached by http and another name than localhost."""
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(f"/models/{job.pk}/robot-code/?way=sdk-10")
    page.get_by_role("button", name="Copy dependency.gradle").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), { id: 'editor' }))")
    page.locator("#editor").press("Control+V")
    expect(page.locator("#editor")).to_have_value("    implementation 'com.google.ai.edge.litert:litert:1.4.2'")


def test_a_copy_that_the_browser_forbids_leaves_the_text_marked(page: Page, job: TrainingJob) -> None:
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new DOMException('forbidden'))")
    page.goto(f"/models/{job.pk}/robot-code/?way=sdk-10")
    page.get_by_role("button", name="Copy dependency.gradle").click()
    expect(page.get_by_text("The text is marked now: press Ctrl+C.")).to_be_visible()
    assert "litert" in page.evaluate("window.getSelection().toString()")


def test_everything_comes_in_one_zip(page: Page, job: TrainingJob) -> None:
    page.goto(f"/models/{job.pk}/robot-code/?way=sdk-10&variant=int8")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download Everything").click()
    assert download.value.suggested_filename == f"{'w' * 30}-int8-sdk-10.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.read(f"{'w' * 30}-int8.tflite") == b"the int8 file"


@pytest.mark.parametrize("way", [way.key for way in robot_code.WAYS])
def test_each_way_can_be_read_by_everybody(way: str, page: Page, job: TrainingJob) -> None:
    page.goto(f"/models/{job.pk}/robot-code/?way={way}")
    expect(heading(page, robot_code.way(way))).to_be_visible()
    assert serious_problems(page) == []
    for size in SIZES:
        page.set_viewport_size(size)
        assert not scrolls_sideways(page)


def test_the_code_appears_by_itself_when_the_model_is_there(page: Page, job: TrainingJob) -> None:
    row = TrainingJob.objects.filter(pk=job.pk)
    ended = row.values("state", "default_file").get()
    row.update(state=JobState.RUNNING, default_file=None)
    page.goto(f"/models/{job.pk}/robot-code/")
    expect(page.get_by_role("heading", name="No model for the robot yet")).to_be_visible()
    row.update(**ended)
    expect(heading(page, robot_code.way("limelight"))).to_be_visible()


def test_before_there_is_a_model_the_page_says_so(page: Page, team: Team) -> None:
    page.goto(f"/models/{TrainingJobFactory(team=team, state=JobState.RUNNING).pk}/robot-code/")
    expect(page.get_by_role("heading", name="No model for the robot yet")).to_be_visible()
    assert serious_problems(page) == []


def test_the_page_opens_on_what_the_team_used_last(page: Page, job: TrainingJob) -> None:
    page.goto(f"/models/{job.pk}/robot-code/")
    page.get_by_role("link", name=robot_code.way("sdk-10").name).click()
    expect(heading(page, robot_code.way("sdk-10"))).to_be_visible()
    page.goto(f"/models/{job.pk}/robot-code/")
    expect(heading(page, robot_code.way("sdk-10"))).to_be_visible()
