"""What a person chooses for a training, whichever way it is asked for: a page, the API, a command line."""

from collections.abc import Sequence
from dataclasses import dataclass

from datasets.models import Dataset
from detector.contract import catalog


@dataclass(frozen=True)
class TrainingChoices:
    """What a job is to be. Nothing is checked here: `jobs.start` and `jobs.train_more` refuse what cannot be trained.

    Attributes:
        datasets: to train on; for `train_more` those besides the parent's own, which may be none.
        training_steps: for `train_more` on top of the parent's.
        max_minutes: of training, after which it stops.
        description: 1 to 30 characters.
        starting_model: a name of the catalog; `train_more` goes on from the parent's instead.
        max_detections: of the model's files, in a picture; None for the usual number, or the parent's.
    """

    datasets: Sequence[Dataset]
    training_steps: int
    max_minutes: int
    description: str
    starting_model: str = catalog.DEFAULT
    max_detections: int | None = None
