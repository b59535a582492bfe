"""E-mail about trainings, to people who asked for it and whose account has an address."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template import loader

from ftcml.accounts.models import User
from ftcml.integrations import messages
from ftcml.integrations.models import Letter, MailWish
from ftcml.integrations.reasons import Problem
from ftcml.integrations.services.guarded_post import SECONDS, Outcome


def is_set() -> bool:
    """Return whether this server can send mail."""
    return bool(getattr(settings, "MAIL_IS_SET", False))


def wish_of(person: User) -> str:
    """Return about which trainings the person wants e-mail, "" for none."""
    wish = MailWish.objects.filter(person=person).first()
    return wish.trainings if wish else ""


def set_wish(person: User, trainings: str) -> None:
    """Send e-mail about these trainings, or none for ""."""
    if trainings:
        MailWish.objects.update_or_create(person=person, defaults={"trainings": trainings})
    else:
        MailWish.objects.filter(person=person).delete()


def send(letter: Letter) -> Outcome:
    """Send one letter, and return what came of it. It raises nothing that a mail server could cause."""
    person, data = letter.wish.person, letter.event.data
    if not (is_set() and person.is_active and person.email):
        return Outcome()  # nobody waits for it any more
    site = getattr(settings, "SITE_ADDRESS", "")
    link = f"{site}/models/{data['id']}/" if site else ""
    words = messages.of_ended(data["state"])
    context = {"person": person, "model": data["description"], "words": words, "link": link}
    text = loader.render_to_string("mail/job_ended.txt", {**context, "team": letter.event.team})
    subject, _, body = text.strip().partition("\n")
    mail = EmailMessage(subject, f"{body.strip()}\n", to=[person.email], connection=get_connection(timeout=SECONDS))
    # The same in a second try, so that a mailbox can tell.
    mail.extra_headers["Message-ID"] = f"<{letter.event_id}.{letter.pk}@ftcml>"
    try:
        mail.send()
    except OSError:  # smtplib's errors are such
        return Outcome(problem=Problem.MAIL)
    return Outcome()
