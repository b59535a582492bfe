"""The form of every dialog that gives something another name: templates/parts/rename_dialog.html shows it."""

from typing import Any

from django import forms
from django.db.models import Model

from ftcml.core.requests.parameters import Text, longest


class RenameForm(forms.Form):
    """A new description for a row of `model`, which has that column."""

    description = Text(
        label="Name",
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Enter a name."},
    )

    def __init__(self, model: type[Model], data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        most = longest(model, "description")
        field = self.fields["description"]
        assert isinstance(field, forms.CharField)
        field.max_length = most
        field.widget.attrs["maxlength"] = str(most)
