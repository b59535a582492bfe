"""`manage.py add_member`: how the operator lets people in."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ftcml.accounts.models import ApiToken, Membership, Team, User

pytestmark = pytest.mark.django_db


def add_member(name="carla", team=7001, role="coach", password="correct horse battery", **options):
    call_command("add_member", name, team=team, role=role, password=password, **options)


def test_makes_the_person_and_the_team(client):
    add_member(team_name="Robo Raccoons")

    membership = Membership.objects.get()
    assert (membership.user.username, membership.team.number, membership.role) == ("carla", 7001, "coach")
    assert membership.team.name == "Robo Raccoons"
    assert membership.user.active_team == membership.team
    assert client.login(username="carla", password="correct horse battery")


def test_a_second_team_is_added_to_the_first():
    add_member()
    add_member(team=7002, role="member")

    carla = User.objects.get()
    assert {m.team.number: m.role for m in carla.memberships.all()} == {7001: "coach", 7002: "member"}
    assert carla.active_team.number == 7001


def test_called_again_it_changes_the_role_and_leaves_the_password_alone(client):
    add_member(role="member")
    add_member(role="coach", password="")

    assert Membership.objects.get().role == "coach"
    assert client.login(username="carla", password="correct horse battery")


def test_a_new_persons_password_comes_from_standard_input(client, monkeypatch):
    """A command line shows in the list of programs."""
    monkeypatch.setattr("sys.stdin", StringIO("correct horse battery\n"))
    add_member(password="")

    assert client.login(username="carla", password="correct horse battery")


def test_at_a_terminal_it_asks_twice(client, monkeypatch):
    answers = ["correct horse battery", "correct horse", *["correct horse battery"] * 2]
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("ftcml.accounts.management.commands.add_member.getpass", lambda prompt: answers.pop(0))
    with pytest.raises(CommandError, match="differ"):
        add_member(password="")
    add_member(password="")

    assert client.login(username="carla", password="correct horse battery")


def test_without_a_password_no_new_person_is_made(monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO(""))
    with pytest.raises(CommandError, match="needs a password"):
        add_member(password="")

    assert not User.objects.exists()


def test_a_person_who_exists_keeps_the_password_and_stays_signed_in(client, capsys):
    add_member()
    carla = User.objects.get()
    client.force_login(carla)
    ApiToken.issue(carla.memberships.get())
    add_member(team=7002, password="battery staple horse")

    assert "the password stays as it was" in capsys.readouterr().err
    assert client.get("/datasets/").status_code == 200
    assert ApiToken.objects.exists()
    assert client.login(username="carla", password="correct horse battery")


def test_a_person_who_exists_is_not_asked_for_a_password(monkeypatch):
    add_member()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("ftcml.accounts.management.commands.add_member.getpass", lambda prompt: pytest.fail(prompt))
    add_member(team=7002, password="")

    assert Membership.objects.count() == 2


def test_the_same_number_in_another_program_is_another_team():
    add_member()
    add_member("oscar", program="FRC")

    assert Team.objects.filter(number=7001).count() == 2


@pytest.mark.parametrize("wrong", [{"team": 0}, {"name": "two words"}, {"name": ""}])
def test_what_cannot_be_is_refused_and_leaves_nothing(wrong):
    with pytest.raises(CommandError):
        add_member(**wrong)
    assert not User.objects.exists()
    assert not Team.objects.exists()


def test_a_weak_password_is_taken_with_a_warning(capsys, client):
    add_member(password="raccoon")

    assert "easy to guess" in capsys.readouterr().err
    assert client.login(username="carla", password="raccoon")
