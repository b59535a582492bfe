"""Alarms: problems that only a person can solve. Each kind has one sentence."""

import logging

from ftcml.installation.models import Alarm

log = logging.getLogger(__name__)


def settle(kind: str, sentence: str) -> None:
    """Sound the alarm of this kind, or end it if the sentence is ""."""
    if not sentence:
        if Alarm.objects.filter(kind=kind).delete()[0]:
            log.info("the alarm about %s is over", kind)
        return
    alarm, is_new = Alarm.objects.get_or_create(kind=kind, defaults={"sentence": sentence})
    if not is_new and alarm.sentence != sentence:
        Alarm.objects.filter(kind=kind).update(sentence=sentence)
    if is_new or alarm.sentence != sentence:
        log.error("alarm: %s", sentence)


def sounds(kind: str) -> bool:
    """Return whether the alarm of this kind sounds now."""
    return Alarm.objects.filter(kind=kind).exists()


def current() -> list[Alarm]:
    """Return the alarms that sound now, the oldest first."""
    return list(Alarm.objects.all())
