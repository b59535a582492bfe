from django import forms

from ftcml.core.requests.parameters import Text, longest
from ftcml.integrations.models import MailWish, Webhook
from ftcml.integrations.services.webhooks import CHOICES


class WebhookForm(forms.Form):
    """Where events are sent, and which."""

    url = Text(
        label="Address",
        max_length=longest(Webhook, "url"),
        widget=forms.URLInput({"autocomplete": "off", "placeholder": "https://"}),
        error_messages={"required": "Type the address of your program."},
    )
    events = forms.MultipleChoiceField(
        label="Send when",
        choices=[(kind.value, kind.label) for kind in CHOICES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one event."},
    )


class MailForm(forms.Form):
    """About which trainings a person gets e-mail."""

    trainings = forms.ChoiceField(
        label="Send me an e-mail at the end of",
        required=False,
        choices=[("", "No training"), *MailWish.Trainings.choices],
    )
