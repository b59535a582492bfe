from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm

from ftcml.accounts.models import User
from ftcml.core.requests.parameters import Text, longest


class AddressForm(forms.Form):
    """A mail address to which a link to a new password goes."""

    email = forms.EmailField(
        label="Mail address",
        max_length=longest(User, "email"),
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": "Type the mail address of your account.",
            "invalid": "Type a mail address, such as carla@school.example.",
        },
    )


class OwnAddressForm(AddressForm):
    """The address of one's own account, with the password that proves whose it is."""

    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": "Type your password."},
    )


class KeyOfMailForm(forms.Form):
    """The key of a link in a mail, which the page's script puts here."""

    key = Text(required=False, widget=forms.HiddenInput)


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # it takes none when the program runs
    """Django's own, in our words, with the key that lets set it."""

    key = Text(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("new_password1", "New password"), ("new_password2", "Repeat the new password")):
            self.fields[name].label, self.fields[name].help_text = label, ""
