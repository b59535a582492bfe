"""A person who asked for it gets an e-mail at the end of a training."""

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from ftcml.accounts.models import Team, User
from ftcml.integrations import tasks
from ftcml.integrations.models import Letter, MailWish
from tests.factories import MembershipFactory, TrainingJobFactory
from tests.integrations.conftest import Later
from training.services import jobs
from training.states import JobState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail_is_set(settings) -> None:
    settings.MAIL_IS_SET = True
    settings.SITE_ADDRESS = "https://ftcml.example.org"


def end_a_training(team: Team, started_by: User) -> None:
    job = TrainingJobFactory(team=team, created_by=started_by, description="finder", state=JobState.QUEUED)
    jobs.request_stop(job, by="carla")


def ask_for(person: User, trainings: str) -> None:
    User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")
    client = Client()
    client.force_login(person)
    assert client.post("/notifications/", {"trainings": trainings}).status_code == 302


def test_who_asked_gets_one_about_what_they_asked_for(coach: User, member: User, team: Team) -> None:
    ask_for(coach, "team")
    other = MembershipFactory(team=team, user__username="noah").user
    ask_for(other, "own")
    ask_for(MembershipFactory(user__username="oscar").user, "team")
    end_a_training(team, member)
    end_a_training(team, other)
    tasks.deliver()
    tasks.deliver()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["carla@example.org"] * 2 + ["noah@example.org"]
    letter = mail.outbox[0]
    assert letter.subject == "finder was canceled"
    assert "https://ftcml.example.org/models/" in letter.body
    assert set(Letter.objects.values_list("state", flat=True)) == {"delivered"}


def test_who_wants_none_any_more_or_has_no_address_gets_none(coach: User, team: Team) -> None:
    ask_for(coach, "own")
    User.objects.update(email="")
    end_a_training(team, coach)
    ask_for(coach, "")
    end_a_training(team, coach)
    tasks.deliver()
    assert (mail.outbox, MailWish.objects.exists(), Letter.objects.exists()) == ([], False, False)


def test_a_mail_server_that_is_away_gets_it_later(coach: User, team: Team, monkeypatch, later: Later) -> None:
    ask_for(coach, "own")
    end_a_training(team, coach)

    def refuse(*args: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", refuse)
        tasks.deliver()
    assert (Letter.objects.get().problem, len(mail.outbox)) == ("mail", 0)
    later.wait(minutes=1)
    tasks.deliver()
    assert (Letter.objects.get().state, len(mail.outbox)) == ("delivered", 1)


def test_without_a_mail_server_the_page_says_so(coach_client: Client, coach_api, settings) -> None:
    settings.MAIL_IS_SET = False
    assert "can't send e-mail yet" in coach_client.get("/notifications/").content.decode()
    told = coach_api.put("/api/v1/notifications/", {"trainings": "own"}, format="json").json()
    assert told == {"trainings": "own", "mail_is_set": False, "has_address": False}
