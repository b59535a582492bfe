from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from ftcml.accounts.models import ApiToken
from ftcml.accounts.services.guessing import try_password
from ftcml.core.requests.parameters import longest

WRONG = "This user name and password do not belong together. Check both (capitals matter) or ask your coach."
CLOSED = (
    "This account is closed while this server serves others. Sign in with another one; "
    "your coach or the person who runs the server can make it."
)


class TokenForm(forms.Form):
    name = forms.CharField(
        max_length=longest(ApiToken, "name"),
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Write what the token is for."},
    )


class NamesForm(forms.Form):
    """Who is added to a team. Which of the lines are names is members.add's business."""

    names = forms.CharField(
        label="User names, one on each line",
        required=False,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "autocapitalize": "none"}),
    )

    @property
    def lines(self) -> list[str]:
        return str(self["names"].value() or "").splitlines()


class SignInForm(AuthenticationForm):
    request: HttpRequest
    keep = forms.BooleanField(label="Keep me signed in", required=False)

    def clean(self) -> dict[str, Any]:
        """Try the password. Raises TooManyTries and Busy, which are no fault of the input."""
        name, password = (self.cleaned_data.get(field) for field in ("username", "password"))
        if name is not None and password:
            self.user_cache = try_password(self.request, name, password)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data

    def get_invalid_login_error(self) -> ValidationError:
        is_closed = self.cleaned_data.get("username") in settings.CLOSED_ACCOUNTS
        return ValidationError(CLOSED if is_closed else WRONG)
