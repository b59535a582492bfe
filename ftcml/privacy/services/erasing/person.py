"""Erases a person: the own rows go, and what others need stays without the name.

Each step is a short transaction and may be repeated, so that a worker that was killed in the middle is followed by
another one. The account goes last: by it one finds the rest.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import SET_NULL, Model, QuerySet

from ftcml.accounts.models import User
from ftcml.audit.services import access_log
from ftcml.privacy.services.exports import exports
from ftcml.privacy.services.rows import NAMES_IN_TEXT, links_to

# Stands where the user name stood.
FORMER = "former-member"
# Text that may have the name within it.
_SENTENCES = (
    ("accounts.LedgerEntry", "reason"),
    ("console.OperatorAction", "subject"),
    ("console.OperatorAction", "details"),
    ("admin.LogEntry", "object_repr"),
    ("admin.LogEntry", "change_message"),
)
_ROWS_AT_ONCE = 200

Beat = Callable[[], None]


def erase(person: User, beat: Beat) -> None:
    """Erase the person. `beat`: called between the steps; what it raises ends this."""
    _lock_out(person)
    beat()
    exports.stop(exports.of_person(person))
    exports.remove(exports.of_person(person))
    _forget_name(person, beat)
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk)).delete()
    tokens = (access_log.Kind.TOKEN_MADE, access_log.Kind.TOKEN_REVOKED)
    access_log.forget_names(person=person, kind__in=tokens)
    let_go(person, beat)
    with transaction.atomic():
        person.delete()


def let_go(row: Model, beat: Beat) -> None:
    """Empty every column that links to the row and may be empty, some rows at a time."""
    for field in links_to(type(row)):
        if field.remote_field.on_delete is SET_NULL:
            linked = field.model._base_manager.filter(**{field.name: row.pk})
            _each_some(linked, lambda some, name=field.name: some.update(**{name: None}), beat)  # type: ignore[misc]


def replace_words(words: Sequence[str], by: str, beat: Beat) -> None:
    """Replace each of these words or names in the sentences that the server keeps."""
    for word in filter(None, words):
        whole = re.compile(rf"(?<![\w.@+-]){re.escape(word)}(?![\w@+-])")
        for label, column in _SENTENCES:
            beat()
            for row in apps.get_model(label)._base_manager.filter(**{f"{column}__contains": word}):
                text = whole.sub(by, getattr(row, column))
                type(row)._base_manager.filter(pk=row.pk).update(**{column: text})


def _lock_out(person: User) -> None:
    """End the person's sessions and keys, so that nothing new is made meanwhile."""
    if person.is_active or person.has_usable_password():
        person.is_active = False
        person.set_unusable_password()
        person.save()


def _forget_name(person: User, beat: Beat) -> None:
    """Put another word where the user name stands as text."""
    name = person.username
    for label, column, key in NAMES_IN_TEXT:
        rows = apps.get_model(label)._base_manager.filter(**{f"{column}__{key}" if key else column: name})
        if not key:
            _each_some(rows, lambda some, column=column: some.update(**{column: FORMER}), beat)  # type: ignore[misc]
            continue
        for row in rows.iterator(_ROWS_AT_ONCE):
            value = {**getattr(row, column), key: FORMER}
            type(row)._base_manager.filter(pk=row.pk).update(**{column: value})
            beat()
    replace_words([name, person.get_full_name()], FORMER, beat)


def _each_some(rows: QuerySet[Any], change: Callable[[QuerySet[Any]], object], beat: Beat) -> None:
    """Change all rows, after which they are no longer among `rows`, some at a time."""
    while some := list(rows.order_by().values_list("pk", flat=True)[:_ROWS_AT_ONCE]):
        change(rows.model._base_manager.filter(pk__in=some))
        beat()
