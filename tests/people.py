"""Whoever may ask the server for something: people in a browser, and programs with a token."""

from dataclasses import dataclass

from django.test import Client

from ftcml.accounts.models import ApiToken, Membership, Team, User
from tests.factories import MembershipFactory, TeamFactory, UserFactory


@dataclass(frozen=True)
class Person:
    """`is_of_team`: of the team whose objects are asked for. `by_token`: a program, which reaches the API alone."""

    name: str
    is_signed_in: bool = True
    is_of_team: bool = False
    is_coach: bool = False
    is_operator: bool = False
    by_token: bool = False

    @property
    def is_in_a_team(self) -> bool:
        return self.is_signed_in and not self.is_operator

    def client(self, team: Team, **options: bool) -> Client:
        client = Client(raise_request_exception=False, **options)
        if self.is_signed_in:
            user = self._user(team)
            if self.by_token:
                client.defaults["HTTP_AUTHORIZATION"] = f"Token {ApiToken.issue(user.memberships.get())}"
            else:
                client.force_login(user)
        return client

    def _user(self, team: Team) -> User:
        if self.is_operator:
            return UserFactory(is_staff=True, is_superuser=True)
        role = Membership.Role.COACH if self.is_coach else Membership.Role.MEMBER
        return MembershipFactory(team=team if self.is_of_team else TeamFactory(), role=role).user


GUEST = Person("guest", is_signed_in=False)
MEMBER = Person("member", is_of_team=True)
COACH = Person("coach", is_of_team=True, is_coach=True)
OUTSIDER = Person("coach of another team", is_coach=True)
OPERATOR = Person("operator", is_operator=True)
PROGRAMS = (
    Person("member's program", is_of_team=True, by_token=True),
    Person("coach's program", is_of_team=True, is_coach=True, by_token=True),
    Person("program of another team's coach", is_coach=True, by_token=True),
)
EVERYBODY = (GUEST, MEMBER, COACH, OUTSIDER, OPERATOR, *PROGRAMS)
