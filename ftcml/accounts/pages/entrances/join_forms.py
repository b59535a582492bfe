from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordMixin

from ftcml.accounts.models import JoinKey, User
from ftcml.accounts.services.membership import keys, user_names
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.accounts.services.membership.user_names import Wanted
from ftcml.core.requests.parameters import Text, WholeNumber, longest

_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
LASTING = {"3600": "1 hour", "86400": "1 day", "604800": "1 week"}


class KeyForm(forms.Form):
    """A join code, typed or from a link."""

    key = Text(
        label="Join code", widget=forms.TextInput(_PLAIN), error_messages={"required": "Type the code from your coach."}
    )


class NewAccountForm(SetPasswordMixin, forms.Form):  # type: ignore[type-arg]  # it takes none when the program runs
    """A person's own name and password, beside the key that lets them in."""

    key = Text(widget=forms.HiddenInput)
    name = Text(
        label="Your name or a nickname",
        widget=forms.TextInput({**_PLAIN, "autocomplete": "username"}),
        error_messages={"required": "Type a name that your team knows you by."},
    )
    password1, password2 = SetPasswordMixin.create_password_fields("Password", "Repeat the password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password2"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """Check the password, and find the user name that the name asks for."""
        self.validate_passwords()
        typed = " ".join(self.cleaned_data.get("name", "").split())
        if typed:
            try:
                self.wanted: Wanted = user_names.wanted(typed)
            except PersonRefused as refusal:
                self.add_error("name", str(refusal))
            else:
                user = User(username=self.wanted.username, first_name=self.wanted.display_name)
                self.validate_password_for_user(user)
        return self.cleaned_data


class InvitationForm(forms.Form):
    """Who becomes a coach. Without an address the link is shown, to hand over."""

    email = forms.EmailField(
        label="Their mail address (optional)",
        required=False,
        max_length=longest(JoinKey, "email"),
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"invalid": "Type a mail address, such as carla@school.example."},
    )


class CodeChoicesForm(forms.Form):
    """For how many people a code is, and how long it works."""

    people = WholeNumber(
        label="For how many people",
        initial=30,
        widget=forms.NumberInput({"min": 1, "max": keys.MOST_PEOPLE}),
        error_messages={"required": "Type how many people join.", "invalid": "Type a whole number."},
    )
    lasts = forms.ChoiceField(
        label="Works for", choices=list(LASTING.items()), initial=str(round(keys.CODE_LASTS.total_seconds()))
    )

    @property
    def duration(self) -> timedelta:
        return timedelta(seconds=int(self.cleaned_data["lasts"]))
