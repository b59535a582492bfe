from dataclasses import fields
from typing import Any

from django import forms

from datasets.formats.catalog import FORMATS
from datasets.models import Dataset
from datasets.services.imports import MAX_EVAL_PERCENT, MAX_SEED, ImportChoices
from ftcml.core.requests.parameters import Text, WholeNumber, longest

# What an archive may become.
DATASET, FRAMES = "dataset", "frames"


class ImportForm(forms.Form):
    """The import dialog. What the archive must be is imports.request_import's business."""

    upload = forms.FileField(
        label="Zip file",
        widget=forms.FileInput({"accept": ".zip,application/zip"}),
        error_messages={"required": "Choose a zip file.", "empty": "That file is empty. Choose another."},
    )
    description = Text(
        widget=forms.TextInput({"autocomplete": "off"}),
        max_length=longest(Dataset, "description"),
        error_messages={"required": "Enter a description, so that your team can find the dataset."},
    )
    becomes = forms.ChoiceField(
        label="Import as",
        widget=forms.RadioSelect,
        choices=[(DATASET, "A finished dataset"), (FRAMES, "Frames to label")],
        initial=DATASET,
        required=False,
    )
    eval_percent = WholeNumber(
        label="Evaluation frames",
        widget=forms.NumberInput({"step": 5}),
        min_value=0,
        max_value=MAX_EVAL_PERCENT,
        initial=Dataset._meta.get_field("eval_percent").default,
        error_messages={"required": "Enter a percentage. 20 is a good choice."},
    )
    archive_format = forms.ChoiceField(
        label="Format",
        required=False,
        choices=[("", "Detect the format"), *((known.key, known.name) for known in FORMATS.values())],
    )
    keeps_split = forms.BooleanField(
        label="Keep the split that came with the pictures, if any", required=False, initial=True
    )
    split_seed = WholeNumber(
        label="Random seed",
        min_value=0,
        max_value=MAX_SEED,
        initial=0,
        error_messages={"required": "Enter a random seed. Any number works, such as 0."},
    )
    merges_labels = forms.BooleanField(
        label="Merge labels that differ only in capital letters, such as “Cone” and “cone”", required=False
    )

    def clean(self) -> dict[str, Any]:
        """Pass over what is only asked of a dataset where there will be none: the dialog hides it."""
        said = super().clean() or self.cleaned_data
        if said.get("becomes") == FRAMES:
            for name in ("eval_percent", "split_seed"):
                if self.errors.pop(name, None):
                    said[name] = self.fields[name].initial
        return said

    @property
    def is_for_frames(self) -> bool:
        """Return whether the archive becomes frames to label, rather than a dataset."""
        return bool(self.cleaned_data["becomes"] == FRAMES)

    @property
    def choices(self) -> ImportChoices:
        """Return what the person chose beside the file and its description."""
        chosen = self.cleaned_data
        return ImportChoices(**{field.name: chosen[field.name] for field in fields(ImportChoices)})
