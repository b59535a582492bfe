"""What an operator types. The services decide whether it may be done."""

from django import forms

from ftcml.accounts.models import Team, User
from ftcml.console.services.minutes import MOST_MINUTES
from ftcml.console.services.teams import MOST_GIGABYTES, MOST_VIDEOS
from ftcml.core.requests.parameters import Text, WholeNumber, longest
from ftcml.privacy.models import Season
from training.models import Drain
from training.states import JobState


class TeamFilter(forms.Form):
    """Of which team to list rows. A number that cannot be understood lists all."""

    team = WholeNumber(
        label="Team number",
        required=False,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"invalid": "Type a team number, such as 7001."},
    )


class JobFilter(TeamFilter):
    """Which trainings to list. A field that is empty, or cannot be understood, lists all."""

    state = forms.ChoiceField(required=False, choices=[("", "All states"), *JobState.choices])


class MinutesForm(forms.Form):
    minutes = WholeNumber(
        widget=forms.NumberInput({"min": 1, "max": MOST_MINUTES}),
        error_messages={"required": "Type how many minutes to grant.", "invalid": "Type a whole number of minutes."},
    )


class WordsForm(forms.Form):
    """What the teams are told."""

    words = Text(required=False, widget=forms.Textarea({"rows": 3}))


class BannerForm(WordsForm):
    """What stands on all pages, and for how long."""

    lasts = forms.ChoiceField(
        label="Show for",
        choices=[
            ("1", "1 hour"),
            ("4", "4 hours"),
            ("24", "1 day"),
            ("72", "3 days"),
            ("168", "1 week"),
        ],
        initial="24",
    )


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


class TeamLimitsForm(forms.Form):
    """What a team may store. An empty field stands for the server's own limit."""

    gigabytes = WholeNumber(
        label="Storage",
        required=False,
        min_value=1,
        max_value=MOST_GIGABYTES,
        error_messages={"invalid": "Type a whole number of GB."},
    )
    videos = WholeNumber(
        label="Videos",
        required=False,
        min_value=0,
        max_value=MOST_VIDEOS,
        error_messages={"invalid": "Type a whole number of videos."},
    )


class AgainForm(forms.Form):
    """What is erased, typed once more."""

    again = Text(
        label="Team number",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Type the team number to erase it."},
    )


class PersonForm(forms.Form):
    """Whom it is about, and for erasing the name once more."""

    name = Text(
        label="User name",
        max_length=longest(User, "username"),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Type a user name."},
    )
    again = Text(
        label="User name again",
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class SeasonForm(forms.Form):
    season = Text(
        label="Name of the season",
        max_length=longest(Season, "name"),
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Type a name, such as 2026-27."},
    )


class TeamNameForm(forms.Form):
    name = Text(label="Team name", required=False, max_length=longest(Team, "name"))
