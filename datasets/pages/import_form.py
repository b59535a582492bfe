from dataclasses import fields

from django import forms

from datasets.formats.catalog import FORMATS
from datasets.models import Dataset
from datasets.services.imports import MAX_EVAL_PERCENT, MAX_SEED, ImportChoices
from ftcml.core.requests.parameters import Text, WholeNumber, longest


class ImportForm(forms.Form):
    """The import dialog. What the archive must be is imports.request_import's business."""

    upload = forms.FileField(
        label="Zip file",
        widget=forms.FileInput({"accept": ".zip,application/zip"}),
        error_messages={"required": "Choose a zip file first.", "empty": "This file is empty. Choose another."},
    )
    description = Text(
        widget=forms.TextInput({"autocomplete": "off"}),
        max_length=longest(Dataset, "description"),
        error_messages={"required": "Give the dataset a description, so that your team recognises it later."},
    )
    eval_percent = WholeNumber(
        label="Frames for evaluation",
        widget=forms.NumberInput({"step": 5}),
        min_value=0,
        max_value=MAX_EVAL_PERCENT,
        initial=Dataset._meta.get_field("eval_percent").default,
        error_messages={"required": "Say how many percent of the frames to keep for evaluation: 20 is a good choice."},
    )
    archive_format = forms.ChoiceField(
        label="Format",
        required=False,
        choices=[("", "Find out"), *((known.key, known.name) for known in FORMATS.values())],
    )
    keeps_split = forms.BooleanField(label="Keep the split of the archive, if it has one", required=False, initial=True)
    split_seed = WholeNumber(
        label="Drawn by the number",
        min_value=0,
        max_value=MAX_SEED,
        initial=0,
        error_messages={"required": "Say by which number the split is drawn: 0, if you do not care."},
    )
    merges_labels = forms.BooleanField(
        label="Merge labels that differ only in capitals, such as “Cone” and “cone”", required=False
    )

    @property
    def choices(self) -> ImportChoices:
        """What the person chose beside the file and its description."""
        chosen = self.cleaned_data
        return ImportChoices(**{field.name: chosen[field.name] for field in fields(ImportChoices)})
