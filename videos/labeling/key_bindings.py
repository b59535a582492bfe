"""The keys of the label page that a person has changed, by the name of the command. Each key runs one command."""

from collections.abc import Mapping

from ftcml.accounts.models import User
from videos.models import KeyBindings
from videos.reasons import Code
from videos.refusals import VideoRefused


def of(person: User) -> dict[str, str]:
    """Return the person's own keys; {} where they changed none."""
    kept = KeyBindings.objects.filter(person=person).first()
    return dict(kept.bindings) if kept else {}


def keep(person: User, bindings: Mapping[str, str]) -> None:
    """Keep the person's own keys, in place of those from before. Raises VideoRefused where two commands share one."""
    keys = list(bindings.values())
    for key in keys:
        if keys.count(key) > 1:
            raise VideoRefused(Code.KEY_TAKEN, key=key)
    KeyBindings.objects.update_or_create(person=person, defaults={"bindings": dict(bindings)})
