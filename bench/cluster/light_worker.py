"""Runs one of the server's programs with trainers that learn nothing: a host's share of a processor stays small.

The Django settings are those of the environment, as for `manage.py run_program`.
"""

import sys
from pathlib import Path

import django

TRAINER = Path(__file__).with_name("light_trainer.py")


def main(name: str) -> None:
    django.setup()
    from celery.bin.celery import main as celery
    from django.conf import settings

    from ftcml.launcher.address import Address
    from ftcml.launcher.programs import programs
    from training.worker import training_worker

    # What a worker starts as its trainers.
    training_worker.COMMAND = (sys.executable, str(TRAINER))  # type: ignore[assignment,attr-defined]
    (program,) = (one for one in programs(Address(settings.HOST, settings.PORT)) if one.name == name)
    sys.argv = list(program.command[2:])
    sys.exit(celery())


if __name__ == "__main__":
    main(sys.argv[1])
