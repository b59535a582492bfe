"""The operators' switches: may trainings start, is the maintenance page shown, and what does the banner say?"""

from datetime import timedelta

from django.db import models, transaction

from ftcml.accounts.models import User
from ftcml.console import messages
from ftcml.console.models import MaintenancePage
from ftcml.console.services import audit
from ftcml.console.services.refusals import ActionRefused
from ftcml.core import clock
from ftcml.core.requests.parameters import longest
from training.models import TrainingSwitch


@transaction.atomic
def switch_training_off(operator: User, reason: str) -> None:
    """Queue no more trainings; those that wait or run continue. Raises ActionRefused if the reason is too long."""
    reason = _cleaned(reason, TrainingSwitch, "reason")
    TrainingSwitch.objects.update_or_create(pk=1, defaults={"is_on": False, "reason": reason})
    audit.record(operator, audit.Kind.TRAINING_OFF, "training", reason)


@transaction.atomic
def switch_training_on(operator: User) -> None:
    TrainingSwitch.objects.update_or_create(pk=1, defaults={"is_on": True, "reason": ""})
    audit.record(operator, audit.Kind.TRAINING_ON, "training")


@transaction.atomic
def begin_maintenance(operator: User, sentence: str) -> None:
    """Show everyone but operators this message instead of pages; trainings continue. Raises ActionRefused."""
    sentence = _cleaned(sentence, MaintenancePage, "sentence")
    if not sentence:
        raise ActionRefused(messages.NO_MESSAGE)
    MaintenancePage.objects.update_or_create(pk=1, defaults={"is_on": True, "sentence": sentence})
    audit.record(operator, audit.Kind.MAINTENANCE_ON, "maintenance page", sentence)


@transaction.atomic
def end_maintenance(operator: User) -> None:
    """Hide the maintenance page. Its message stays as the next one's suggestion."""
    MaintenancePage.objects.update_or_create(pk=1, defaults={"is_on": False})
    audit.record(operator, audit.Kind.MAINTENANCE_OFF, "maintenance page")


@transaction.atomic
def show_banner(operator: User, sentence: str, lasts: timedelta) -> None:
    """Show everyone this sentence on top of all pages, for so long. Raises ActionRefused."""
    sentence = _cleaned(sentence, MaintenancePage, "banner")
    if not sentence:
        raise ActionRefused(messages.NO_MESSAGE)
    page, _ = MaintenancePage.objects.select_for_update().get_or_create(pk=1)
    page.banner, page.banner_ends = sentence, clock.now() + lasts
    page.banner_number += 1
    page.save(update_fields=["banner", "banner_ends", "banner_number"])
    audit.record(operator, audit.Kind.BANNER_ON, "banner", sentence)


@transaction.atomic
def hide_banner(operator: User) -> None:
    MaintenancePage.objects.filter(pk=1).update(banner="", banner_ends=None)
    audit.record(operator, audit.Kind.BANNER_OFF, "banner")


def _cleaned(words: str, model: type[models.Model], field: str) -> str:
    """Return the words with single blanks. Raises ActionRefused if they are too long."""
    words = " ".join(words.split())
    if len(words) > longest(model, field):
        raise ActionRefused(messages.too_long(longest(model, field), len(words)))
    return words
