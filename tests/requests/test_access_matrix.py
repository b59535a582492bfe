"""Who may do what: every address of the server, by every kind of person, with every method.

The addresses come from the URL configuration. A new one fails `test_every_address_is_in_the_table` until it has a line
in access_table.py.
"""

import json
import re
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from ftcml.accounts.models import User
from ftcml.accounts.pages.page_owner import PageOwner
from tests.addresses import EVERYWHERE, Address
from tests.factories import MembershipFactory
from tests.one_of_everything import SECRET, make_team, names_of, names_of_nothing
from tests.people import COACH, EVERYBODY, GUEST, MEMBER, OPERATOR, OUTSIDER, Person
from tests.requests.access_table import BY_QUERY, IN_ADMIN_PATHS, NAMED, OF_A_TEAM, TABLE, Who
from training.models import TrainingJob

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("as_often_as_one_likes", "without_logs", "asks_nobody_outside"),
]

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")

LET_IN, SIGN_IN, NO_TEAM = "let in", "asked to sign in", "sent to the page for people without a team"
FORBIDDEN, NOT_THERE, NO_METHOD = "403", "404", "405"


# --- the addresses --------------------------------------------------------------------------------

OURS = [address for address in EVERYWHERE if not address.route.startswith("admin/")]
IN_ADMIN = [address for address in EVERYWHERE if address.route.startswith("admin/")]
ADDRESSES = [address for address in OURS if address.name in TABLE]


def test_every_address_is_in_the_table() -> None:
    untold = [f"“{address.name}” ({address.route})" for address in OURS if address.name not in TABLE]
    assert not untold, f"Nobody has said who may use {', '.join(untold)}: see TABLE."
    gone = set(TABLE) - {address.name for address in ADDRESSES}
    assert not gone, f"These addresses are no more: {', '.join(gone)}."
    assert len(ADDRESSES) == len(TABLE), "Two addresses have the same name."


# --- the answers ----------------------------------------------------------------------------------


@pytest.fixture
def job(db) -> TrainingJob:
    return make_team()[1]


def ask(client: Client, address: Address, method: str, names: dict[str, object]) -> HttpResponseBase:
    """The answer to one request, after which everything is as it was before."""
    body = {key: _filled(value, names) for key, value in NAMED.get(address.name, {}).items()}
    cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    with transaction.atomic():
        path = address.path(names)
        if method in ("GET", "HEAD", "OPTIONS"):
            answer = client.generic(method, path, QUERY_STRING="&".join(f"{key}={body[key]}" for key in body))
        elif address.is_api:
            answer = client.generic(method, path, json.dumps(body), content_type="application/json")
        else:
            answer = client.post(path, body) if method == "POST" else client.generic(method, path)
        answer.text_of_all = _content(answer)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def _filled(value: object, names: dict[str, object]) -> object:
    if isinstance(value, list):
        return [_filled(each, names) for each in value]
    return str(names[value]) if value in names else value


def _content(answer: HttpResponseBase) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def kind(answer: HttpResponseBase, method: str) -> str:
    """How the server treated whoever asked. To ask for something wrongly is to be let in."""
    where = answer.headers.get("Location", "")
    if answer.status_code == 401 or where.startswith((reverse("sign-in") + "?", reverse("admin:login"))):
        return SIGN_IN
    if where == reverse("no-team"):
        return NO_TEAM
    asked_wrongly = method in UNSAFE and answer.status_code in (400, 409, 415, 422)
    not_ready = answer.status_code == 503 and answer.wsgi_request.path == reverse("readyz")  # no broker runs here
    return LET_IN if answer.status_code < 400 or asked_wrongly or not_ready else str(answer.status_code)


def expected(address: Address, person: Person, method: str, is_there: bool = True) -> str:
    """`is_there`: whether there is what the address names."""
    row = TABLE[address.name]
    who, has_method = row.who, method in row.methods.split()
    asks_first = address.is_api or who is Who.OPERATORS
    refusal = _refusal(address, person, who)
    if refusal and asks_first:
        return refusal
    if not has_method:
        return NO_METHOD
    if refusal:
        return refusal
    if who is Who.OWNER:
        return NOT_THERE
    if who is Who.PHONES:
        return FORBIDDEN
    if _names_objects(address, method) and not (person.is_of_team and is_there):
        return LET_IN if who is Who.OPERATORS else NOT_THERE
    is_of_coaches = (who is Who.COACHES and method != "OPTIONS") or method in row.of_coaches.split()
    if is_of_coaches and not person.is_coach:
        return FORBIDDEN
    return LET_IN


def _names_objects(address: Address, method: str) -> bool:
    """Whether the request is for something that belongs to a team. OPTIONS is answered alike for all things."""
    by_path = bool(address.parts & OF_A_TEAM)
    by_body = address.name in NAMED and (method in UNSAFE or not address.is_api or address.name in BY_QUERY)
    return method != "OPTIONS" and (by_path or by_body)


def _refusal(address: Address, person: Person, who: Who) -> str:
    """What keeps the person away from this address, whatever it names; "" for who may come nearer."""
    if who in (Who.EVERYBODY, Who.PHONES):
        return ""
    if who is Who.WITH_PROVIDER:
        return NOT_THERE
    if who is Who.PROGRAMS:
        return "" if person.is_operator else NOT_THERE
    if who is Who.NOBODY:
        return NOT_THERE
    if not person.is_signed_in:
        return SIGN_IN
    if who is Who.OPERATORS:
        return "" if person.is_operator else NOT_THERE
    if who is not Who.SIGNED_IN and not person.is_in_a_team:
        return FORBIDDEN if address.is_api else NO_TEAM
    return ""


# --- the matrix -----------------------------------------------------------------------------------


def _addresses_for(person: Person) -> list[Address]:
    return [address for address in ADDRESSES if address.is_api or not person.by_token]


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.name)
def test_everybody_gets_what_is_theirs_and_no_more(person: Person, job: TrainingJob) -> None:
    client, names = person.client(job.team), names_of(job)
    wrong = []
    for address in _addresses_for(person):
        for method in METHODS:
            answer = ask(client, address, method, names)
            got, should = kind(answer, method), expected(address, person, method)
            if got != should:
                wrong.append(f"{method} {address.name} by the {person.name}: {got}, not {should}")
            if not (person.is_of_team or person.is_operator) and SECRET.encode() in answer.text_of_all:
                wrong.append(f"{method} {address.name} shows the {person.name} the team's own words")
    assert wrong == []


def test_what_does_not_exist_looks_like_what_is_another_teams(job: TrainingJob) -> None:
    outsider, names, nothing = OUTSIDER.client(job.team), names_of(job), names_of_nothing()
    member = MEMBER.client(job.team)
    for address in (one for one in ADDRESSES if TABLE[one.name].who in (Who.TEAM, Who.COACHES, Who.OWNER)):
        for method in (each for each in TABLE[address.name].methods.split() if _names_objects(address, each)):
            assert kind(ask(member, address, method, nothing), method) == expected(address, MEMBER, method, False)
            anothers, nobodys = (ask(outsider, address, method, which) for which in (names, nothing))
            assert anothers.status_code == nobodys.status_code
            assert _without_tokens(anothers) == _without_tokens(nobodys), address.name


def _without_tokens(answer: HttpResponseBase) -> bytes:
    """The body, without what is another for each request: the token of its forms."""
    return re.sub(rb"\b\w{64}\b", b"", answer.text_of_all)


def test_a_part_of_a_page_tells_a_guest_with_no_page_that_nobody_is_signed_in(job: TrainingJob) -> None:
    client, names = Client(headers={"HX-Request": "true"}), names_of(job)
    for address in ADDRESSES:
        endpoint = TABLE[address.name]
        if endpoint.who in (Who.TEAM, Who.COACHES, Who.OWNER, Who.OPERATORS) and not address.is_api:
            answer = ask(client, address, endpoint.methods.split()[0], names)
            assert (answer.status_code, answer.content) == (401, b""), address.name


def test_a_page_of_another_team_gets_and_changes_nothing_of_this_one(job: TrainingJob) -> None:
    """As after a coach of two teams has switched in another tab: every request of the first tab names its team."""
    client, names = COACH.client(job.team), names_of(job)
    coach = User.objects.get(pk=client.session["_auth_user_id"])
    other = MembershipFactory(user=coach).team
    client.defaults |= {"HTTP_X_PAGE_OF": str(PageOwner(coach.pk, other.pk)), "HTTP_HX_REQUEST": "true"}
    for_teams = [one for one in ADDRESSES if TABLE[one.name].who in (Who.TEAM, Who.COACHES, Who.OWNER)]
    for address in (one for one in for_teams if not one.is_api):
        for method in TABLE[address.name].methods.split():
            answer = ask(client, address, method, names)
            assert (answer.status_code, answer["X-Wrong-Page"]) == (409, "team"), f"{method} {address.name}"
            assert SECRET.encode() not in answer.text_of_all, address.name


def test_a_session_changes_nothing_without_its_own_form(job: TrainingJob) -> None:
    names = names_of(job)
    member, operator = (one.client(job.team, enforce_csrf_checks=True) for one in (MEMBER, OPERATOR))
    open_without = set()
    for address in ADDRESSES:
        endpoint = TABLE[address.name]
        client = operator if endpoint.who is Who.OPERATORS else member
        changing = [method for method in endpoint.methods.split() if method in UNSAFE]
        if any(kind(ask(client, address, method, names), method) != FORBIDDEN for method in changing):
            open_without.add(address.name)
    # Takes a name and a password, or a token that the sign-in provider signed, and no session.
    assert open_without == {"api-token", "sign-on-ended"}


@pytest.mark.parametrize("person", [GUEST, OUTSIDER], ids=lambda person: person.name)
def test_the_admin_is_for_operators(person: Person, job: TrainingJob) -> None:
    client, names = person.client(job.team), {**names_of(job), **IN_ADMIN_PATHS}
    for address in IN_ADMIN:
        for method in ("GET", "POST"):
            answer = ask(client, address, method, names)
            assert answer.status_code in (302, 404), f"{method} {address.route}: {answer.status_code}"
            assert SECRET.encode() not in answer.text_of_all


def test_no_page_of_the_admin_breaks(job: TrainingJob) -> None:
    client, names = OPERATOR.client(job.team), {**names_of(job), **IN_ADMIN_PATHS}
    for address in IN_ADMIN:
        assert ask(client, address, "GET", names).status_code < 500, address.route
