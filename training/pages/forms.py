from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings

from datasets.models import Dataset
from detector.contract import catalog
from detector.contract.suppression import DEFAULT_DETECTIONS, EARLIER_DETECTIONS, FEWEST_DETECTIONS, MOST_DETECTIONS
from ftcml.core.requests.parameters import Text, WholeNumber, longest
from training.models import TrainingJob
from training.refusals import JobRefused
from training.services.starting.choices import TrainingChoices
from training.services.starting.starting_offers import StartingOffer


class MoreForm(forms.Form):
    """The fields of the More Training pop-up. Whether a job may have these values is jobs.train_more's business."""

    min_steps, max_steps = settings.MIN_TRAINING_STEPS, settings.MAX_TRAINING_STEPS
    usual_detections, old_detections = DEFAULT_DETECTIONS, EARLIER_DETECTIONS
    max_description = longest(TrainingJob, "description")

    description = Text(
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Describe your model, so your team can recognize it."},
    )
    training_steps = WholeNumber(
        label="Number of Training Steps",
        # The arrows count from the least, and stop at multiples of 100.
        widget=forms.NumberInput({"min": 0, "max": max_steps, "step": 100}),
        error_messages={"required": "Choose how many steps to train.", "invalid": "Write the steps as a whole number."},
    )
    max_minutes = WholeNumber(
        label="Maximum Training Time",
        widget=forms.NumberInput({"min": 1}),
        error_messages={"required": "Choose how many minutes to allow.", "invalid": "Write whole minutes."},
    )
    # Without it, as from a page that was open before an upgrade, it's the usual number or the parent's.
    max_detections = WholeNumber(
        label="Maximum Detections",
        required=False,
        initial=DEFAULT_DETECTIONS,
        widget=forms.NumberInput({"min": FEWEST_DETECTIONS, "max": MOST_DETECTIONS}),
        error_messages={"invalid": "Write the detections as a whole number."},
    )
    # Made by the dialog: a form that arrives twice carries the same one, and starts one job.
    job_id = forms.UUIDField()

    def initial_values(self) -> dict[str, object]:
        """What the fields hold before anybody typed."""
        return {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}

    def choices(self, datasets: Sequence[Dataset]) -> TrainingChoices:
        """What the person chose in the form, which is valid, for these datasets."""
        chosen = {name: value for name, value in self.cleaned_data.items() if name != "job_id"}
        return TrainingChoices(datasets, **chosen)

    def refuse(self, refusal: JobRefused) -> str:
        """Mark the field that has to change; return the sentence for the whole form where it is none of them."""
        if refusal.field not in self.fields:
            return str(refusal)
        self.add_error(refusal.field, str(refusal))
        return ""


class StartForm(MoreForm):
    """The fields of the Start Training pop-up: one more. Whether a job may have them is jobs.start's business."""

    starting_model = forms.ChoiceField(
        label="Starting Model",
        initial=catalog.DEFAULT,
        widget=forms.RadioSelect({"class": "form-check-input"}),
        error_messages={
            "required": "Choose a starting model.",
            "invalid_choice": "Choose a starting model from the list.",
        },
    )

    def __init__(self, *args: Any, offers: Sequence[StartingOffer], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["starting_model"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(offer.name, offer) for offer in offers]


class PlanForm(forms.Form):
    """What the plan in the pop-up depends on, at any moment of typing: a number that is not one yet is None.

    `suggested_steps`, `suggested_minutes`: what the dialog suggested last. A field that still holds it follows.
    """

    starting_model = Text(required=False)
    training_steps = WholeNumber(required=False, min_value=0)
    max_minutes = WholeNumber(required=False, min_value=0)
    suggested_steps = WholeNumber(required=False)
    suggested_minutes = WholeNumber(required=False)


class CurvesForm(forms.Form):
    """What a graph asks for."""

    since = WholeNumber(required=False, min_value=0)
