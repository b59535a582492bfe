"""What a person sees of a checkpoint that is measured after the training has ended, on pages that are open already.

A scripted trainer stands for the real one; its numbers and detections are those of a made job. The worker is real.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from bench.pages.made_job import make_job
from datasets.models import Dataset
from detector.contract import attempt_files
from detector.contract.reports import MEAN_PRECISION, StepReport
from ftcml.accounts.models import Team, User
from tests.factories import add_best, counts
from tests.lineages import trained
from tests.training.scripted import ScriptedTrainer, content, supervise
from training.models import Checkpoint, TrainingJob
from training.services import jobs
from training.services.starting.choices import TrainingChoices
from training.states import JobState

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("training_worker")]

LABELS = ["ball", "cube"]


@pytest.fixture
def made(team: Team) -> TrainingJob:
    """Its later checkpoints are better than its earlier ones."""
    made = make_job(team, steps=400, frames=6, labels=LABELS)
    made.datasets.update(counts=counts(training=20, evaluation=6, labels=tuple(LABELS)))
    return made


@pytest.fixture
def dataset(made: TrainingJob) -> Dataset:
    return made.datasets.get()


@pytest.fixture
def worse(made: TrainingJob) -> Checkpoint:
    return made.checkpoints.order_by("mean_precision")[0]


@pytest.fixture
def better(made: TrainingJob) -> Checkpoint:
    return made.checkpoints.order_by("-mean_precision")[0]


def measures(trainer: ScriptedTrainer, step: int, like: Checkpoint, late: bool = False) -> None:
    """Report the checkpoint of that step as worth what another one is."""
    (trainer.folder / attempt_files.detections_name(step)).write_bytes(content(like.detections_name))
    metrics = {MEAN_PRECISION: like.mean_precision}
    folder = "" if late else attempt_files.checkpoint_name(step)
    report = StepReport(step, folder, {}, metrics, attempt_files.detections_name(step), like.summary)
    attempt_files.write(
        trainer.folder / (attempt_files.measured_name(step) if late else attempt_files.report_name(step)), report
    )


def ended_at(step: int, late: dict[int, Checkpoint], model_step: int, earlier: Checkpoint | None = None) -> Callable:
    """Train until it is interrupted at that step; then measure the checkpoints in `late`, each by its step.

    `earlier`: what a checkpoint of step 100 is worth.
    """

    def script(trainer: ScriptedTrainer) -> Iterator[None]:
        if earlier:
            trainer.is_at("training", 100)
            trainer.saves(100)
            measures(trainer, 100, earlier)
            yield
        while not trainer.interrupted:
            trainer.is_at("training", step)
            yield
        trainer.saves(step)
        trainer.is_at("measuring", step)
        yield
        for one, like in late.items():
            measures(trainer, one, like, late=True)
            yield
        trainer.exports()
        trainer.ends("interrupted", step, model_step=model_step)

    return script


def stopped(script: Callable) -> Callable:
    """The same, where a person stops the training after a moment."""

    def stopped_script(trainer: ScriptedTrainer) -> Iterator[None]:
        lines = script(trainer)
        yield next(lines)
        jobs.request_stop(TrainingJob.objects.latest("created"), by="milo")
        yield from lines

    return stopped_script


def started(team: Team, member: User, dataset: Dataset, minutes: int = 10) -> TrainingJob:
    return jobs.start(team, member, TrainingChoices([dataset], 300, minutes, "finds balls"))


def other_page(page: Page, address: str) -> Page:
    other = page.context.new_page()
    other.goto(address)
    return other


def threshold(checkpoint: Checkpoint) -> str:
    assert checkpoint.summary
    return f"{checkpoint.summary['threshold']:.2f}"


def test_results_and_images_of_a_stopped_training_fill_by_themselves(
    page: Page, team: Team, member: User, dataset: Dataset, better: Checkpoint
) -> None:
    job = started(team, member, dataset)
    page.goto(f"/models/{job.pk}/results/")
    expect(page.get_by_role("heading", name="No results yet")).to_be_visible()
    images = other_page(page, f"/models/{job.pk}/images/")

    supervise(job, stopped(ended_at(130, late={130: better}, model_step=130)))

    expect(page.locator("#suggested")).to_have_text(threshold(better))
    expect(page.get_by_label("Checkpoint")).to_have_value("130")
    expect(images.locator("#step-words")).to_have_text("Step 130 (best)")
    expect(images.locator(".pair-verdict").first).not_to_have_text("loading…")
    expect(images.get_by_text(f"Minimum confidence {threshold(better)} (suggested)")).to_be_visible()
    page.goto(f"/models/{job.pk}/robot-code/")
    expect(page.locator("main")).to_contain_text(threshold(better))


def test_pages_without_results_say_why_until_it_is_known_that_there_are_none(
    page: Page, team: Team, member: User, dataset: Dataset
) -> None:
    job = started(team, member, dataset)
    page.goto(f"/models/{job.pk}/results/")
    images = other_page(page, f"/models/{job.pk}/images/")

    def looked_at(trainer: ScriptedTrainer) -> Iterator[None]:
        for _ in stopped(ended_at(130, late={}, model_step=130))(trainer):
            yield
            if not seen and TrainingJob.objects.get(pk=job.pk).state == JobState.STOPPED:
                for one in (page, images):
                    expect(one.get_by_text("The last checkpoint is being measured.")).to_be_visible()
                seen.append(True)

    seen: list[bool] = []
    supervise(job, looked_at)
    assert seen
    for one in (page, images):
        expect(one.get_by_text("No checkpoint of this training was measured.")).to_be_visible()


def test_at_the_time_limit_the_better_checkpoint_is_given_and_the_page_says_so(
    page: Page, team: Team, member: User, dataset: Dataset, worse: Checkpoint, better: Checkpoint
) -> None:
    job = started(team, member, dataset, minutes=1)
    page.goto(f"/models/{job.pk}/results/")
    images = other_page(page, f"/models/{job.pk}/images/")
    supervise(job, ended_at(130, late={130: worse}, model_step=100, earlier=better))

    given = "Step 130 scored lower than step 100, so you get the model from step 100."
    expect(page.get_by_text(given)).to_be_visible()
    expect(page.locator("#suggested")).to_have_text(threshold(better))
    expect(images.get_by_text(given)).to_be_visible()
    expect(images.locator("#step")).to_have_attribute("max", "1")
    expect(images.locator("#step-words")).to_have_text("Step 100 (best)")


def test_a_child_that_learned_little_gives_the_parents_model_and_shows_what_that_finds(
    page: Page, team: Team, member: User, dataset: Dataset, worse: Checkpoint, better: Checkpoint
) -> None:
    parent = trained(300, team=team, description="raccoons", labels=LABELS, dataset=dataset)
    add_best(parent, 300, better.mean_precision)
    child = jobs.train_more(parent, member, TrainingChoices([], 200, 10, "raccoons again"))
    page.goto(f"/models/{child.pk}/images/")

    def looked_at_its_own(trainer: ScriptedTrainer) -> Iterator[None]:
        """The person sees what the child finds before the parent is measured."""
        lines = stopped(ended_at(307, late={307: worse, 300: better}, model_step=300))(trainer)
        for _ in lines:
            yield
            if child.checkpoints.filter(step=307).exclude(summary=None).exists() and not is_seen:
                expect(page.locator("#step-words")).to_have_text("Step 307 (best)")
                is_seen.append(True)

    is_seen: list[bool] = []
    supervise(child, looked_at_its_own)
    assert is_seen
    given = "Your 7 new steps didn't improve it, so you get the model from step 300."
    expect(page.get_by_text(given)).to_be_visible()
    expect(page.locator("#step")).to_have_attribute("max", "1")
    expect(page.locator("#step-words")).to_have_text("Step 307")
    page.locator("#step").press("Home")
    expect(page.locator("#step")).to_have_attribute(
        "aria-valuetext", f"Step 300 (best), mAP {better.mean_precision:.2f}"
    )
    expect(page.locator(".pair-verdict").first).not_to_have_text("loading…")
