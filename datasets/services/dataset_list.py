"""The datasets that the Datasets tab and the API list, in order. The database filters and sorts."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, IntegerField, Q, QuerySet, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Lower
from django.db.models.sql.compiler import SQLCompiler

from datasets.models import Dataset
from datasets.split import Split
from ftcml.accounts.models import Team
from ftcml.core.requests.tables import NEWEST_FIRST, Column, Table, choice_filter, orders, text_filter


def _frames(split: Split) -> Combinable:
    """Return how many frames of the split a dataset has; 0 until it is READY."""
    return Coalesce(Cast(F(f"counts__{split}__frames"), IntegerField()), 0)


COLUMNS = (
    Column("created", "Date Produced", F("created")),
    Column("description", "Description", Lower("description")),
    Column("frames", "Number of Frames", _frames(Split.TRAINING) + _frames(Split.EVALUATION)),
    Column("state", "State", F("state")),
)
ORDERS = orders(COLUMNS)


class _LabelLines(Func):
    """A dataset's labels as text, one a line: the JSON itself has quotes, and on SQLite no letter beyond ASCII."""

    output_field = TextField()
    template = "(SELECT string_agg(label, chr(10)) FROM jsonb_array_elements_text(%(expressions)s) AS label)"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            template="(SELECT group_concat(value, char(10)) FROM json_each(%(expressions)s))",
            **extra_context,
        )


def found(team: Team, search: str = "", state: str = "", ordering: str = NEWEST_FIRST) -> QuerySet[Dataset]:
    """Return the team's datasets whose description or labels have `search` in them. `ordering`: a key of ORDERS."""
    datasets = Dataset.objects.for_team(team)
    if search:
        datasets = datasets.annotate(label_lines=_LabelLines("labels"))
        datasets = datasets.filter(Q(description__icontains=search) | Q(label_lines__icontains=search))
    if state:
        datasets = datasets.filter(state=state)
    return datasets.order_by(ORDERS[ordering], "-created", "id")


class DatasetList(Table):
    columns = COLUMNS

    text = text_filter("Search", example="description or label")
    state = choice_filter("State")

    def __init__(self, team: Team, asked: Any) -> None:
        super().__init__(asked)
        self._team = team
        self.offer("state", "all states", [(state, state.value) for state in Dataset.State])

    def found(self) -> QuerySet[Dataset]:
        return found(self._team, self.asked("text"), self.asked("state"), self.order)
