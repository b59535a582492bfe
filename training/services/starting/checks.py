"""What must be true of the choices before a job may start: the plan and `jobs.start` ask the same questions."""

from collections.abc import Sequence

from django.conf import settings

from datasets.inspection.advice import without_training_boxes
from datasets.models import Dataset
from datasets.services.combining import label_difference
from datasets.split import Split
from detector.contract import catalog
from ftcml.core.files import storage


class JobRefused(Exception):
    """The job may not be started, stopped or deleted. str() is the sentence for the user.

    `field`: the choice that the person has to change, by its name in TrainingChoices; "" where it is none of them.
    """

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def frames(datasets: Sequence[Dataset], split: Split) -> int:
    """Frames of that split in all of the datasets together."""
    return sum(int(dataset.counts[split]["frames"]) for dataset in datasets)


def check_datasets(datasets: Sequence[Dataset]) -> None:
    """Raise JobRefused unless one model can be trained on all of them."""
    if not datasets:
        raise JobRefused("Choose at least one dataset.")
    for dataset in datasets:
        if dataset.state == Dataset.State.PRODUCING:
            raise JobRefused(f"“{dataset}” isn't ready yet. Wait until its state is READY.")
        if dataset.state != Dataset.State.READY:
            raise JobRefused(f"The import of “{dataset}” failed, so you can't train on it. Choose another dataset.")
    if difference := label_difference(datasets):
        raise JobRefused(difference)
    if not frames(datasets, Split.TRAINING):
        raise JobRefused(
            "These datasets have no training frames. Choose another dataset, or import again with fewer frames for "
            "evaluation."
        )
    if not any(sum(dataset.counts[Split.TRAINING]["label_counts"].values()) for dataset in datasets):
        found = without_training_boxes(datasets[0].labels)
        raise JobRefused(f"{found.text} {found.what_to_do}")


def check_disk() -> None:
    """Raise JobRefused while the server has no room for checkpoints."""
    if refusal := storage.nearly_full():
        raise JobRefused(refusal)


def starting_model(name: str) -> catalog.StartingModel:
    """The starting model of that name. Raises JobRefused."""
    try:
        return catalog.starting_model(name)
    except KeyError:
        offered = ", ".join(model.name for model in catalog.starting_models())
        raise JobRefused(
            f"There is no starting model “{name}”. Choose one of these: {offered}.", "starting_model"
        ) from None


def check_steps(training_steps: int) -> None:
    """Raise JobRefused when a job may not have so many steps."""
    if not settings.MIN_TRAINING_STEPS <= training_steps <= settings.MAX_TRAINING_STEPS:
        raise JobRefused(
            f"Choose {settings.MIN_TRAINING_STEPS:,} to {settings.MAX_TRAINING_STEPS:,} training steps.",
            "training_steps",
        )


def check_minutes(max_minutes: int) -> None:
    """Raise JobRefused for a time that a training can't have."""
    if not 1 <= max_minutes <= settings.MAX_TRAINING_MINUTES:
        raise JobRefused(f"Choose 1 to {settings.MAX_TRAINING_MINUTES:,} minutes.", "max_minutes")


def clean_description(description: str) -> str:
    """The description without blanks around it. Raises JobRefused when it is empty or too long."""
    description = " ".join(description.split())
    if not 1 <= len(description) <= 30:
        raise JobRefused("Describe your model in 1 to 30 characters, so your team can recognize it.", "description")
    return description
