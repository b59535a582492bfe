"""The forms in which a dataset is changed. What may be changed is for services/editing.py to say."""

from django import forms

from datasets.label_names import MAX_LABEL_LENGTH
from ftcml.core.requests.parameters import Text


class LabelForm(forms.Form):
    """Another name for a label."""

    label = Text()
    name = Text(
        max_length=MAX_LABEL_LENGTH,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Enter a name, or delete the label."},
    )
