import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ftcml.launcher.address import Address
from ftcml.launcher.programs import programs
from ftcml.launcher.refusals import CannotStart
from ftcml.launcher.this_machine import check_demo_accounts

# What this machine's programs are called does not depend on where they listen.
NAMES = [program.name for program in programs(Address("127.0.0.1", 0))]


class Command(BaseCommand):
    help = "Run one of the programs that `serve` starts, for containers or systemd that keep each of them running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=NAMES)

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        address = Address(settings.HOST, settings.PORT)
        program = next(program for program in programs(address) if program.name == name)
        if name == "web":
            try:
                check_demo_accounts(address)
            except CannotStart as refusal:
                raise CommandError(str(refusal)) from None
        os.chdir(settings.BASE_DIR)
        os.execv(program.command[0], program.command)  # noqa: S606 - there is no shell to want
