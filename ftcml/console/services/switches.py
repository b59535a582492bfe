"""The operators' switches: whether trainings may start, and whether the maintenance page is shown."""

from django.db import models, transaction

from ftcml.accounts.models import User
from ftcml.console.models import MaintenancePage
from ftcml.console.services import audit
from ftcml.console.services.refusals import ActionRefused
from ftcml.core.requests.parameters import longest
from training.models import TrainingSwitch

FIRST_SENTENCE = "This server is being looked after. Your work is safe; come back in a while."


@transaction.atomic
def switch_training_off(operator: User, reason: str) -> None:
    """No training is queued any more; what waits or runs goes on. Raises ActionRefused when the reason is too long."""
    reason = _cleaned(reason, TrainingSwitch, "reason")
    TrainingSwitch.objects.update_or_create(pk=1, defaults={"is_on": False, "reason": reason})
    audit.record(operator, audit.Kind.TRAINING_OFF, "training", reason)


@transaction.atomic
def switch_training_on(operator: User) -> None:
    TrainingSwitch.objects.update_or_create(pk=1, defaults={"is_on": True, "reason": ""})
    audit.record(operator, audit.Kind.TRAINING_ON, "training")


@transaction.atomic
def begin_maintenance(operator: User, sentence: str) -> None:
    """Everybody but operators sees this sentence instead of pages; running trainings go on. Raises ActionRefused."""
    sentence = _cleaned(sentence, MaintenancePage, "sentence")
    if not sentence:
        raise ActionRefused("Write a sentence that tells the teams what is going on.")
    MaintenancePage.objects.update_or_create(pk=1, defaults={"is_on": True, "sentence": sentence})
    audit.record(operator, audit.Kind.MAINTENANCE_ON, "maintenance page", sentence)


@transaction.atomic
def end_maintenance(operator: User) -> None:
    """The sentence stays, to begin the next one with."""
    MaintenancePage.objects.update_or_create(pk=1, defaults={"is_on": False})
    audit.record(operator, audit.Kind.MAINTENANCE_OFF, "maintenance page")


def _cleaned(words: str, model: type[models.Model], field: str) -> str:
    """The words without blanks around them. Raises ActionRefused when they are too long."""
    words = " ".join(words.split())
    if len(words) > longest(model, field):
        raise ActionRefused(f"Write at most {longest(model, field)} characters; these are {len(words)}.")
    return words
