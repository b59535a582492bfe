"""Mails in plain text, from templates/mail/. Workers send them, never a request: a mail server may be slow."""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import loader


def is_set() -> bool:
    """Return whether this server can send mail."""
    return settings.MAIL_IS_SET


def send(name: str, to: str, context: Mapping[str, object], message_id: str = "") -> None:
    """Send the mail of that template, whose first line is the subject. Raises OSError when the mail server refuses.

    `message_id`: the same in a second try, so that a mailbox can tell.
    """
    written = loader.render_to_string(f"mail/{name}.txt", {**context, "support_contact": settings.SUPPORT_CONTACT})
    subject, _, body = written.strip().partition("\n")
    headers = {"Message-ID": f"<{message_id}@ftcml>"} if message_id else {}
    EmailMessage(subject.strip(), f"{body.strip()}\n", to=[to], headers=headers).send()
