"""The log of what operators do. Each verb of the console writes into it, in the transaction of what it does."""

import logging

from ftcml.accounts.models import User
from ftcml.console.models import OperatorAction

log = logging.getLogger(__name__)

Kind = OperatorAction.Kind


def record(operator: User, kind: OperatorAction.Kind, subject: str, details: str = "") -> None:
    """`subject`: what it was done to. `details`: the numbers, and the words that the operator wrote."""
    OperatorAction.objects.create(operator=str(operator), kind=kind, subject=subject, details=details)
    log.info("operator %s: %s, %s. %s", operator, kind.label.lower(), subject, details)
