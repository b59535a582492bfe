"""What an operator types. The services decide whether it may be done."""

from django import forms

from ftcml.accounts.models import Team, User
from ftcml.console.services.minutes import MOST_MINUTES
from ftcml.core.requests.parameters import Text, WholeNumber, longest
from training.models import Drain
from training.states import JobState


class JobFilter(forms.Form):
    """Which trainings to list. A field that is empty, or cannot be understood, lists all."""

    team = WholeNumber(
        label="Team number",
        required=False,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"invalid": "Type a team number, such as 7001."},
    )
    state = forms.ChoiceField(required=False, choices=[("", "All states"), *JobState.choices])


class MinutesForm(forms.Form):
    minutes = WholeNumber(
        widget=forms.NumberInput({"min": 1, "max": MOST_MINUTES}),
        error_messages={"required": "Type how many minutes to grant.", "invalid": "Type a whole number of minutes."},
    )


class WordsForm(forms.Form):
    """What the teams are told."""

    words = Text(required=False, widget=forms.Textarea({"rows": 3}))


class DrainForm(forms.Form):
    """How a worker comes to rest."""

    how = forms.ChoiceField(
        label="What becomes of its present training", choices=Drain.choices, widget=forms.RadioSelect
    )


class TeamForm(forms.Form):
    """A new team and its first coach."""

    program = forms.ChoiceField(choices=Team.Program.choices)
    number = WholeNumber(
        label="Team number",
        min_value=1,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"required": "Type the team number.", "invalid": "Type a whole number, such as 7001."},
    )
    name = Text(label="Team name (optional)", required=False, max_length=longest(Team, "name"))
    coach = Text(
        label="Coach",
        max_length=longest(User, "username"),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Type the coach's name."},
    )


class TeamNameForm(forms.Form):
    name = Text(label="Team name", required=False, max_length=longest(Team, "name"))
