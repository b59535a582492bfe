"""E-mail about trainings, to people who asked for it and whose account has an address."""

from django.conf import settings

from ftcml.accounts.models import User
from ftcml.core import mail
from ftcml.integrations import messages
from ftcml.integrations.models import Letter, MailWish
from ftcml.integrations.reasons import Problem
from ftcml.integrations.services.guarded_post import Outcome


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
    if not (mail.is_set() and person.is_active and person.email):
        return Outcome()  # nobody waits for it any more
    link = f"{settings.SITE_ADDRESS}/models/{data['id']}/" if settings.SITE_ADDRESS else ""
    words = messages.of_ended(data["state"])
    context = {"person": person, "model": data["description"], "words": words, "link": link}
    message_id = f"{letter.event_id}.{letter.pk}"
    try:
        mail.send("job_ended", person.email, {**context, "team": letter.event.team}, message_id)
    except OSError:  # smtplib's errors are such
        return Outcome(problem=Problem.MAIL)
    return Outcome()
