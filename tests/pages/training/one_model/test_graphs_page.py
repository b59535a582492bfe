"""The Graphs page as a student uses it, in a real browser."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory
from tests.pages.conftest import place_of, scrolls_sideways, serious_problems
from tests.training.curve_points import publish
from training.models import LiveLoss, MetricPoint, TrainingJob
from training.states import JobState

pytestmark = pytest.mark.browser

TOTAL_LOSS = "Loss/total_loss"
SIZES = ({"width": 1280, "height": 720}, {"width": 1366, "height": 768}, {"width": 640, "height": 360})


@pytest.fixture
def job(team: Team) -> TrainingJob:
    """A finished model of 20 checkpoints; its best is at step 1000."""
    return a_model(team, "finder", range(100, 2100, 100))


def a_model(team: Team, description: str, steps: range, **fields: object) -> TrainingJob:
    fields = {"state": JobState.SUCCEEDED, "steps_requested": 8000, **fields}
    job = TrainingJobFactory(team=team, description=description, **fields)
    publish(job, steps)
    return job


def open_graphs(page: Page, job: TrainingJob, query: str = "") -> None:
    page.goto(f"/models/{job.pk}/graphs/{query}")
    expect(picture(graph(page))).to_be_visible()


def graph(page: Page, tag: str = TOTAL_LOSS) -> Locator:
    return page.locator(f'[data-graph="{tag}"]')


def picture(of: Locator) -> Locator:
    return of.get_by_role("img")


def legend(of: Locator) -> Locator:
    """The values at the pointer."""
    return of.locator(".u-legend")


def says(*parts: str) -> re.Pattern:
    return re.compile(".*".join(re.escape(part) for part in parts))


def middle_of(over: Locator) -> tuple[float, float, float]:
    """The left and right edge of what is drawn, and the height to drag at, in pixels of the window."""
    over.scroll_into_view_if_needed()
    box = place_of(over)
    return box["x"], box["x"] + box["width"], box["y"] + box["height"] / 2


def drag(page: Page, over: Locator, begin: float, end: float) -> None:
    """Drag over a part of the graph, given in fractions of its width."""
    left, right, y = middle_of(over)
    page.mouse.move(left + begin * (right - left), y)
    page.mouse.down()
    page.mouse.move(left + end * (right - left), y, steps=4)
    page.mouse.up()


def value(job: TrainingJob, split: str, step: int, tag: str = TOTAL_LOSS) -> str:
    """A metric as the page writes it."""
    return f"{MetricPoint.objects.get(job=job, split=split, tag=tag, step=step).value:.4g}"


def test_the_way_there_and_what_every_graph_tells(page: Page, job: TrainingJob) -> None:
    page.goto(f"/models/{job.pk}/")
    expect(page.get_by_role("heading", name="Is it still learning?")).to_be_visible()
    page.get_by_role("link", name="Graphs").click()
    expect(picture(graph(page))).to_have_attribute(
        "aria-label", says("Total loss, steps 100 to 2000.", "training:", "at step 100", "lowest", "evaluation:")
    )
    expect(graph(page)).to_contain_text("the model memorizes your frames")
    expect(page.get_by_role("heading", name="Is it still learning?")).to_contain_text("still improving")
    expect(page.get_by_text("Best checkpoint: step 1,000")).to_be_visible()
    assert page.locator("[data-graph]:visible").count() == 18
    small = graph(page, "DetectionBoxes_Precision/mAP (small)")
    expect(small).to_contain_text("Not measured: no evaluation frame has a small object.")
    expect(picture(small)).to_have_count(0)
    loss = graph(page)
    latest = f"Latest: training {value(job, 'train', 2000)}, evaluation {value(job, 'eval', 2000)}"
    expect(loss.get_by_text(latest)).to_be_visible()
    assert place_of(loss)["y"] < 620
    assert place_of(graph(page, "DetectionBoxes_Precision/mAP"))["y"] == place_of(loss)["y"]
    assert place_of(small)["height"] < place_of(loss)["height"] / 2
    assert serious_problems(page) == []
    for size in SIZES:
        page.set_viewport_size(size)
        expect(graph(page).locator("canvas")).to_be_visible()
        assert not scrolls_sideways(page)


def test_values_at_the_pointer_in_all_graphs_and_with_the_keyboard(page: Page, job: TrainingJob) -> None:
    open_graphs(page, job)
    graph(page).locator(".u-over").hover(position={"x": 1, "y": 50})
    for tag in (TOTAL_LOSS, "Loss/localization_loss"):
        expect(legend(graph(page, tag))).to_contain_text(value(job, "train", 100, tag))
        expect(legend(graph(page, tag))).to_contain_text(value(job, "eval", 100, tag))
    picture(graph(page)).focus()
    page.keyboard.press("ArrowRight")
    expect(legend(graph(page))).to_contain_text(value(job, "eval", 200))
    expect(legend(graph(page))).to_contain_text("Step200")


def test_zoom_by_dragging_moves_all_graphs_and_is_taken_back(page: Page, job: TrainingJob) -> None:
    open_graphs(page, job)
    reset = page.get_by_role("button", name="Reset zoom")
    expect(reset).to_be_disabled()
    drag(page, graph(page).locator(".u-over"), 0.5, 1)
    mean_precision = graph(page, "DetectionBoxes_Precision/mAP")
    for of in (graph(page), mean_precision):
        expect(picture(of)).to_have_attribute("aria-label", re.compile("steps 10[0-9]{2} to (1999|2000)"))
    page.get_by_label("Log scale for losses").check()
    expect(picture(graph(page))).to_have_attribute("aria-label", re.compile("steps 10[0-9]{2} to"))
    reset.click()
    for of in (graph(page), mean_precision):
        expect(picture(of)).to_have_attribute("aria-label", says("steps 100 to 2000"))
    expect(reset).to_be_disabled()
    picture(graph(page)).focus()
    page.keyboard.press("+")
    expect(picture(mean_precision)).to_have_attribute("aria-label", re.compile("steps 100 to (57[0-9])"))


def test_smoothing_is_tensorboards_and_the_raw_value_stays(page: Page, job: TrainingJob) -> None:
    open_graphs(page, job)
    # By keyboard alone: a pointer over the graph would leave it, and its reading, when the page scrolls to the slider.
    picture(graph(page)).focus()
    page.keyboard.press("ArrowRight")
    expect(legend(graph(page))).to_contain_text("Step200")
    page.get_by_label("Smoothing").fill("0.6")
    first, second = (
        MetricPoint.objects.get(job=job, split="train", tag=TOTAL_LOSS, step=step).value for step in (100, 200)
    )
    # The average of TensorBoard after two values: each weighs 0.6 of the next, and the weights add up to one.
    smoothed = (first * 0.6 + second) / 1.6
    expect(legend(graph(page))).to_contain_text(f"{smoothed:.4g} (raw {second:.4g})")
    page.get_by_label("Smoothing").fill("0")
    expect(legend(graph(page))).to_contain_text(f"training{second:.4g}")
    expect(legend(graph(page))).not_to_contain_text("raw")


def pixels(canvas: Locator) -> str:
    """Return what is drawn on it, wherever the page is scrolled to and whatever sticks above it."""
    return canvas.evaluate("""(canvas) => new Promise((drawn) =>
        requestAnimationFrame(() => requestAnimationFrame(() => drawn(canvas.toDataURL()))))""")


def test_a_log_scale_is_for_losses_alone(page: Page, job: TrainingJob) -> None:
    open_graphs(page, job)
    loss, recall = graph(page).locator("canvas"), graph(page, "DetectionBoxes_Recall/AR@1").locator("canvas")
    drawn = [pixels(canvas) for canvas in (loss, recall)]
    page.get_by_label("Log scale for losses").check()
    logarithmic = [pixels(canvas) for canvas in (loss, recall)]
    assert logarithmic[0] != drawn[0]
    assert logarithmic[1] == drawn[1]
    page.get_by_label("Log scale for losses").uncheck()
    assert pixels(loss) == drawn[0]


def test_other_models_are_laid_over_and_the_address_keeps_them(page: Page, job: TrainingJob, team: Team) -> None:
    night = a_model(team, "night pictures", range(100, 3100, 100))
    TrainingJobFactory(team=team, description="no metrics yet")
    open_graphs(page, job)
    page.get_by_text("Compare with other models").click()
    expect(page.get_by_role("checkbox", name="no metrics yet")).to_have_count(0)
    page.get_by_role("checkbox", name="night pictures").check()
    expect(legend(graph(page))).to_contain_text("night pictures · evaluation")
    expect(picture(graph(page))).to_have_attribute("aria-label", says("steps 100 to 3000", "finder · training"))
    assert page.url.endswith(f"?with={night.pk}")
    dashes = (
        graph(page)
        .locator(".u-legend svg path")
        .evaluate_all("all => all.map(one => one.getAttribute('stroke-dasharray'))")
    )
    assert dashes == ["", "", "9 4", "9 4"]
    assert serious_problems(page) == []
    page.reload()
    expect(legend(graph(page))).to_contain_text("night pictures · training")
    page.get_by_role("checkbox", name="night pictures").uncheck()
    expect(legend(graph(page))).not_to_contain_text("night pictures")
    assert page.url.endswith("/graphs/")


def test_no_more_can_be_selected_than_can_be_told_apart(page: Page, job: TrainingJob, team: Team) -> None:
    others = [a_model(team, f"other {number}", range(100, 300, 100)) for number in range(6)]
    chosen = "&".join(f"with={other.pk}" for other in others[:4])

    def select(name: str) -> Locator:
        return page.get_by_role("checkbox", name=name)

    open_graphs(page, job, f"?{chosen}")
    expect(select("other 5")).to_be_enabled()
    select("other 4").check()
    expect(select("other 5")).to_be_disabled()
    select("other 0").uncheck()
    expect(select("other 5")).to_be_enabled()


def test_a_model_that_goes_on_is_one_curve_with_those_before_it(page: Page, job: TrainingJob, team: Team) -> None:
    child = a_model(team, "finder, longer", range(2100, 3100, 100), parent=job, first_step=2000)
    open_graphs(page, child)
    expect(picture(graph(page))).to_have_attribute(
        "aria-label", says("steps 100 to 3000", "at step 100", "at step 3000")
    )
    expect(page.get_by_text("One curve: finder, then finder, longer from step 2,000.")).to_be_visible()
    switch = page.get_by_label("Include the models it continues")
    expect(switch).to_be_checked()
    switch.uncheck()
    expect(picture(graph(page))).to_have_attribute("aria-label", says("steps 2100 to 3000", "at step 2100"))
    expect(page.get_by_text("One curve")).to_have_count(0)
    page.goto(f"/models/{job.pk}/graphs/")
    expect(picture(graph(page))).to_be_visible()
    expect(switch).to_have_count(0)


def test_while_it_trains_only_new_steps_are_asked_for_and_the_zoom_stays(page: Page, team: Team) -> None:
    job = a_model(team, "finder", range(100, 1100, 100), state=JobState.RUNNING)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "metrics.json" in request.url else None)
    open_graphs(page, job)
    page.evaluate("window.isTheSamePage = true")
    publish(job, range(1100, 1300, 100))
    expect(picture(graph(page))).to_have_attribute("aria-label", says("steps 100 to 1200", "at step 1200"))
    drag(page, graph(page).locator(".u-over"), 0, 0.5)
    expect(page.get_by_role("button", name="Reset zoom")).to_be_enabled()
    publish(job, range(1300, 1400, 100))
    expect(picture(graph(page))).to_have_attribute("aria-label", says("at step 1300"))
    expect(page.get_by_role("button", name="Reset zoom")).to_be_enabled()
    assert [parse_qs(urlsplit(request.url).query) for request in asked] == [
        {},
        {"since": ["1000"]},
        {"since": ["1200"]},
    ]
    assert page.evaluate("window.isTheSamePage")


def test_what_is_measured_when_training_is_over_appears_on_an_open_page(page: Page, team: Team) -> None:
    """A stop saves a checkpoint without an evaluation, which follows at the same step."""
    job = a_model(team, "finder", range(100, 400, 100), state=JobState.RUNNING)
    evaluated = MetricPoint.objects.filter(job=job, step=300, split="eval")
    late = list(evaluated)
    evaluated.delete()
    open_graphs(page, job)
    drawn = picture(graph(page))
    expect(drawn).to_have_accessible_name(says("evaluation", "at step 200"))
    MetricPoint.objects.bulk_create(late)
    TrainingJob.objects.filter(pk=job.pk).update(state=JobState.STOPPED)
    expect(drawn).to_have_accessible_name(says("evaluation", "at step 100", "at step 300"))


def test_the_first_graphs_appear_with_the_first_checkpoint(page: Page, team: Team) -> None:
    job = TrainingJobFactory(team=team, state=JobState.RUNNING, steps_requested=400)
    page.goto(f"/models/{job.pk}/graphs/")
    expect(page.get_by_text("The first numbers come with the first checkpoint")).to_be_visible()
    assert serious_problems(page) == []
    publish(job, (100,))
    expect(picture(graph(page))).to_have_attribute("aria-label", says("at step 100"))
    expect(page.get_by_text("The first numbers come")).to_be_hidden()


def test_a_lost_connection_is_told_and_repaired(page: Page, job: TrainingJob) -> None:
    page.route("**/metrics.json*", lambda route: route.abort())
    page.goto(f"/models/{job.pk}/graphs/")
    expect(page.get_by_text("The server didn't send the curves.")).to_be_visible()
    page.unroute("**/metrics.json*")
    page.evaluate("htmx.trigger('#list', 'refresh')")
    expect(picture(graph(page))).to_be_visible()
    expect(page.get_by_text("The server didn't send the curves.")).to_be_hidden()


def test_the_files_are_one_click_away(page: Page, job: TrainingJob) -> None:
    open_graphs(page, job)
    for name, file in (("Export CSV", "finder-metrics.csv"), ("Export for TensorBoard", "finder-tensorboard.zip")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename == file


def test_the_total_loss_is_drawn_before_the_first_checkpoint_and_grows(page: Page, team: Team) -> None:
    running = {"state": JobState.RUNNING, "steps_requested": 600, "live_step": 40}
    job = TrainingJobFactory(team=team, description="finder", **running)
    live = LiveLoss.objects.create(job=job, points=[[1, 9.5], [20, 5.0], [40, 2.5]])
    page.goto(f"/models/{job.pk}/graphs/")
    drawn = picture(graph(page))
    expect(drawn).to_have_accessible_name(says("training, between checkpoints: 9.5 at step 1", "2.5 at step 40"))
    live.points.append([60, 1.25])
    live.save()
    TrainingJob.objects.filter(pk=job.pk).update(live_step=60)
    expect(drawn).to_have_accessible_name(says("1.25 at step 60"))
