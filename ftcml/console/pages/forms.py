"""What an operator types. Whether it may be done is the verbs' business."""

from django import forms

from ftcml.core.requests.parameters import Text, WholeNumber
from training.states import JobState


class JobFilter(forms.Form):
    """Which trainings to list. A field that is empty, or cannot be understood, lists all."""

    team = WholeNumber(required=False, error_messages={"invalid": "Write a team's number, for example 7001."})
    state = forms.ChoiceField(required=False, choices=[("", "all states"), *JobState.choices])


class MinutesForm(forms.Form):
    minutes = WholeNumber(
        error_messages={"required": "Say how many minutes to grant.", "invalid": "Write whole minutes."}
    )


class WordsForm(forms.Form):
    """What the teams are told."""

    words = Text(required=False)
