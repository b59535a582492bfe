"""The Images page in a browser: what each checkpoint found, moved, filtered, sorted and looked at closely."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.pages.made_job import add_checkpoints, make_job
from ftcml.accounts.models import Team
from ftcml.core.files import storage
from tests.pages.conftest import scrolls_sideways, serious_problems
from training.insight import checkpoint_detections
from training.models import TrainingJob
from training.states import JobState

pytestmark = pytest.mark.browser

SIZES = ({"width": 1280, "height": 720}, {"width": 1366, "height": 768}, {"width": 640, "height": 360})


@pytest.fixture
def job(team: Team) -> TrainingJob:
    return make_job(team, steps=400, frames=25, labels=["ball", "cone", "cube"])


def found(job: TrainingJob, step: int) -> list[dict]:
    """What the checkpoint's file says of each frame."""
    return checkpoint_detections.detections(job.checkpoints.get(step=step))["frames"]


def counts(frame: dict, threshold: float) -> tuple[int, int, int]:
    """Missed objects, false alarms and wrong labels on a frame."""
    missed = sum(max(truth["score"], truth["seen_as_score"]) < threshold for truth in frame["truths"])
    kinds = [one["kind"] for one in frame["detections"] if one["score"] >= threshold]
    return missed, kinds.count("false alarm"), kinds.count("wrong label")


def open_images(page: Page, job: TrainingJob) -> None:
    page.goto(f"/models/{job.pk}/images/")
    expect(card(page, 0).locator(".pair-verdict")).not_to_have_text("loading…")


def card(page: Page, number: int) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=f"made-{number:04d}.jpg"))


def boxes(card: Locator, side: str) -> Locator:
    return card.locator(f"[data-side={side}] .box")


def counted(page: Page) -> Locator:
    return page.locator("#count")


def put(slider: Locator, value: float) -> None:
    slider.fill(str(value))


def test_one_slider_moves_every_picture(page: Page, job: TrainingJob) -> None:
    open_images(page, job)
    best = job.checkpoints.get(step=job.best_step)
    slider, scores = page.locator("#step"), page.locator("#threshold")
    threshold = round(best.summary["threshold"], 2)
    expect(page.get_by_text(f"Step {job.best_step} (best)").first).to_be_visible()
    expect(slider).to_have_attribute("aria-valuetext", f"Step {job.best_step} (best), mAP {job.best_map:.2f}")
    expect(page.get_by_text(f"Minimum confidence {threshold:.2f} (suggested)")).to_be_visible()
    first = card(page, 0)
    for step, key in ((job.best_step, None), (100, "Home"), (200, "ArrowRight")):
        if key:
            slider.press(key)
        expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^Step {step}\\b"))
        for number in (0, 7):
            on_frame = found(job, step)[number]
            sure = [one for one in on_frame["detections"] if one["score"] >= threshold]
            expect(boxes(card(page, number), "model")).to_have_count(len(sure))
            expect(boxes(card(page, number), "user")).to_have_count(len(on_frame["truths"]))
    put(scores, 0.05)
    expect(boxes(first, "model")).to_have_count(len(found(job, 200)[0]["detections"]))
    page.get_by_role("button", name="Use It").click()
    advised = round(job.checkpoints.get(step=200).summary["threshold"], 2)
    expect(scores).to_have_value(f"{advised:g}")
    expect(scores).to_have_attribute("aria-valuetext", f"{advised:.2f}, suggested")


def test_mistakes_are_named_at_the_boxes(page: Page, job: TrainingJob) -> None:
    open_images(page, job)
    page.locator("#step").press("Home")
    put(page.locator("#threshold"), 0.05)
    frames = found(job, 100)
    number = next(number for number, frame in enumerate(frames[:20]) if all(counts(frame, 0.05)))
    missed, false_alarms, wrong_labels = counts(frames[number], 0.05)
    on_frame = card(page, number)
    expect(on_frame.locator(".pair-verdict")).to_have_text(
        f"{missed} missed, {false_alarms} false alarm{'s' * (false_alarms > 1)}, "
        f"{wrong_labels} wrong label{'s' * (wrong_labels > 1)}"
    )
    expect(boxes(on_frame, "user").filter(has_text="missed")).to_have_count(missed)
    expect(boxes(on_frame, "user").filter(has_text="missed").first).to_have_class(re.compile("is-mistake"))
    expect(boxes(on_frame, "user").filter(has_text="seen as")).to_have_count(wrong_labels)
    expect(boxes(on_frame, "model").filter(has_text="false alarm")).to_have_count(false_alarms)
    expect(boxes(on_frame, "model").filter(has_text="wrong label")).to_have_count(wrong_labels)
    surest = frames[number]["detections"][0]
    picture = on_frame.get_by_role("img", name="The model")
    expect(picture).to_have_attribute("alt", re.compile(f"{surest['label']} {surest['score']:.2f}"))


def test_frames_are_filtered_sorted_and_paged(page: Page, job: TrainingJob) -> None:
    open_images(page, job)
    put(page.locator("#threshold"), 0.3)
    of_each = [counts(frame, 0.3) for frame in found(job, job.best_step)]
    expect(counted(page)).to_have_text("25 of 25 frames")
    expect(page.get_by_role("listitem").locator(".pair")).to_have_count(20)
    for place, kind in enumerate(("with missed objects", "with false alarms", "with wrong labels")):
        page.get_by_label("Frames").select_option(kind)
        expect(counted(page)).to_have_text(f"{sum(one[place] > 0 for one in of_each)} of 25 frames")
    page.get_by_label("Frames").select_option("all")
    page.get_by_label("Label").select_option("cone")
    with_cone = sum(
        any(truth["label"] == "cone" for truth in frame["truths"])
        or any(one["label"] == "cone" and one["score"] >= 0.3 for one in frame["detections"])
        for frame in found(job, job.best_step)
    )
    expect(counted(page)).to_have_text(f"{with_cone} of 25 frames")
    page.get_by_label("Frames").select_option("with wrong labels")
    put(page.locator("#threshold"), 0.99)
    expect(page.get_by_text("No frames match.")).to_be_visible()
    page.get_by_label("Frames").select_option("all")
    page.get_by_label("Label").select_option("any")
    put(page.locator("#threshold"), 0.3)
    page.get_by_label("Order").select_option("worst first")
    most = max(sum(one) for one in of_each)
    worst = page.locator(".pair").first
    expect(worst.locator(".pair-verdict")).to_have_text(re.compile(r"missed|false alarm|wrong label"))
    shown = [
        sum(map(int, re.findall(r"\d+", words))) for words in page.locator(".pair .pair-verdict").all_inner_texts()
    ]
    assert shown == sorted((sum(one) for one in of_each), reverse=True)[:20]
    assert shown[0] == most
    page.get_by_role("navigation", name="Pages", exact=True).get_by_role("button", name="Next").click()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(page.locator(".pair")).to_have_count(5)


def test_each_picture_can_have_its_own_slider(page: Page, job: TrainingJob) -> None:
    open_images(page, job)
    page.get_by_role("switch", name="A slider for each frame").check()
    put(page.locator("#threshold"), 0.05)
    page.get_by_role("slider", name="Checkpoint of made-0001.jpg").press("Home")
    expect(card(page, 1).locator(".own-words")).to_have_text("Step 100")
    expect(boxes(card(page, 1), "model")).to_have_count(len(found(job, 100)[1]["detections"]))
    expect(card(page, 0).locator(".own-words")).to_have_text(f"Step {job.best_step} (best)")
    expect(boxes(card(page, 0), "model")).to_have_count(len(found(job, job.best_step)[0]["detections"]))
    page.get_by_role("switch", name="A slider for each frame").uncheck()
    expect(boxes(card(page, 1), "model")).to_have_count(len(found(job, job.best_step)[1]["detections"]))


def test_a_frame_is_looked_at_closely(page: Page, job: TrainingJob) -> None:
    open_images(page, job)
    put(page.locator("#threshold"), 0.3)
    page.get_by_label("Frames").select_option("with missed objects")
    kept = [number for number, frame in enumerate(found(job, job.best_step)) if counts(frame, 0.3)[0]]
    card(page, kept[0]).get_by_role("button", name="Your labels").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(f"Frame 1 of {len(kept)} · minimum confidence 0.30")).to_be_visible()
    assert serious_problems(page) == []
    dialog.get_by_role("button", name="Next").press("Enter")
    expect(dialog.get_by_role("heading", name=f"made-{kept[1]:04d}.jpg")).to_be_visible()
    expect(boxes(dialog, "user").filter(has_text="missed")).to_have_count(
        counts(found(job, job.best_step)[kept[1]], 0.3)[0]
    )
    dialog.get_by_role("button", name="Previous").click()
    dialog.get_by_role("button", name="Previous").click()
    expect(dialog.get_by_role("heading", name=f"made-{kept[-1]:04d}.jpg")).to_be_visible()
    dialog.get_by_role("slider", name="Checkpoint").press("Home")
    expect(dialog.locator(".own-words")).to_have_text("Step 100")
    for size in SIZES:
        page.set_viewport_size(size)
        assert not scrolls_sideways(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("#step")).to_have_attribute("aria-valuetext", re.compile("^Step 100\\b"))
    expect(page.locator("#threshold")).to_have_value("0.3")


def test_new_checkpoints_join_while_the_job_runs(page: Page, job: TrainingJob) -> None:
    job.checkpoints.all().delete()
    job.metric_points.all().delete()
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.RUNNING, steps_completed=0)
    page.goto(f"/models/{job.pk}/images/")
    expect(page.get_by_text("The first results come with the first checkpoint")).to_be_visible()
    assert serious_problems(page) == []
    job.refresh_from_db()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    add_checkpoints(job, [100])
    expect(page.locator("#step-words")).to_have_text("Step 100 (best)")
    expect(card(page, 0).locator(".pair-verdict")).not_to_have_text("loading…")
    add_checkpoints(job, [200])
    expect(page.locator("#step")).to_have_attribute("max", "1")
    expect(page.locator("#step-words")).to_have_text("Step 100")
    page.locator("#step").press("End")
    expect(page.locator("#step-words")).to_have_text("Step 200 (best)")
    news = [address.partition("?")[2] for address in asked if "checkpoints.json" in address]
    assert news == ["after=0", "after=100"]
    assert len([address for address in asked if "detections/" in address]) == 2


def test_a_lost_file_is_told_and_the_others_are_shown(page: Page, job: TrainingJob) -> None:
    storage.remove(job.checkpoints.get(step=100).detections_name)
    open_images(page, job)
    page.locator("#step").press("Home")
    expect(page.get_by_role("alert")).to_have_text("The server lost what step 100 found. Choose another step.")
    expect(boxes(card(page, 0), "model")).to_have_count(0)
    page.locator("#step").press("ArrowRight")
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(boxes(card(page, 0), "user")).to_have_count(len(found(job, 200)[0]["truths"]))


def test_everybody_can_use_it(page: Page, team: Team) -> None:
    open_images(page, make_job(team, steps=200, frames=6, labels=["ball", "W" * 60]))
    page.get_by_role("switch", name="A slider for each frame").check()
    expect(page.get_by_role("slider", name="Checkpoint of made-0000.jpg")).to_be_visible()
    assert serious_problems(page) == []
    for size in SIZES:
        page.set_viewport_size(size)
        assert not scrolls_sideways(page)
