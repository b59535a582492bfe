"""The form by which a person has a model run over frames of a video."""

from collections.abc import Sequence
from typing import Any

from django import forms

from ftcml.core.requests.parameters import WholeNumber
from training.models import ModelRun, TrainingJob
from training.proposals.runs import DEFAULT_CONFIDENCE, RunChoices


class RunForm(forms.Form):
    """Frames are counted from 1, as the page counts them. Whether a run may be is for proposals/runs.py to say."""

    job = forms.ChoiceField(label="Model", error_messages={"invalid_choice": "That model was deleted. Choose another."})
    purpose = forms.ChoiceField(choices=ModelRun.Purpose.choices, initial=ModelRun.Purpose.PROPOSALS)
    first = WholeNumber(label="From frame", min_value=1, required=False)
    last = WholeNumber(label="To frame", min_value=1, required=False)
    confidence = WholeNumber(
        label="Minimum confidence", min_value=1, max_value=99, required=False, initial=round(100 * DEFAULT_CONFIDENCE)
    )

    def __init__(self, *args: Any, models: Sequence[TrainingJob], **options: Any) -> None:
        super().__init__(*args, **options)
        self._models = {str(job.pk): job for job in models}
        job = self.fields["job"]
        assert isinstance(job, forms.ChoiceField)
        job.choices = [(key, str(job)) for key, job in self._models.items()]

    @property
    def chosen(self) -> TrainingJob:
        """The model of a valid form."""
        return self._models[self.cleaned_data["job"]]

    def choices(self) -> RunChoices:
        """What the person chose in the form, which is valid."""
        said = self.cleaned_data
        confidence = said["confidence"]
        return RunChoices(
            purpose=ModelRun.Purpose(said["purpose"]),
            first=(said["first"] or 1) - 1,
            last=said["last"] and said["last"] - 1,
            minimum_confidence=DEFAULT_CONFIDENCE if confidence is None else confidence / 100,
        )

    def first_error(self) -> str:
        """Return a sentence for the whole form."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")
