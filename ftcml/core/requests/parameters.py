"""What a request may say: the one place for a whole number and for a text, from a query, a form or a body.

A number is one that every database can hold and every formula can take; a text has an end, and no NUL, which
PostgreSQL refuses. Whether a number or text makes sense is for the verbs to say.
"""

from typing import Any

from django import forms
from django.db.models import CharField, Model
from rest_framework import serializers
from rest_framework.pagination import LimitOffsetPagination

# What an integer column holds on every database.
LARGEST = 2**31 - 1
# Letters of a text whose field sets no limit of its own. SQLite refuses to search for 50,000.
LONGEST = 1_000


def whole_number(text: str) -> int | None:
    """Return the number from 0 on that the digits of `text` make, at most LARGEST; None for anything else."""
    if not (text.isascii() and text.isdecimal()):
        return None
    digits = text.lstrip("0")
    return LARGEST if len(digits) > len(str(LARGEST)) else min(int(digits or "0"), LARGEST)


def plain_text(text: str) -> str:
    """Return the text of a query; "" for one that is longer than any that is looked for, or that holds a NUL."""
    return "" if "\0" in text or len(text) > LONGEST else text


def longest(model: type[Model], column: str) -> int:
    """Return how many characters that column of a model's table holds."""
    field = model._meta.get_field(column)
    assert isinstance(field, CharField)
    return field.max_length or LONGEST


def _bounded(number: int) -> int:
    return max(-LARGEST, min(number, LARGEST))


class WholeNumber(forms.IntegerField):
    """A whole number in a form. One beyond LARGEST counts as LARGEST, so that the verb refuses it in its own words."""

    def to_python(self, value: Any) -> int | None:
        number = super().to_python(value)
        return None if number is None else _bounded(number)


class Text(forms.CharField):
    """A text in a form."""

    def __init__(self, *, max_length: int = LONGEST, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)


class ApiWholeNumber(serializers.IntegerField):
    """The same in a query or body of the API."""

    def to_internal_value(self, data: Any) -> int:
        return _bounded(super().to_internal_value(data))


class ApiText(serializers.CharField):
    """A text in a query or body of the API."""

    def __init__(self, *, max_length: int = LONGEST, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)


class Pages(LimitOffsetPagination):
    """The pages of the API's lists. What isn't a number counts as not given, and a larger one as the largest."""

    max_limit = 1_000

    def get_offset(self, request: Any) -> int:
        return min(super().get_offset(request), LARGEST)
