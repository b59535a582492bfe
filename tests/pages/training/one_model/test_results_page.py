"""The Results page: what a checkpoint is worth, label by label, and the number for the robot code."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from bench.pages.made_job import add_checkpoints, make_job
from ftcml.accounts.models import Team
from tests.pages.conftest import place_of, scrolls_sideways, serious_problems
from training.models import TrainingJob
from training.states import JobState

SIZES = ({"width": 1280, "height": 720}, {"width": 1366, "height": 768}, {"width": 640, "height": 360})


@pytest.fixture
def job(team: Team) -> TrainingJob:
    return make_job(team, steps=400, frames=25, labels=["ball", "cone", "cube"])


@pytest.mark.browser
def test_the_best_checkpoint_is_told_label_by_label(page: Page, job: TrainingJob) -> None:
    page.goto(f"/models/{job.pk}/results/")
    summary = job.checkpoints.get(step=job.best_step).summary
    expect(page.get_by_label("Checkpoint")).to_have_value(str(job.best_step))
    expect(page.locator("#suggested")).to_have_text(f"{summary['threshold']:.2f}")
    expect(page.get_by_text("Use this in your robot code")).to_be_visible()
    expect(page.get_by_text("at most 100 boxes a frame. Two boxes of one label that overlap by more")).to_be_visible()
    expect(page.get_by_text(f"{round(100 * summary['precision'])} of 100 boxes are right")).to_be_visible()
    expect(page.get_by_text(f"finds {round(100 * summary['recall'])} of 100 objects")).to_be_visible()
    labels = page.get_by_role("table", name="Label by label")
    for label in summary["labels"]:
        numbers = f"{label['ap50']:.3f} {label['ap']:.3f} {label['precision']:.2f} {label['recall']:.2f}"
        expect(labels.get_by_role("row", name=f"{label['label']} {label['objects']} {numbers}")).to_be_visible()
    mixed = page.get_by_role("table", name="confusion matrix")
    expect(mixed.get_by_role("columnheader", name="said cone")).to_be_visible()
    for label, row in zip(["ball", "cone", "cube"], summary["confusion"], strict=False):
        expect(mixed.get_by_role("row", name=" ".join([label, *map(str, row)]))).to_be_visible()
    nothing = " ".join(map(str, summary["confusion"][-1][:-1]))
    expect(mixed.get_by_role("row", name=f"nothing (false alarms) {nothing} –")).to_be_visible()


@pytest.mark.browser
def test_everybody_can_use_it(page: Page, team: Team) -> None:
    job = make_job(team, steps=200, frames=12, labels=["ball", "W" * 60])
    page.goto(f"/models/{job.pk}/results/")
    expect(page.locator("#curve-words")).to_contain_text("Precision")
    assert serious_problems(page) == []
    for size in SIZES:
        page.set_viewport_size(size)
        assert not scrolls_sideways(page)


@pytest.mark.browser
def test_the_curve_is_read_at_any_score(page: Page, job: TrainingJob) -> None:
    page.goto(f"/models/{job.pk}/results/")
    summary = job.checkpoints.get(step=job.best_step).summary
    words, slider = page.locator("#curve-words"), page.get_by_role("slider", name="Minimum confidence")
    expect(words).to_contain_text(f"Precision {summary['precision']:.2f}, recall {summary['recall']:.2f}")
    advised = [summary["threshold"], summary["precision"], summary["recall"]]
    points = sorted([*summary["curve"], advised])
    for key, (score, precision, recall) in (("Home", points[0]), ("End", points[-1])):
        slider.press(key)
        expect(slider).to_have_attribute("aria-valuetext", f"{score:.2f}")
        expect(words).to_contain_text(f"Precision {precision:.2f}, recall {recall:.2f}")
    page.locator("#curve").scroll_into_view_if_needed()
    score, precision, recall = summary["curve"][len(summary["curve"]) // 2]
    corner = place_of(page.locator("#curve-line"))
    line = [point for _, *point in summary["curve"]]
    across = (recall - line[0][1]) / (line[-1][1] - line[0][1])
    lowest, highest = min(point[0] for point in line), max(point[0] for point in line)
    down = (highest - precision) / (highest - lowest)
    page.mouse.move(corner["x"] + across * corner["width"], corner["y"] + down * corner["height"])
    expect(words).to_contain_text(f"recall {recall:.2f}")
    expect(slider).to_have_attribute("aria-valuetext", f"{score:.2f}")
    page.get_by_label("Curve of").select_option("cone")
    slider.press("Home")
    recall = summary["labels"][1]["curve"][-1][2]
    expect(words).to_contain_text(f"recall {recall:.2f}")


@pytest.mark.browser
def test_another_checkpoint_is_chosen(page: Page, job: TrainingJob) -> None:
    page.goto(f"/models/{job.pk}/results/")
    page.get_by_label("Checkpoint").select_option("Step 100")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(f"/models/{job.pk}/results/?step=100")
    expect(page.locator("#suggested")).to_have_text(f"{job.checkpoints.get(step=100).summary['threshold']:.2f}")


@pytest.mark.browser
def test_results_come_while_the_job_runs(page: Page, job: TrainingJob) -> None:
    job.checkpoints.all().delete()
    job.metric_points.all().delete()
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.RUNNING, steps_completed=0)
    page.goto(f"/models/{job.pk}/results/")
    expect(page.get_by_text("The first results come with the first checkpoint")).to_be_visible()
    job.refresh_from_db()
    add_checkpoints(job, [100])
    expect(page.get_by_label("Checkpoint")).to_have_value("100")
    add_checkpoints(job, [200])
    page.get_by_role("link", name="Show the best one").click()
    expect(page.get_by_label("Checkpoint")).to_have_value("200")


@pytest.mark.parametrize("step", ["", "150", "x", "-100"])
def test_without_such_a_step_the_best_one_is_shown(step: str, member_client: Client, job: TrainingJob) -> None:
    page = member_client.get(f"/models/{job.pk}/results/", {"step": step}).content.decode()
    assert f'<option value="{job.best_step}" selected>' in page


def test_what_has_no_number_has_a_dash(member_client: Client, job: TrainingJob) -> None:
    checkpoint = job.checkpoints.get(step=job.best_step)
    unseen = {"objects": 0, "ap50": None, "ap": None, "precision": None, "recall": None, "curve": []}
    checkpoint.summary["labels"] = [{"label": label, **unseen} for label in job.labels]
    checkpoint.summary |= {"threshold": None, "precision": None, "recall": None, "f1": None, "curve": []}
    checkpoint.save()
    page = member_client.get(f"/models/{job.pk}/results/").content.decode()
    assert "We can't suggest one." in page
    assert "no curve. This checkpoint found nothing" in page
    assert '<td class="num">–</td>' in page
    assert "None" not in page
