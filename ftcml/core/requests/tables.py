"""Tables that a person sorts, filters and pages through, with rows selected; the address holds all but the selection.

Each table is a form with its own columns and filters. The database filters and sorts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.db.models.expressions import Expression, F, OrderBy

from ftcml.core.requests.parameters import Text

NEWEST_FIRST = "-created"
# With fewer rows, looking is quicker than searching.
ROWS_WORTH_A_FILTER = 20


@dataclass(frozen=True)
class Column:
    key: str
    name: str
    order: Expression | F
    is_number: bool = False


def orders(columns: Iterable[Column]) -> dict[str, OrderBy]:
    """Return every way to sort: a column's key, after a minus where the largest comes first."""
    ascending = {column.key: column.order.asc() for column in columns}
    return ascending | {f"-{column.key}": column.order.desc() for column in columns}


@dataclass(frozen=True)
class Head:
    """A column's heading. `aria_sort`: "" where the table is sorted by another. `sort`, `query`: after a click."""

    column: Column
    aria_sort: str
    sort: str
    query: str


def text_filter(label: str, example: str = "") -> forms.CharField:
    """Make a field to search with; while it is empty it shows `example`."""
    return Text(required=False, label=label, widget=forms.TextInput({"placeholder": example}))


def choice_filter(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, label=label)


class Table(forms.Form):
    """What a person asks to see. Values that aren't offered count as not given."""

    columns: ClassVar[tuple[Column, ...]]

    sort = forms.ChoiceField(required=False)

    def __init__(self, asked: Any) -> None:
        super().__init__(asked)
        self._choice("sort").choices = [(sort, sort) for sort in orders(self.columns)]

    def offer(self, name: str, all_of_them: str, choices: Iterable[tuple[object, str]]) -> None:
        """Set what the filter `name` offers; `all_of_them` says what is shown without it."""
        self._choice(name).choices = [("", all_of_them), *((str(value), words) for value, words in choices)]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def asked(self, name: str) -> str:
        """Return what the field was set to, "" where it was not."""
        self.is_valid()
        return self.cleaned_data.get(name, "")

    @property
    def filters(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "sort"]

    @property
    def is_filtered(self) -> bool:
        return any(self.asked(field.name) for field in self.filters)

    @property
    def rows_worth_a_filter(self) -> int:
        return ROWS_WORTH_A_FILTER

    @property
    def order(self) -> str:
        """Return a key of `orders`."""
        return self.asked("sort") or NEWEST_FIRST

    @property
    def heads(self) -> dict[str, Head]:
        """Return the headings by the keys of their columns."""
        return {column.key: self._head(column) for column in self.columns}

    def _head(self, column: Column) -> Head:
        is_up, is_down = self.order == column.key, self.order == f"-{column.key}"
        after = f"-{column.key}" if is_up else column.key
        direction = "ascending" if is_up else "descending" if is_down else ""
        return Head(column, direction, after, self.query(sort=after))

    def query(self, **changes: object) -> str:
        """Return the query of this table's address, with these changes; "" for the table as it is at first."""
        asked: dict[str, object] = {field.name: self.asked(field.name) for field in self.filters}
        asked |= {"sort": "" if self.order == NEWEST_FIRST else self.order, **changes}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def query_without_filter(self) -> str:
        return self.query(**{field.name: "" for field in self.filters})


@dataclass(frozen=True)
class Part:
    """One page of a table. `selected`: the selected rows, whether this page shows them or not."""

    table: Table
    page: "Page[Any]"
    selected: Sequence[Model]

    @classmethod
    def of(
        cls, table: Table, rows: QuerySet[Any], rows_a_page: int, number: str | None, selected: Sequence[Model]
    ) -> "Part":
        """Return the page with that number, or the nearest that there is."""
        return cls(table, Paginator(rows, rows_a_page).get_page(number), selected)

    def context(self) -> dict[str, Any]:
        """Return what the templates of a table show, templates/parts/pages.html and selected.html among them."""
        query, shown = self.table.query(), list(self.page)
        return {
            "table": self.table,
            "page": self.page,
            "page_numbers": self.page.paginator.get_elided_page_range(self.page.number),
            "filter_query": f"{query}&" if query else "",
            "query": self.table.query(page=self.page.number if self.page.number > 1 else ""),
            "selected_elsewhere": [row for row in self.selected if row not in shown],
            "is_all_selected": all(row in self.selected for row in shown),
        }
