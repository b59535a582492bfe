from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from ftcml.accounts import messages
from ftcml.accounts.models import ApiToken, Scope
from ftcml.accounts.services.guessing import try_password
from ftcml.accounts.services.membership import user_names
from ftcml.core.requests.parameters import longest

# The ids of the dialog's fields, which stands on pages that have forms of their own.
AGAIN = "again_%s"


@dataclass(frozen=True)
class ScopeChoice:
    """A scope as the dialog offers it: templates/parts/field.html shows its name and the lines below."""

    scope: Scope

    def __str__(self) -> str:
        return self.scope.label

    @property
    def lines(self) -> list[str]:
        return [messages.SCOPES[self.scope]]


class TokenForm(forms.Form):
    name = forms.CharField(
        max_length=longest(ApiToken, "name"),
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Write what the token is for."},
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        required=False,
        choices=[(scope.value, ScopeChoice(scope)) for scope in Scope if scope != Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )


class NamesForm(forms.Form):
    """Who is added to a team."""

    names = forms.CharField(
        label="Names",
        required=False,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "autocapitalize": "none"}),
    )

    @property
    def typed_names(self) -> list[str]:
        return user_names.split(str(self["names"].value() or ""))


class TeamUploadsForm(forms.Form):
    """Who of a team uploads videos."""

    members_upload = forms.BooleanField(label="Everyone on the team may upload videos", required=False)


class SignInForm(AuthenticationForm):
    request: HttpRequest
    keep = forms.BooleanField(label="Keep me signed in", required=False)

    @classmethod
    def again(cls, request: HttpRequest, initial: dict[str, Any]) -> Self:
        """Return the form of the dialog in which the page's own person signs in again."""
        return cls(request, initial=initial, auto_id=AGAIN)

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
        return ValidationError(messages.CLOSED_ACCOUNT if is_closed else messages.WRONG_PASSWORD)


class CodeForm(forms.Form):
    """A code from a phone, or a recovery code."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": "Type the code that your phone shows."},
    )


class TurnOnForm(CodeForm):
    """Two-step sign-in, which the person's password turns on."""

    password = forms.CharField(
        label="Your password", strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


class OwnPasswordForm(PasswordChangeForm):
    """Django's own, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("new_password1", "New password"), ("new_password2", "Repeat the new password")):
            self.fields[name].label, self.fields[name].help_text = label, ""
