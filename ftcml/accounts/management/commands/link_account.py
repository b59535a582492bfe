from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ftcml.accounts.models import User
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.accounts.services.sign_on import links


class Command(BaseCommand):
    help = (
        "Let a person with an account here sign in to it through the sign-in provider, or end that. A password stays "
        "as it is. Teams and roles that the provider's claims gave move at the next sign-in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the user name of the account")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--from", dest="other", metavar="NAME", help="whose sign-in through the provider it gets")
        what.add_argument("--subject", help="the person's subject (sub) at the provider")
        what.add_argument("--end", action="store_true", help="no sign-in through the provider any more")

    def handle(self, *args: object, **options: str) -> None:
        if not settings.OIDC_ISSUER:
            raise CommandError("No sign-in provider is set. Set FTCML_OIDC_ISSUER first.")
        user = _named(options["name"])
        try:
            if options["other"]:
                links.take_over(user, _named(options["other"]))
            elif options["subject"]:
                links.link(user, options["subject"])
            else:
                links.end(user)
        except PersonRefused as refusal:
            raise CommandError(str(refusal)) from None
        if options["end"]:
            self.stdout.write(f"{user} can't sign in through {settings.OIDC_NAME} any more.")
        else:
            self.stdout.write(f"{user} can sign in through {settings.OIDC_NAME} now.")


def _named(name: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no account {name}. Check the user name, also its capital letters.")
    return user
