"""The API does what its own description says, for whatever that allows and much that it doesn't.

schemathesis makes the requests from the description: as a coach's program, as a member's, and as an operator who is on
the team as well. Ids are those of things that the team has, one of everything, so that the requests come further than
to a 404. The same requests in every run, and a bounded number of them: FTCML_TEST_EXAMPLES makes it another one.
"""

import itertools
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

import hypothesis
import pytest
import requests
import schemathesis
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from schemathesis import checks
from schemathesis.config import SchemathesisConfig

from ftcml.accounts.models import ApiToken
from tests.factories import MembershipFactory
from tests.one_of_everything import make_team, names_of
from tests.people import PROGRAMS
from training.services import registry

EXAMPLES = int(os.environ.get("FTCML_TEST_EXAMPLES", "8"))
# What is refused to a member or an operator is refused before the body is read, so that fewer requests show it.
OTHERS_ASK_EVERY = 6

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

# A case may make a request with a field of its own; the cases of one operation are bounded by EXAMPLES instead.
_CONFIG = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}, "stateful": {"enabled": False}}})
_CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
# What tus calls the bytes of a file.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
api = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True), config=_CONFIG)


@pytest.fixture
def names(db, as_often_as_one_likes) -> dict[str, Any]:
    """What may stand in a request: ids of every kind, and the tokens of the three."""
    registry.report("worker-1", "cpu", 1)
    team, job = make_team()
    member, coach = (person.client(team).defaults["HTTP_AUTHORIZATION"] for person in PROGRAMS[:2])
    operator = MembershipFactory(team=team, user__is_staff=True, user__is_superuser=True)
    tokens = {"member": member, "coach": coach, "operator": f"Token {ApiToken.issue(operator)}"}
    return {**{name: str(value) for name, value in names_of(job).items()}, **tokens}


@pytest.fixture
def turn() -> Iterator[int]:
    return itertools.count()


@api.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_every_operation_answers_as_described(
    case: schemathesis.Case, names: dict[str, Any], turn: Iterator[int]
) -> None:
    _name_what_is_there(case, names)
    people = ("coach", "member", "operator") if next(turn) % OTHERS_ASK_EVERY == 0 else ("coach",)
    for person in people:
        _ask(case, names[person])


def _ask(case: schemathesis.Case, token: str) -> None:
    """Send the request with this token, and compare the answer with the description."""
    asked = requests.Request(**case.as_transport_kwargs("http://testserver", {"Authorization": token}))
    case.validate_response(_answer(asked.prepare()), checks=_CHECKS)


def _answer(asked: requests.PreparedRequest) -> schemathesis.Response:
    """The answer to a request, in this process; afterwards everything is as it was before."""
    path, _, query = asked.path_url.partition("?")
    headers = {name: value for name, value in asked.headers.items() if name not in ("Content-Type", "Content-Length")}
    body = asked.body.encode() if isinstance(asked.body, str) else asked.body or b""
    with transaction.atomic():
        answer = Client(raise_request_exception=False).generic(
            asked.method, unquote_to_bytes(path).decode(errors="replace"), body,
            asked.headers.get("Content-Type", ""), headers=headers, QUERY_STRING=query,
        )  # fmt: skip
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return schemathesis.Response(
        answer.status_code, {name: [value] for name, value in answer.items()}, content, asked, elapsed=0, verify=True
    )


def _name_what_is_there(case: schemathesis.Case, names: dict[str, Any]) -> None:
    """Put ids of the team's own things in the place of those that were made up."""
    for name in case.path_parameters or {}:
        case.path_parameters[name] = names[name]
    if isinstance(case.body, dict):
        if isinstance(case.body.get("datasets"), list) and case.body["datasets"]:
            case.body["datasets"] = [names["dataset_id"]]
        if isinstance(case.body.get("parent"), str):
            case.body["parent"] = names["job_id"]
