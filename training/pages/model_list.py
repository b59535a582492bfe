"""Which models the Models tab lists and in which order."""

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Lower

from datasets.models import Dataset
from ftcml.accounts.models import Team
from ftcml.core.requests.tables import Column, Table, choice_filter, orders, text_filter
from training.models import TrainingJob
from training.states import JobState


class ModelList(Table):
    columns = (
        Column("created", "Date Created", F("created")),
        Column("description", "Description", Lower("description")),
        Column("starting_model", "Starting Model", Lower("start_name")),
        Column("steps_requested", "Steps Requested", F("steps_requested"), is_number=True),
        Column("state", "Job State", F("state")),
        Column("steps_completed", "Steps Completed", F("steps_completed")),
        Column("training_seconds", "Training Time", F("training_seconds"), is_number=True),
    )

    text = text_filter("Description has")
    state = choice_filter("Job State")
    starting_model = choice_filter("Starting Model")
    dataset = choice_filter("Dataset")

    def __init__(self, team: Team, asked: Any) -> None:
        super().__init__(asked)
        # A job that trains another one more starts from that one.
        start_name = Coalesce("parent__description", "starting_model")
        self._jobs = TrainingJob.objects.for_team(team).annotate(start_name=start_name)
        names = self._jobs.order_by("start_name").values_list("start_name", flat=True).distinct()
        datasets = Dataset.objects.filter(training_jobs__team=team).order_by("description", "pk").distinct()
        self.offer("state", "all states", [(state, state.value) for state in JobState])
        self.offer("starting_model", "all models", [(name, name) for name in names])
        self.offer("dataset", "all datasets", datasets.values_list("pk", "description"))

    def found(self) -> QuerySet[TrainingJob]:
        """The jobs, each with `start_name`: the name of what it starts from."""
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
