"""Whatever stands in an address, a query, a form or a body: an answer that a page or program can show, never a 500.

What a page reads of its query and form it tells itself (hostile.asked_for), so that a new address or field is tried
without a word here. A body that must be right but for one field has a line in BODIES.
"""

import json
import re
from collections.abc import Iterable
from http.cookies import SimpleCookie
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import RequestFactory
from django.urls import reverse

from detector.contract import catalog
from ftcml.wsgi import application
from tests.addresses import EVERYWHERE, Address
from tests.one_of_everything import make_team, names_of
from tests.people import COACH, GUEST, MEMBER, OPERATOR, PROGRAMS, Person
from tests.requests.access_table import IN_ADMIN_PATHS, NAMED
from tests.requests.hostile import FOR_A_DATABASE, PARTS, TEXTS, VALUES, WORST, asked_for
from training.models import MeasuredSpeed, TrainingJob
from training.services import registry

# Some thousand requests each, which a busy machine takes its time for.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.timeout(900),
    pytest.mark.usefixtures("as_often_as_one_likes", "without_logs"),
]

PROGRAM = PROGRAMS[1]
PEOPLE = (GUEST, MEMBER, COACH, OPERATOR, PROGRAM)
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
_FORM_ID = "6b8d1a0e-6df5-4f2b-9a55-5f5d3f0f4d2b"
_START = {"training_steps": 400, "max_minutes": 60, "description": "a robot", "starting_model": catalog.DEFAULT}
# A body that is right, of each address that takes one besides what NAMED says.
BODIES: dict[str, dict[str, object]] = {
    "start-training": {**_START, "job_id": _FORM_ID},
    "model-train-more": {**_START, "job_id": _FORM_ID},
    "sign-in": {"username": "milo", "password": "a password", "next": "/"},
    "member-add": {"names": "nora\nnils"},
    "console-grant": {"minutes": 60},
    "console-grant-all": {"minutes": 60},
    "console-training-off": {"words": "back soon"},
    "join-code-make": {"people": 30, "lasts": "86400"},
    "join": {"key": "abcd-efgh"},
    "join-account": {"key": "abcd-efgh", "name": "mia", "password1": "blue robots", "password2": "blue robots"},
    "new-password-set": {"key": "MQ.abc", "new_password1": "blue robots", "new_password2": "blue robots"},
    "console-banner-on": {"words": "back soon", "lasts": "24"},
    "console-team-limits": {"gigabytes": 5, "videos": 12},
    "console-maintenance-on": {"words": "back soon"},
    "api-token": {"username": "milo", "password": "a password"},
    "api-training-plan": {"max_minutes": 60},
}
# The admin looks up whatever is in its query as a column: names, and what is tried in each.
_NUMBERS = ("hundreds of digits", "more digits than Python reads", "far below zero")
ADMIN_QUERY = {
    "q": ("very many words", "NUL"),
    "p": _NUMBERS,
    "o": _NUMBERS,
    "id__exact": (*_NUMBERS, "one more than SQLite holds"),
    "team__id__exact": _NUMBERS,
    "state__exact": ("NUL",),
    "created__gte": ("a date that is none", "the last year", "NUL"),
    "created__year": (*_NUMBERS, "the last year", "a date that is none"),
    "_to_field": ("quotes",),
}


@pytest.fixture
def job(db) -> TrainingJob:
    """One of everything, on a server that knows how fast it trains."""
    registry.report("worker-1", "cpu", 1)
    MeasuredSpeed.objects.create(
        worker="worker-1", accelerator="cpu", starting_model=catalog.DEFAULT, seconds_per_frame=0.1
    )
    return make_team()[1]


class Asker:
    """Sends requests, after each of which everything is as it was before, and remembers which broke the server."""

    def __init__(self, person: Person, job: TrainingJob, monkeypatch: pytest.MonkeyPatch) -> None:
        self._client = person.client(job.team)
        self._monkeypatch = monkeypatch
        self.names = {**names_of(job), **IN_ADMIN_PATHS}
        self.broken: list[str] = []

    def send(self, method: str, path: str, what: str, query: str = "", body: str = "", kind: str = FORM) -> int:
        cookies = SimpleCookie(self._client.cookies.output(header="", sep=";"))
        with transaction.atomic():
            answer = self._client.generic(method, path, body.encode(), kind, QUERY_STRING=query)
            _read(answer)
            transaction.set_rollback(True)
        self._client.cookies = cookies
        # No broker runs here, which is what /readyz says with 503.
        if answer.status_code >= 500 and path != reverse("readyz"):
            self.broken.append(f"{method} {path} {what}: {answer.status_code}")
        return answer.status_code

    def send_form(self, method: str, path: str, what: str, form: str) -> int:
        return self.send(method, path, what, **({"query": form} if method == "GET" else {"body": form}))

    def body_of(self, address: Address) -> dict[str, object]:
        """A body that is right."""

        def filled(value: object) -> object:
            return [filled(each) for each in value] if isinstance(value, list) else self.names.get(str(value), value)

        return {
            name: filled(value)
            for name, value in {**NAMED.get(address.name, {}), **BODIES.get(address.name, {})}.items()
        }

    def read_by(self, address: Address, method: str) -> set[str]:
        """The names that the address looks up in its query or form."""
        right = urlencode(self.body_of(address), doseq=True)
        with asked_for(self._monkeypatch) as read:
            self.send_form(method, address.path(self.names), "as it should be", right)
        return read - {"csrfmiddlewaretoken"}


def _read(answer: HttpResponseBase) -> None:
    for _ in answer.streaming_content if answer.streaming else ():
        pass


def _form(fields: dict[str, object], wrong: Iterable[str], value: bytes) -> str:
    """A query or form with all fields as they should be but those that are `wrong`."""
    right = {name: field for name, field in fields.items() if name not in wrong}
    return "&".join([urlencode(right, doseq=True), *(f"{name}={quote_from_bytes(value)}" for name in wrong)])


def _told(broken: list[str]) -> str:
    return "\n".join(["", *broken])


def _for(person: Person) -> list[Address]:
    """The addresses of our own that the person may have business with."""
    ours = [address for address in EVERYWHERE if not address.route.startswith("admin/")]
    if person.by_token:
        return [address for address in ours if address.is_api]
    return [address for address in ours if address.route.startswith("console/") == person.is_operator]


def _texts_for(person: Person) -> dict[str, bytes]:
    """What is tried in a field. A member's pages are a coach's, so there the worst will do."""
    tried = WORST if person is MEMBER else FOR_A_DATABASE if connection.vendor == "postgresql" else TEXTS
    return {what: TEXTS[what] for what in tried}


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_no_page_breaks_over_its_query_or_form(person: Person, job: TrainingJob, monkeypatch) -> None:
    asker = Asker(person, job, monkeypatch)
    for address in _for(person):
        path, body = address.path(asker.names), asker.body_of(address)
        for method in ("GET", "POST"):
            names = sorted(asker.read_by(address, method))
            for what, value in _texts_for(person).items():
                # A field that is refused can hide the next.
                each = [[name] for name in names] if what in WORST and person is not MEMBER else [names]
                for wrong in filter(None, each):
                    asker.send_form(method, path, f"{wrong}: {what}", _form(body, wrong, value))
    assert not asker.broken, _told(asker.broken)


def test_no_list_of_the_admin_breaks_over_its_query(job: TrainingJob, monkeypatch) -> None:
    asker = Asker(OPERATOR, job, monkeypatch)
    lists = [one for one in EVERYWHERE if one.name.endswith(("_changelist", ":autocomplete"))]
    assert len(lists) > 10
    for address in lists:
        for name, values in ADMIN_QUERY.items():
            for what in values:
                asker.send("GET", address.path({}), f"{name}: {what}", _form({}, [name], TEXTS[what]))
    assert not asker.broken, _told(asker.broken)


@pytest.mark.parametrize("person", [GUEST, COACH, OPERATOR], ids=lambda person: person.name)
def test_no_address_breaks_over_its_own_parts(person: Person, job: TrainingJob, monkeypatch) -> None:
    asker = Asker(person, job, monkeypatch)
    for address in EVERYWHERE:
        if address.route.startswith("admin/") and person is not OPERATOR:
            continue
        for part in address.parts:
            for what, value in PARTS.items():
                path = _path(address, asker.names, part, value)
                asker.send("GET", path, f"{part}: {what}")
    assert not asker.broken, _told(asker.broken)


def _path(address: Address, names: dict[str, object], wrong: str, value: str) -> str:
    """The address with one part that is wrong, whether the URL configuration lets it through or not."""
    pattern = r"<\w+:(\w+)>|\(\?P<(\w+)>.*\)\$"
    return "/" + re.sub(
        pattern, lambda part: value if wrong in part.groups() else str(names[part[1] or part[2]]), address.route
    )


def test_no_endpoint_breaks_over_the_json_of_its_body(job: TrainingJob, monkeypatch) -> None:
    asker = Asker(PROGRAM, job, monkeypatch)
    for address in [each for each in EVERYWHERE if each.is_api]:
        path, body = address.path(asker.names), asker.body_of(address)
        for what, value in VALUES.items():
            asker.send("POST", path, f"all of it: {what}", body=value, kind=JSON)
            for name in body:
                right = json.dumps({key: right for key, right in body.items() if key != name}, default=str)
                status = asker.send(
                    "POST", path, f"{name}: {what}", body=f'{right[:-1]}, "{name}": {value}}}', kind=JSON
                )
                assert status != 429
    assert not asker.broken, _told(asker.broken)


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "nothing",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "application/xml",
        "image/jpeg",
    ],
)
def test_no_address_breaks_over_the_kind_of_its_body(kind: str, job: TrainingJob, monkeypatch) -> None:
    for person in (GUEST, COACH):
        asker = Asker(person, job, monkeypatch)
        for address in _for(person):
            body = r"names=\ud800\x00&username=\ud800&--a"
            asker.send("POST", address.path(asker.names), kind, query=r"q=\x00", body=body, kind=kind)
        assert not asker.broken, _told(asker.broken)


@pytest.mark.parametrize(
    "option",
    [
        *(f"charset={name}" for name in ("utf-16", "rot13", "unicode_escape", "zlib", "undefined", "latin-1", "no")),
        "a*=no''b",
        "a*=undefined''b",
    ],
)
def test_a_body_in_another_encoding_is_refused_before_django_decodes_by_it(option: str) -> None:
    environ = {**RequestFactory().post("/sign-in/?next=/", b"username=a", FORM).environ}
    environ["CONTENT_TYPE"] = f"{FORM}; {option}"
    answered: list[str] = []
    words = b"".join(application(environ, lambda status, headers: answered.append(status)))
    assert answered == ["400 Bad Request"]
    assert words == b"The text of a request must be UTF-8.\n"


def test_a_cookie_with_a_nul_counts_for_nothing(job: TrainingJob) -> None:
    client = GUEST.client(job.team)
    client.cookies["sessionid"] = "a\x00bcdefghijkl"
    assert client.get("/datasets/").status_code == 302
    assert client.get("/sign-in/").status_code == 200
