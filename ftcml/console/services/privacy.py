"""What an operator does with a team's or a person's data as a whole. The audit log keeps row numbers, and no names."""

from django.db import transaction

from ftcml.accounts.models import Team, User
from ftcml.console import messages
from ftcml.console.services import audit
from ftcml.console.services.refusals import ActionRefused
from ftcml.privacy.models import Erasure
from ftcml.privacy.services.erasing import erasures
from ftcml.privacy.services.exports import exports


def person(name: str) -> User:
    """Return the person of exactly that user name. Raises ActionRefused."""
    found = User.objects.filter(username=name.strip()).first()
    if found is None:
        raise ActionRefused(messages.NO_SUCH_PERSON)
    return found


def check_erasable(operator: User, chosen: User) -> None:
    """Raise ActionRefused where the operator would erase the own account."""
    if chosen == operator:
        raise ActionRefused(messages.NOT_YOURSELF)


@transaction.atomic
def export_person(operator: User, chosen: User) -> None:
    """Have the rows that name the person made into a zip."""
    exports.ask_for_person(chosen, operator)
    audit.record(operator, audit.Kind.EXPORT_PERSON, messages.person_row(chosen.pk))


@transaction.atomic
def erase_team(operator: User, chosen: Team, again: str) -> None:
    """Have the team erased. `again`: its number, typed once more. Raises ActionRefused."""
    if again.split() != chosen.full_number.split():
        raise ActionRefused(messages.type_exactly(chosen.full_number))
    erasure = erasures.ask_for_team(chosen)
    audit.record(operator, audit.Kind.ERASE_TEAM, messages.team_row(chosen.pk), messages.counted(_rows(erasure)))


@transaction.atomic
def erase_person(operator: User, chosen: User, again: str) -> None:
    """Have the person erased. `again`: the user name, typed once more. Raises ActionRefused."""
    check_erasable(operator, chosen)
    if again.strip() != chosen.username:
        raise ActionRefused(messages.type_exactly(chosen.username))
    erasure = erasures.ask_for_person(chosen)
    audit.record(operator, audit.Kind.ERASE_PERSON, messages.person_row(chosen.pk), messages.counted(_rows(erasure)))


def _rows(erasure: Erasure) -> int:
    return sum(erasure.counts.values())
