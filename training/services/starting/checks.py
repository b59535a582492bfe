"""What must be true of the choices before a job may start: the plan and `jobs.start` ask the same questions."""

from collections.abc import Sequence

from django.conf import settings

from datasets.inspection.advice import without_training_boxes
from datasets.models import Dataset
from datasets.services.combining import label_difference
from datasets.split import Split
from detector.contract import catalog
from detector.contract.suppression import FEWEST_DETECTIONS, MOST_DETECTIONS
from ftcml.accounts.models import Team
from ftcml.accounts.services import quota
from ftcml.core.files import storage
from training.reasons import Code, Refusal
from training.refusals import JobRefused

_LONGEST_DESCRIPTION = 30


def frames(datasets: Sequence[Dataset], split: Split) -> int:
    """Frames of that split in all of the datasets together."""
    return sum(int(dataset.counts[split]["frames"]) for dataset in datasets)


def check_datasets(datasets: Sequence[Dataset]) -> None:
    """Raise JobRefused unless one model can be trained on all of them."""
    if not datasets:
        raise JobRefused(Refusal.NO_DATASET)
    for dataset in datasets:
        if dataset.state == Dataset.State.PRODUCING:
            raise JobRefused(Refusal.DATASET_NOT_READY, dataset=str(dataset))
        if dataset.state != Dataset.State.READY:
            raise JobRefused(Refusal.DATASET_FAILED, dataset=str(dataset))
    if difference := label_difference(datasets):
        raise JobRefused(Code.OTHER, text=difference)
    if not frames(datasets, Split.TRAINING):
        raise JobRefused(Refusal.NO_TRAINING_FRAMES)
    if not any(sum(dataset.counts[Split.TRAINING]["label_counts"].values()) for dataset in datasets):
        found = without_training_boxes(datasets[0].labels)
        raise JobRefused(Code.OTHER, text=f"{found.text} {found.what_to_do}")


def check_room(team: Team) -> None:
    """Raise JobRefused while the server, or the team, has no room for checkpoints."""
    if refusal := storage.nearly_full():
        raise JobRefused(Code.OTHER, text=refusal)
    try:
        quota.take(team)
    except quota.StorageFull as full:
        raise JobRefused(Code.OTHER, text=str(full)) from None


def starting_model(name: str) -> catalog.StartingModel:
    """The starting model of that name. Raises JobRefused."""
    try:
        return catalog.starting_model(name)
    except KeyError:
        offered = [model.name for model in catalog.starting_models()]
        raise JobRefused(Refusal.UNKNOWN_STARTING_MODEL, "starting_model", name=name, offered=offered) from None


def check_steps(training_steps: int) -> None:
    """Raise JobRefused when a job may not have so many steps."""
    least, most = settings.MIN_TRAINING_STEPS, settings.MAX_TRAINING_STEPS
    if not least <= training_steps <= most:
        raise JobRefused(Refusal.BAD_STEPS, "training_steps", least=least, most=most)


def check_minutes(max_minutes: int) -> None:
    """Raise JobRefused for a time that a training can't have."""
    if not 1 <= max_minutes <= settings.MAX_TRAINING_MINUTES:
        raise JobRefused(Refusal.BAD_MINUTES, "max_minutes", most=settings.MAX_TRAINING_MINUTES)


def check_detections(max_detections: int) -> None:
    """Raise JobRefused for a number of detections that a model's file can't give."""
    least, most = FEWEST_DETECTIONS, MOST_DETECTIONS
    if not least <= max_detections <= most:
        raise JobRefused(Refusal.BAD_DETECTIONS, "max_detections", least=least, most=most)


def clean_description(description: str) -> str:
    """The description without blanks around it. Raises JobRefused when it is empty or too long."""
    description = " ".join(description.split())
    if not 1 <= len(description) <= _LONGEST_DESCRIPTION:
        raise JobRefused(Refusal.BAD_DESCRIPTION, "description", most=_LONGEST_DESCRIPTION)
    return description
