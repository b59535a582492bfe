from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from datasets.messages.production_words import METHODS
from datasets.models import Dataset
from datasets.production.choices import ProductionChoices, SplitMethod
from datasets.services.imports import MAX_EVAL_PERCENT, MAX_SEED
from ftcml.core.requests.parameters import Text, WholeNumber, longest


@dataclass(frozen=True)
class Method:
    """A way to split as a choice. `lines`: what it does."""

    name: str
    lines: list[str]

    def __str__(self) -> str:
        return self.name


class ProduceForm(forms.Form):
    """The dialog of Produce Dataset. What may be produced is services/labeling/production.py's business.

    It has a further field for each label, `name_0` and so on: its name in the dataset.
    """

    max_description = longest(Dataset, "description")

    description = Text(
        widget=forms.TextInput({"autocomplete": "off"}),
        max_length=max_description,
        error_messages={"required": "Add a short description, so that your team can find the dataset."},
    )
    is_next_version = forms.BooleanField(required=False, initial=True)
    reviewed_only = forms.BooleanField(label="Reviewed frames only", required=False)
    eval_percent = WholeNumber(
        label="Evaluation frames",
        widget=forms.NumberInput({"step": 5}),
        min_value=0,
        max_value=MAX_EVAL_PERCENT,
        initial=20,
        error_messages={"required": "Enter a percentage. 20 is a good choice."},
    )
    method = forms.ChoiceField(
        label="Split",
        choices=[(method.value, Method(METHODS[method][0], [METHODS[method][1]])) for method in SplitMethod],
        initial=SplitMethod.BLOCKS.value,
        widget=forms.RadioSelect({"class": "form-check-input"}),
        error_messages={"required": "Choose how to split.", "invalid_choice": "Choose a split from the list."},
    )
    seed = WholeNumber(
        label="Random seed",
        min_value=0,
        max_value=MAX_SEED,
        initial=0,
        error_messages={"required": "Enter a random seed. Any number works, such as 0."},
    )

    def __init__(self, *args: Any, labels: Sequence[str], kept: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self._labels, self.kept = labels, tuple(kept)
        for number, label in enumerate(labels):
            self.fields[_field(number)] = Text(
                label=label, required=False, initial=label, widget=forms.TextInput({"placeholder": "Left out"})
            )

    def names(self) -> list[forms.BoundField]:
        """Return the fields of the labels' names, in the labels' order."""
        return [self[_field(number)] for number in range(len(self._labels))]

    def id_of(self, label: str) -> str:
        """Return the id of the field with the label's name, "" where the form has none."""
        return self[_field(self._labels.index(label))].id_for_label if label in self._labels else ""

    def choices(self) -> ProductionChoices:
        """Return what the form says, which is valid but for its description."""
        said = self.cleaned_data
        names = {label: said[_field(number)] for number, label in enumerate(self._labels)}
        return ProductionChoices(
            videos=(),
            method=SplitMethod(said["method"]),
            eval_percent=said["eval_percent"],
            seed=said["seed"],
            labels={old: new for old, new in names.items() if new != old},
            kept=self.kept,
            reviewed_only=said["reviewed_only"],
            offered=tuple(self._labels),
        )

    def wrong_choice(self) -> str:
        """Return what is wrong with anything but the description, "" for nothing."""
        return next((str(told[0]) for name, told in self.errors.items() if name != "description"), "")


def _field(number: int) -> str:
    return f"name_{number}"
