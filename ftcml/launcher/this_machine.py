"""`make run`: a server for this machine, or for those that its settings let in."""

from django.conf import settings

from datasets.refusals import DatasetRefused
from ftcml.accounts.models import User
from ftcml.launcher import demo
from ftcml.launcher.address import Address
from ftcml.launcher.refusals import CannotStart
from ftcml.launcher.server import Say


class ThisMachine:
    """The doors of a server that listens at the address of its settings."""

    def __init__(self) -> None:
        self.address = Address(settings.HOST, settings.PORT)

    def prepare(self, say: Say) -> None:
        check_demo_accounts(self.address)

    def greet(self, say: Say) -> None:
        """Say where it serves. Make the demo on a first run."""
        accounts = demo.create_accounts() if demo.would_be_created() else []
        say(_welcome(self.address, accounts))
        _add_sample(say)


def check_demo_accounts(address: Address) -> None:
    """Raise CannotStart if others could reach the demo accounts, which are for this machine alone."""
    if address.is_loopback or not (demo.accounts() or demo.would_be_created()):
        return
    raise CannotStart(
        f"FTCML_HOST={address.host} lets other computers in, but this server has the demo accounts. To share it for a "
        "while, run make share, which closes them. To serve others for good:\n"
        "  1. Add your own people:  .venv/bin/python manage.py add_member NAME --team NUMBER --role coach\n"
        "  2. Remove the demo accounts:  .venv/bin/python manage.py remove_demo_accounts\n"
        f"Then start it again with ALLOWED_HOSTS set to the names or addresses that people will type, such as:\n"
        f"  ALLOWED_HOSTS=192.168.1.20 FTCML_HOST={address.host} make run"
    )


def _add_sample(say: Say) -> None:
    """Make the sample dataset, if it's missing. The server runs without it, and the next start tries again."""
    if not demo.sample_is_missing():
        return
    say("Making a sample dataset. It appears on the Datasets tab in a minute.")
    try:
        demo.add_sample()
    except (DatasetRefused, OSError) as problem:
        say(f"The sample dataset couldn't be made: {problem}")
    else:
        say("The sample dataset is ready.")


def _welcome(address: Address, accounts: list[demo.Account]) -> str:
    lines = [f"Serving at {address.url} (Ctrl-C stops everything)"]
    if accounts:
        lines += [f"Sign in to team {demo.TEAM_NUMBER} as", *(f"  {account}" for account in accounts)]
        lines.append(f"These passwords are shown once. You can also find them in {demo.notes()}")
    elif not User.objects.exists():
        lines.append("No one can sign in yet. Add people with  .venv/bin/python manage.py add_member --help")
    return "\n".join(lines)
