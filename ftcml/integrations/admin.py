"""For operators: what is told to others, and the answers that are kept for requests that come again."""

from django.contrib import admin

from ftcml.accounts.admin import ReadOnlyAdmin
from ftcml.integrations.models import Delivery, Event, KeptAnswer, Letter, MailWish, Webhook


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    list_display = ("team", "url", "why_off", "failing_since")
    list_select_related = ("team",)
    exclude = ("secret_seed",)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("created", "team", "type")
    list_select_related = ("team",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("event", "webhook", "state", "tries", "status", "problem")
    list_select_related = ("event", "webhook")


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    list_display = ("event", "wish", "state", "tries", "problem")
    list_select_related = ("event", "wish__person")


@admin.register(MailWish)
class MailWishAdmin(ReadOnlyAdmin):
    list_display = ("person", "trainings")
    list_select_related = ("person",)


@admin.register(KeptAnswer)
class KeptAnswerAdmin(ReadOnlyAdmin):
    """Without the answers, which may name what only the person may see."""

    list_display = ("person", "key", "created", "held_until")
    list_select_related = ("person",)
    exclude = ("answer",)
