"""The words of Django's admin."""

import pytest
from django.contrib import admin
from django.db.models import Model


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model.__name__)
def test_many_of_them_are_called_so_in_english(model: type[Model]) -> None:
    one, many = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
    if one.endswith(("ch", "sh", "s", "x")):
        assert many.endswith("es")
    elif one.endswith("y") and one[-2] not in "aeiou":
        assert many.endswith("ies")
    else:
        assert many == f"{one}s"
