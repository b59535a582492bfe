from django import forms

from datasets.models import Dataset


class ImportForm(forms.Form):
    """The import dialog. What the archive must be is production.request_import's business."""

    upload = forms.FileField(
        label="Zip file",
        error_messages={"required": "Choose a zip file first.", "empty": "This file is empty. Choose another."},
    )
    description = forms.CharField(
        max_length=Dataset._meta.get_field("description").max_length,
        error_messages={"required": "Give the dataset a description, so that your team recognises it later."},
    )
    eval_percent = forms.IntegerField(
        label="For evaluation",
        min_value=0,
        max_value=90,
        initial=Dataset._meta.get_field("eval_percent").default,
        error_messages={"required": "Say how many percent of the frames to keep for evaluation: 20 is a good choice."},
    )
