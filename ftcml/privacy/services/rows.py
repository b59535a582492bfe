"""Which rows of the database belong to a team, and which name a person, found by the links between tables.

A table that is added later belongs to them as soon as it links to them.
"""

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import CASCADE, BinaryField, Field, ForeignKey, Model, Q, QuerySet

from ftcml.accounts.models import Team, User

_OURS = ("ftcml.", "videos.", "datasets.", "training.")
# What opens something, or follows from it. No export has it.
_SECRETS = ("password", "secret", "digest", "key_hash", "session_key")
_ROWS_AT_ONCE = 500
# Text that is a person's user name, or has it in it: the table, the column, and where the column is JSON, the key.
NAMES_IN_TEXT = (
    ("training.JobEvent", "by", ""),
    ("training.JobEvent", "reason_params", "by"),
    ("training.TrainingJob", "reason_params", "by"),
    ("console.OperatorAction", "operator", ""),
)


@dataclass(frozen=True)
class Table:
    """Rows of one table that belong together. `name`: as in `videos.frame`."""

    name: str
    rows: QuerySet[Any]

    def lines(self) -> Iterator[bytes]:
        """Yield each row as a line of JSON, without what is secret. Short queries: other work continues meanwhile."""
        fields = [field for field in self.rows.model._meta.concrete_fields if _is_shown(field)]
        names = [field.attname for field in fields]
        rows, last = self.rows.order_by("pk"), None
        while some := list((rows if last is None else rows.filter(pk__gt=last)).values("pk", *names)[:_ROWS_AT_ONCE]):
            last = some[-1]["pk"]
            for row in some:
                shown = {name: row[name] for name in names}
                yield json.dumps(shown, cls=DjangoJSONEncoder, ensure_ascii=False).encode() + b"\n"


def of_team(team: Team) -> list[Table]:
    """Return the tables with rows of the team. People aren't rows of a team: their memberships are."""
    found = {Team: Q(pk=team.pk)} | {model: Q(**{path: team.pk}) for model, path in _paths_to(Team).items()}
    return _tables(found)


def of_person(user: User) -> list[Table]:
    """Return the tables with rows that are the person's own, or that name them."""
    found = _owned_by(user)
    for model in _our_models():
        for field in _links(model, User):
            found[model] = found.get(model, Q(pk__in=[])) | Q(**{field.name: user.pk})
    for model, condition in _in_text(user.username):
        found[model] = found.get(model, Q(pk__in=[])) | condition
    return _tables(found)


def owned_by(user: User) -> list[Table]:
    """Return the tables with rows that are the person's own, and go with them."""
    return _tables(_owned_by(user))


def _owned_by(user: User) -> dict[type[Model], Q]:
    paths: dict[type[Model], str] = {User: "pk", **_paths_to(User, owned_alone=True)}
    return {model: Q(**{path: user.pk}) for model, path in paths.items()}


def names(people: QuerySet[User]) -> Iterator[bytes]:
    """Yield who these people are, a line of JSON each."""
    for person in people:
        shown = {"id": person.pk, "username": person.username, "name": person.get_full_name()}
        yield json.dumps(shown, ensure_ascii=False).encode() + b"\n"


def links_to(target: type[Model]) -> "list[ForeignKey[Any, Any]]":
    """Return every column of any table that links to the target's rows."""
    return [field for model in apps.get_models() for field in _links(model, target)]


def _in_text(name: str) -> Iterator[tuple[type[Model], Q]]:
    for label, column, key in NAMES_IN_TEXT:
        yield apps.get_model(label), Q(**{f"{column}__{key}" if key else column: name})


def _tables(found: dict[type[Model], Q]) -> list[Table]:
    tables = []
    for model in sorted(found, key=lambda model: model._meta.label_lower):
        rows = model._base_manager.filter(found[model])
        if rows.exists():
            tables.append(Table(model._meta.label_lower, rows))
    return tables


def _paths_to(target: type[Model], owned_alone: bool = False) -> dict[type[Model], str]:
    """Return for each of our models the shortest way to the target, as a filter has it.

    `owned_alone`: only by links whose row goes with what it links to.
    """
    paths: dict[type[Model], str] = {}
    waiting: deque[tuple[type[Model], str]] = deque([(target, "")])
    models = [model for model in _our_models() if model not in (User, Team)]
    while waiting:
        reached, path = waiting.popleft()
        for model in models:
            if model in paths:
                continue
            links = [field for field in _links(model, reached) if not owned_alone or _is_owned(field)]
            if links:
                paths[model] = f"{links[0].name}__{path}" if path else links[0].name
                waiting.append((model, paths[model]))
    return paths


def _our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if f"{model.__module__}.".startswith(_OURS)]


def _links(model: type[Model], target: type[Model]) -> "list[ForeignKey[Any, Any]]":
    fields = model._meta.concrete_fields
    return [field for field in fields if isinstance(field, ForeignKey) and field.related_model is target]


def _is_owned(field: "ForeignKey[Any, Any]") -> bool:
    return field.remote_field.on_delete is CASCADE


def _is_shown(field: "Field[Any, Any]") -> bool:
    return not isinstance(field, BinaryField) and not any(word in field.name for word in _SECRETS)
