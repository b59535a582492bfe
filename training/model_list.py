"""Which models the Models tab lists and in which order. The database filters and sorts."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Lower

from datasets.models import Dataset
from ftcml.accounts.models import Team
from training.models import TrainingJob
from training.states import JobState

NEWEST_FIRST = "-created"


@dataclass(frozen=True)
class Column:
    key: str
    name: str
    order: Combinable
    is_number: bool = False


COLUMNS = (
    Column("created", "Date Created", F("created")),
    Column("description", "Description", Lower("description")),
    Column("starting_model", "Starting Model", Lower("start_name")),
    Column("steps_requested", "Steps Requested", F("steps_requested"), is_number=True),
    Column("state", "Job State", F("state")),
    Column("steps_completed", "Steps Completed", F("steps_completed")),
    Column("training_seconds", "Training Time", F("training_seconds"), is_number=True),
)
_ORDERS = {column.key: column.order.asc() for column in COLUMNS}
_ORDERS |= {f"-{column.key}": column.order.desc() for column in COLUMNS}


@dataclass(frozen=True)
class Head:
    """The head of a column. `aria_sort`: "" where the table is sorted by another. `sort`, `query`: after a press."""

    column: Column
    aria_sort: str
    sort: str
    query: str


def _choice(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, label=label, widget=forms.Select({"class": "form-select"}))


class ModelList(forms.Form):
    """What a team asks to see. A value that is not offered, or cannot be understood, counts as not given."""

    text = forms.CharField(required=False, label="Description has", widget=forms.TextInput({"class": "form-control"}))
    state = _choice("Job State")
    starting_model = _choice("Starting Model")
    dataset = _choice("Dataset")
    sort = forms.ChoiceField(required=False, choices=[(sort, sort) for sort in _ORDERS])

    def __init__(self, team: Team, asked: Any) -> None:
        super().__init__(asked, label_suffix="")
        # A job that trains another one more starts from that one.
        start_name = Coalesce("parent__description", "starting_model")
        self._jobs: QuerySet[TrainingJob] = TrainingJob.objects.for_team(team).annotate(start_name=start_name)
        names = self._jobs.order_by("start_name").values_list("start_name", flat=True).distinct()
        datasets = Dataset.objects.filter(training_jobs__team=team).order_by("description", "pk").distinct()
        self._offer("state", "all states", [(state, state.value) for state in JobState])
        self._offer("starting_model", "all models", [(name, name) for name in names])
        self._offer("dataset", "all datasets", datasets.values_list("pk", "description"))
        self.is_valid()

    def _offer(self, name: str, all_of_them: str, choices: Any) -> None:
        self.fields[name].choices = [("", all_of_them), *((str(value), words) for value, words in choices)]

    @property
    def filters(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "sort"]

    @property
    def is_filtered(self) -> bool:
        return any(self._asked(field.name) for field in self.filters)

    @property
    def order(self) -> str:
        """A column's key, after a minus where the largest comes first."""
        return self._asked("sort") or NEWEST_FIRST

    def _asked(self, name: str) -> str:
        return self.cleaned_data.get(name, "")

    def found(self) -> QuerySet[TrainingJob]:
        """The jobs, each with `start_name`: the name of what it starts from."""
        text, state, start_name, dataset = (self._asked(field.name) for field in self.filters)
        found = self._jobs.select_related("parent")
        if text:
            found = found.filter(description__icontains=text)
        if state:
            found = found.filter(state=state)
        if start_name:
            found = found.filter(start_name=start_name)
        if dataset:
            found = found.filter(datasets=dataset)
        return found.order_by(_ORDERS[self.order], "-created", "id")

    def heads(self) -> list[Head]:
        return [self._head(column) for column in COLUMNS]

    def _head(self, column: Column) -> Head:
        is_up, is_down = self.order == column.key, self.order == f"-{column.key}"
        after = f"-{column.key}" if is_up else column.key
        direction = "ascending" if is_up else "descending" if is_down else ""
        return Head(column, direction, after, self.query(sort=after))

    def query(self, **changes: object) -> str:
        """The address's query that leads to this list, with these changes; "" for the whole list as it is at first."""
        asked = {field.name: self._asked(field.name) for field in self.filters}
        asked |= {"sort": "" if self.order == NEWEST_FIRST else self.order, **changes}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def query_without_filter(self) -> str:
        return self.query(**{field.name: "" for field in self.filters})
