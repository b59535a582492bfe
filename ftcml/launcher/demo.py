"""Makes what a newcomer finds on the first run: a team with a coach and a member, and a dataset to train on."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from datasets.services import imports
from ftcml.accounts.models import Membership, Team, User
from ftcml.accounts.services.membership import slips

TEAM_NUMBER = 100
TEAM_NAME = "Demo Team"
ROLES = {"demo-coach": Membership.Role.COACH, "demo-member": Membership.Role.MEMBER}


@dataclass(frozen=True)
class Account:
    name: str
    role: str
    password: str

    def __str__(self) -> str:
        return f"{self.role + ':':<8} {self.name:<12} password {self.password}"


def notes() -> Path:
    """Return the file that keeps the passwords."""
    return Path(settings.DATA_DIR) / "demo_accounts.txt"


def would_be_created() -> bool:
    """Return whether this is the first run of a server with demo accounts."""
    return settings.DEMO and not User.objects.exists() and not Team.objects.exists()


def accounts() -> list[User]:
    """Return the demo accounts that exist."""
    return list(User.objects.filter(username__in=ROLES))


def create_accounts() -> list[Account]:
    """Make the team with its accounts, keep the passwords in `notes()`, and note that the sample is missing."""
    made = [Account(name, role.label, slips.new_password()) for name, role in ROLES.items()]
    # Slow on purpose, and so not inside the transaction: on SQLite no one else can write meanwhile.
    hashes = [make_password(account.password) for account in made]
    with transaction.atomic():
        team = Team.objects.create(number=TEAM_NUMBER, name=TEAM_NAME)
        for account, password in zip(made, hashes, strict=True):
            user = User.objects.create(username=account.name, password=password, active_team=team)
            Membership.objects.create(user=user, team=team, role=ROLES[account.name])
        _keep(made)
        _sample_wanted().touch()
    return made


def sample_is_missing() -> bool:
    """Return whether the first run hasn't made the sample dataset yet, or was interrupted."""
    return _sample_wanted().exists()


def add_sample() -> None:
    """Make the sample dataset, as if the coach had asked for it."""
    team = Team.objects.filter(number=TEAM_NUMBER, name=TEAM_NAME).first()
    if team:
        imports.request_sample(team, _coach(team))
    _sample_wanted().unlink()


def _coach(team: Team) -> User | None:
    return User.objects.filter(memberships__team=team, memberships__role=Membership.Role.COACH).first()


def _sample_wanted() -> Path:
    return Path(settings.DATA_DIR) / "demo_sample_wanted"


def _keep(made: list[Account]) -> None:
    notes().touch(mode=0o600)
    notes().write_text(f"The demo accounts of team {TEAM_NUMBER}:\n" + "".join(f"{account}\n" for account in made))


@transaction.atomic
def remove_accounts() -> int:
    """Delete the demo accounts and the note of their passwords; the team keeps its datasets and models."""
    found = accounts()
    for user in found:
        user.delete()
    notes().unlink(missing_ok=True)
    return len(found)
