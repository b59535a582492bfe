"""Webhooks and their messages as API v1 shows them, and what it asks for."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ftcml.core.requests.parameters import ApiText
from ftcml.integrations.models import Delivery, MailWish, Webhook
from ftcml.integrations.services import webhooks


class EventsField(serializers.ListField):
    def __init__(self, **options: object) -> None:
        kinds = [(kind.value, kind.label) for kind in webhooks.CHOICES]
        super().__init__(child=serializers.ChoiceField(kinds), max_length=10, **options)


class WebhookSerializer(serializers.ModelSerializer):
    events = EventsField(read_only=True)
    is_on = serializers.BooleanField(read_only=True)
    why_off = serializers.CharField(
        read_only=True, help_text="The code for why it's off, empty while it's on: by_coach, kept_failing, gone, "
        "secret_lost.",
    )  # fmt: skip
    why_off_text = serializers.SerializerMethodField(help_text="The same in words. Words may change.")

    class Meta:
        model = Webhook
        fields = ("id", "url", "events", "created", "is_on", "why_off", "why_off_text", "off_since", "failing_since")
        read_only_fields = fields

    def get_why_off_text(self, hook: Webhook) -> str:
        return webhooks.shown(hook).why_off


class NewWebhookSerializer(serializers.Serializer):
    webhook = WebhookSerializer()
    secret = serializers.CharField(help_text="Signs every message, by Standard Webhooks. It is shown only once.")


class SecretSerializer(serializers.Serializer):
    secret = serializers.CharField()


class GivenWebhookSerializer(serializers.Serializer):
    """What may stand in the fields is for services/webhooks.py to say."""

    url = ApiText(help_text="Where your program listens: an https address that isn't in a private network.")
    events = EventsField()


class WebhookChangeSerializer(serializers.Serializer):
    """What isn't sent stays as it is."""

    url = ApiText(required=False)
    events = EventsField(required=False)
    is_on = serializers.BooleanField(required=False, help_text="Whether events are sent to it.")


class DeliverySerializer(serializers.ModelSerializer):
    event = serializers.CharField(source="event.type", read_only=True)
    event_id = serializers.UUIDField(read_only=True, help_text="The header webhook-id, the same in every try.")
    created = serializers.DateTimeField(source="event.created", read_only=True)
    data = serializers.DictField(source="event.data", read_only=True)
    problem = serializers.CharField(read_only=True, help_text="The code for why the latest try failed, or empty.")
    next_try = serializers.SerializerMethodField(help_text="Null unless it waits.")

    class Meta:
        model = Delivery
        fields = ("event", "event_id", "created", "data", "state", "tries", "tried_at", "status", "problem", "next_try")
        read_only_fields = fields

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_next_try(self, delivery: Delivery) -> object:
        return delivery.due if delivery.state == Delivery.State.WAITING else None


class NotificationsSerializer(serializers.Serializer):
    trainings = serializers.ChoiceField(
        ["", *MailWish.Trainings.values],
        help_text="At the end of which trainings you get an e-mail: `own` that you started, `team` all, or none.",
    )


class OwnNotificationsSerializer(NotificationsSerializer):
    mail_is_set = serializers.BooleanField(help_text="Whether this server can send e-mail.")
    has_address = serializers.BooleanField(help_text="Whether your account has a mail address.")
