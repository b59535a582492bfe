"""Who may do what: every address of the server, by every kind of person, with every method.

The addresses come from the URL configuration. A new one fails `test_every_address_is_in_the_table` until it has a line
in TABLE: its name, who may use it, and with which methods where that is not GET alone. Where its query or body names
objects of a team, a line in NAMED says how; where its path has a part of a new name, `names_of` and `names_of_nothing`
in tests/one_of_everything.py say what it is, and OF_A_TEAM whether it is a team's.
"""

import json
import re
from dataclasses import dataclass
from enum import Enum, auto
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from detector.contract import catalog
from ftcml.accounts.models import User
from ftcml.accounts.pages.page_owner import PageOwner
from tests.addresses import EVERYWHERE, Address
from tests.factories import MembershipFactory
from tests.one_of_everything import SECRET, make_team, names_of, names_of_nothing
from tests.people import COACH, EVERYBODY, GUEST, MEMBER, OPERATOR, OUTSIDER, Person
from training.models import TrainingJob

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_often_as_one_likes", "without_logs")]

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


class Who(Enum):
    EVERYBODY = auto()
    SIGNED_IN = auto()
    TEAM = auto()
    COACHES = auto()  # of the team
    OWNER = auto()  # one person of the team, who is none of EVERYBODY
    OPERATORS = auto()
    NOBODY = auto()  # as long as no room is served; tests/pages/launcher/test_room_page.py says who may then
    PHONES = auto()  # with a ticket, which none of EVERYBODY has; tests/videos/uploads has one
    PROGRAMS = auto()  # operators, or who has the server's own token; a guest is not even asked to sign in


@dataclass(frozen=True)
class Endpoint:
    who: Who
    methods: str = "GET"


_READ, _ASK, _CLICK = "GET HEAD", "GET POST", "POST"  # of a page
# Of the API.
_GET, _POST, _BOTH, _REMOVE = "GET HEAD OPTIONS", "POST OPTIONS", "GET HEAD POST OPTIONS", "GET HEAD DELETE OPTIONS"
TABLE = {
    # signing in, and what belongs to no tab
    "home": Endpoint(Who.TEAM, _READ),
    "sign-in": Endpoint(Who.EVERYBODY, "GET HEAD POST"),
    "session": Endpoint(Who.EVERYBODY, _READ),
    "sign-out": Endpoint(Who.EVERYBODY, "POST OPTIONS"),
    "no-team": Endpoint(Who.SIGNED_IN, _READ),
    "choose-team": Endpoint(Who.SIGNED_IN, _CLICK),
    "resources": Endpoint(Who.TEAM, _READ),
    "help": Endpoint(Who.TEAM, _READ),
    "glossary": Endpoint(Who.TEAM, _READ),
    "people": Endpoint(Who.TEAM, _READ),
    "member-add": Endpoint(Who.COACHES, _ASK),
    "members-upload": Endpoint(Who.COACHES, _CLICK),
    "slips": Endpoint(Who.SIGNED_IN, _READ),
    "slips-done": Endpoint(Who.SIGNED_IN, _CLICK),
    "member-role": Endpoint(Who.COACHES, _ASK),
    "member-password": Endpoint(Who.COACHES, _ASK),
    "member-remove": Endpoint(Who.COACHES, _ASK),
    "tokens": Endpoint(Who.TEAM, _READ),
    "token-add": Endpoint(Who.TEAM, _ASK),
    "token-revoke": Endpoint(Who.OWNER, _ASK),
    "password": Endpoint(Who.SIGNED_IN, "GET HEAD POST"),
    "room": Endpoint(Who.NOBODY, _READ),
    # monitoring
    "healthz": Endpoint(Who.EVERYBODY, _READ),
    "readyz": Endpoint(Who.EVERYBODY, _READ),
    "metrics": Endpoint(Who.PROGRAMS, _READ),
    # videos
    "videos": Endpoint(Who.TEAM),
    "video-table": Endpoint(Who.TEAM),
    "video-upload": Endpoint(Who.TEAM),
    "video-uploads": Endpoint(Who.TEAM, _CLICK),
    "video-upload-file": Endpoint(Who.TEAM, "HEAD PATCH DELETE"),
    "video-phone": Endpoint(Who.TEAM, _CLICK),
    "video-phone-part": Endpoint(Who.OWNER),
    "video-phone-end": Endpoint(Who.OWNER, _CLICK),
    "video-phone-revoke": Endpoint(Who.COACHES, _CLICK),
    "phone": Endpoint(Who.EVERYBODY),
    "phone-ticket": Endpoint(Who.PHONES),
    "phone-uploads": Endpoint(Who.PHONES, _CLICK),
    "phone-upload": Endpoint(Who.PHONES, "HEAD PATCH DELETE"),
    "video-sample": Endpoint(Who.TEAM, _CLICK),
    "video-delete": Endpoint(Who.TEAM, _ASK),
    "video": Endpoint(Who.TEAM),
    "video-part": Endpoint(Who.TEAM),
    "video-extract-again": Endpoint(Who.TEAM, _ASK),
    "video-rename": Endpoint(Who.TEAM, _ASK),
    "video-near-duplicates": Endpoint(Who.TEAM, _CLICK),
    "video-player": Endpoint(Who.TEAM),
    "video-times": Endpoint(Who.TEAM),
    "video-picture": Endpoint(Who.TEAM),
    "video-frame": Endpoint(Who.TEAM),
    "video-frame-mark": Endpoint(Who.TEAM, _CLICK),
    # datasets
    "datasets": Endpoint(Who.TEAM),
    "dataset-table": Endpoint(Who.TEAM),
    "dataset-import": Endpoint(Who.TEAM, _ASK),
    "dataset-sample": Endpoint(Who.TEAM, _CLICK),
    "dataset-produce": Endpoint(Who.TEAM, _ASK),
    "dataset-produce-report": Endpoint(Who.TEAM, _CLICK),
    "dataset-produce-progress": Endpoint(Who.TEAM),
    "dataset-delete": Endpoint(Who.TEAM, _ASK),
    "dataset-fix-labels": Endpoint(Who.TEAM, "GET POST"),
    "video-export": Endpoint(Who.TEAM),
    "dataset": Endpoint(Who.TEAM),
    "dataset-rename": Endpoint(Who.TEAM, _ASK),
    "dataset-label": Endpoint(Who.TEAM, _ASK),
    "dataset-edits-save": Endpoint(Who.TEAM, _ASK),
    "dataset-edits-discard": Endpoint(Who.TEAM, _CLICK),
    "dataset-frame-place": Endpoint(Who.TEAM, _CLICK),
    "dataset-download": Endpoint(Who.TEAM),
    "dataset-inspection": Endpoint(Who.TEAM),
    "dataset-near-duplicates": Endpoint(Who.TEAM),
    "dataset-frame": Endpoint(Who.TEAM),
    "dataset-frame-dialog": Endpoint(Who.TEAM),
    # models
    "start-training": Endpoint(Who.TEAM, _ASK),
    "training-plan": Endpoint(Who.TEAM),
    "models": Endpoint(Who.TEAM),
    "model-table": Endpoint(Who.TEAM),
    "trash": Endpoint(Who.TEAM),
    "trash-restore": Endpoint(Who.TEAM, _CLICK),
    "trash-delete": Endpoint(Who.TEAM, _ASK),
    "model-compare": Endpoint(Who.TEAM),
    "model-stop": Endpoint(Who.TEAM, _ASK),
    "model-delete": Endpoint(Who.TEAM, _ASK),
    "job-details": Endpoint(Who.TEAM),
    "job-graphs": Endpoint(Who.TEAM),
    "graphs-part": Endpoint(Who.TEAM),
    "job-curves": Endpoint(Who.TEAM),
    "job-metrics-csv": Endpoint(Who.TEAM),
    "job-tensorboard": Endpoint(Who.TEAM),
    "job-head": Endpoint(Who.TEAM),
    "job-results": Endpoint(Who.TEAM),
    "job-images": Endpoint(Who.TEAM),
    "job-checkpoints": Endpoint(Who.TEAM),
    "job-detections": Endpoint(Who.TEAM),
    "job-part": Endpoint(Who.TEAM),
    "job-try-it": Endpoint(Who.TEAM),
    "job-log": Endpoint(Who.COACHES),
    "model-train-more": Endpoint(Who.TEAM, _ASK),
    "model-train-more-plan": Endpoint(Who.TEAM),
    "model-rename": Endpoint(Who.TEAM, _ASK),
    "model-retry": Endpoint(Who.TEAM, _CLICK),
    "model-download": Endpoint(Who.TEAM),
    "robot-code": Endpoint(Who.TEAM),
    "robot-archive": Endpoint(Who.TEAM),
    "robot-file": Endpoint(Who.TEAM),
    # the console
    "console": Endpoint(Who.OPERATORS),
    "console-tab": Endpoint(Who.OPERATORS),
    "console-part": Endpoint(Who.OPERATORS),
    "console-job": Endpoint(Who.OPERATORS),
    "console-job-part": Endpoint(Who.OPERATORS),
    "console-stop": Endpoint(Who.OPERATORS, _ASK),
    "console-retry": Endpoint(Who.OPERATORS, _CLICK),
    "console-team-create": Endpoint(Who.OPERATORS, _ASK),
    "console-team-rename": Endpoint(Who.OPERATORS, _ASK),
    "console-grant-all": Endpoint(Who.OPERATORS, _ASK),
    "console-grant": Endpoint(Who.OPERATORS, _ASK),
    "console-reset-all": Endpoint(Who.OPERATORS, _ASK),
    "console-reset": Endpoint(Who.OPERATORS, _ASK),
    "console-training-off": Endpoint(Who.OPERATORS, _ASK),
    "console-training-on": Endpoint(Who.OPERATORS, _CLICK),
    "console-maintenance-on": Endpoint(Who.OPERATORS, _ASK),
    "console-maintenance-off": Endpoint(Who.OPERATORS, _CLICK),
    "console-empty-trash": Endpoint(Who.OPERATORS, _ASK),
    "console-measure": Endpoint(Who.OPERATORS, _CLICK),
    # the API
    "api-schema": Endpoint(Who.EVERYBODY, _GET),
    "api-token": Endpoint(Who.EVERYBODY, _POST),
    "api-team": Endpoint(Who.TEAM, _GET),
    "api-video-uploads": Endpoint(Who.TEAM, _POST),
    "api-video-upload": Endpoint(Who.TEAM, "HEAD PATCH DELETE OPTIONS"),
    "api-videos": Endpoint(Who.TEAM, _GET),
    "api-video": Endpoint(Who.TEAM, "GET HEAD PATCH DELETE OPTIONS"),
    "api-video-activity": Endpoint(Who.TEAM, _GET),
    "api-video-frames": Endpoint(Who.TEAM, _GET),
    "api-video-frame": Endpoint(Who.TEAM, "GET HEAD PATCH OPTIONS"),
    "api-video-frame-boxes": Endpoint(Who.TEAM, "PUT OPTIONS"),
    "api-video-picture": Endpoint(Who.TEAM, _GET),
    "api-labels": Endpoint(Who.TEAM, _BOTH),
    "api-label": Endpoint(Who.TEAM, "PATCH DELETE OPTIONS"),
    "api-datasets": Endpoint(Who.TEAM, _GET),
    "api-dataset-import": Endpoint(Who.TEAM, _POST),
    "api-dataset-fix-labels": Endpoint(Who.TEAM, _POST),
    "api-video-export": Endpoint(Who.TEAM, _GET),
    "api-dataset-produce": Endpoint(Who.TEAM, _POST),
    "api-dataset-produce-preview": Endpoint(Who.TEAM, _POST),
    "api-dataset": Endpoint(Who.TEAM, "GET HEAD PATCH DELETE OPTIONS"),
    "api-dataset-edit": Endpoint(Who.TEAM, _POST),
    "api-dataset-download": Endpoint(Who.TEAM, _GET),
    "api-dataset-inspection": Endpoint(Who.TEAM, _GET),
    "api-dataset-frame": Endpoint(Who.TEAM, _GET),
    "api-starting-models": Endpoint(Who.TEAM, _GET),
    "api-training-plan": Endpoint(Who.TEAM, _POST),
    "api-jobs": Endpoint(Who.TEAM, _BOTH),
    "api-job": Endpoint(Who.TEAM, "GET HEAD PATCH DELETE OPTIONS"),
    "api-job-stop": Endpoint(Who.TEAM, _POST),
    "api-job-retry": Endpoint(Who.TEAM, _POST),
    "api-job-metrics": Endpoint(Who.TEAM, _GET),
    "api-job-evaluation-frames": Endpoint(Who.TEAM, _GET),
    "api-job-summary": Endpoint(Who.TEAM, _GET),
    "api-job-events": Endpoint(Who.TEAM, _GET),
    "api-job-log": Endpoint(Who.COACHES, _GET),
    "api-job-model": Endpoint(Who.TEAM, _GET),
}
_PLAN = {"datasets": ["dataset_id"], "starting_model": catalog.DEFAULT, "training_steps": 400}
# Of a query or body that names objects: what is sent, with the name of a part of an address for its value.
NAMED = {
    "choose-team": {"team": "team_id"},
    "video-delete": {"video": "video_id"},
    "video-export": {"video": "video_id", "format": "coco"},
    "api-video-export": {"video": "video_id", "format": "coco"},
    "dataset-delete": {"dataset": "dataset_id"},
    "dataset-produce": {"video": "video_id"},
    "dataset-produce-report": {"video": "video_id"},
    "api-dataset-produce": {"videos": ["video_id"], "description": "cones"},
    "api-dataset-produce-preview": {"videos": ["video_id"]},
    "start-training": {"dataset": "dataset_id"},
    "training-plan": {"dataset": "dataset_id"},
    "trash-restore": {"dataset": "trashed_id"},
    "trash-delete": {"dataset": "trashed_id"},
    "model-compare": {"job": "job_id"},
    "model-stop": {"job": "job_id"},
    "model-delete": {"job": "job_id"},
    "api-training-plan": _PLAN,
    "api-jobs": {**_PLAN, "max_minutes": 60, "description": "a robot"},
}
# Of the API: what its query names. Others name things in bodies alone.
BY_QUERY = {"api-video-export"}
OF_A_TEAM = {
    "dataset_id",
    "job_id",
    "frame_id",
    "video_id",
    "label_id",
    "upload_id",
    "ticket_id",
    "membership_id",
    "token_id",
}
IN_ADMIN_PATHS = {"object_id": 1, "id": 1, "content_type_id": 1, "app_label": "datasets", "url": "nothing"}

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
    who, has_method = TABLE[address.name].who, method in TABLE[address.name].methods.split()
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
    if who is Who.COACHES and not person.is_coach and method != "OPTIONS":
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
    if who is Who.PROGRAMS:
        return "" if person.is_operator else NOT_THERE
    if not person.is_signed_in:
        return SIGN_IN
    if who is Who.NOBODY:
        return NOT_THERE
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
    # Takes a name and a password, and no session.
    assert open_without == {"api-token"}


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
