"""What an operator types. Whether it may be done is the verbs' business."""

from django import forms

from ftcml.console.services.minutes import MOST_MINUTES
from ftcml.core.requests.parameters import Text, WholeNumber
from training.states import JobState


class JobFilter(forms.Form):
    """Which trainings to list. A field that is empty, or cannot be understood, lists all."""

    team = WholeNumber(
        label="Team number",
        required=False,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"invalid": "Write a team's number, for example 7001."},
    )
    state = forms.ChoiceField(required=False, choices=[("", "all states"), *JobState.choices])


class MinutesForm(forms.Form):
    minutes = WholeNumber(
        widget=forms.NumberInput({"min": 1, "max": MOST_MINUTES}),
        error_messages={"required": "Say how many minutes to grant.", "invalid": "Write whole minutes."},
    )


class WordsForm(forms.Form):
    """What the teams are told."""

    words = Text(required=False, widget=forms.Textarea({"rows": 3}))
