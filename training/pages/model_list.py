"""Choose the models that the Models tab lists, and sort them."""

from typing import Any

from django.db.models import F, FloatField, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Lower, NullIf

from datasets.models import Dataset
from ftcml.accounts.models import Team
from ftcml.core.requests.tables import Column, Table, choice_filter, orders, text_filter
from training.models import TrainingJob
from training.states import JobState

_FOUND = Cast(F("best_checkpoint__objects_found"), FloatField()) / NullIf(F("best_checkpoint__objects_there"), 0)


def _measured(number: Combinable) -> Coalesce:
    """Sort a model that was not measured before all others, on every database."""
    return Coalesce(number, -1.0, output_field=FloatField())


class ModelList(Table):
    columns = (
        Column("created", "Date Created", F("created")),
        Column("description", "Description", Lower("description")),
        Column("starting_model", "Starting Model", Lower("start_name")),
        Column("state", "Job State", F("state")),
        Column("steps_completed", "Steps", F("steps_completed")),
        Column("training_seconds", "Training Time", F("training_seconds"), is_number=True),
        Column("found", "Objects Found", _measured(_FOUND), is_number=True),
        Column("false_alarms", "False Alarms", _measured(F("best_checkpoint__false_alarms")), is_number=True),
        Column("ap50", "mAP@.50", _measured(F("best_checkpoint__ap50")), is_number=True),
    )

    text = text_filter("Description has", example="description")
    state = choice_filter("Job State")
    starting_model = choice_filter("Starting Model")
    dataset = choice_filter("Dataset")

    def __init__(self, team: Team, asked: Any) -> None:
        super().__init__(asked)
        # A job that trains another one more starts from that one.
        start_name = Coalesce("parent__description", "starting_model")
        self._jobs = TrainingJob.objects.for_team(team).with_results().annotate(start_name=start_name)
        names = self._jobs.order_by("start_name").values_list("start_name", flat=True).distinct()
        datasets = Dataset.objects.filter(training_jobs__team=team).only("description", "version")
        in_order = datasets.order_by("description", "version", "pk").distinct()
        self.offer("state", "all states", [(state, state.value) for state in JobState])
        self.offer("starting_model", "all models", [(name, name) for name in names])
        self.offer("dataset", "all datasets", [(dataset.pk, str(dataset)) for dataset in in_order])

    def found(self) -> QuerySet[TrainingJob]:
        """Return the jobs with their best checkpoints, each with `start_name`: what it starts from."""
        text, state, start_name, dataset = (self.asked(field.name) for field in self.filters)
        found = self._jobs.select_related("parent")
        if text:
            found = found.filter(description__icontains=text)
        if state:
            found = found.filter(state=state)
        if start_name:
            found = found.filter(start_name=start_name)
        if dataset:
            found = found.filter(datasets__pk=dataset)
        return found.order_by(orders(self.columns)[self.order], "-created", "id")
