"""A large request is an upload of somebody who may upload, or the server reads none of it."""

import io
import json

import pytest
from django.conf import settings
from django.test import Client

from bench.server.client import wait_until
from datasets.models import Dataset
from ftcml.accounts.models import Team
from ftcml.core.requests import client_limits
from ftcml.installation import identity
from ftcml.installation.models import Installation
from tests.datasets.archives import sound_frames, write_zip
from tests.factories import TrainingJobFactory
from tests.serving.requests import IMPORT, answer, chunks, form, head, upload_head

LARGE = 5_000_000
SECTION = "## Slow clients and large requests"


@pytest.fixture
def archive() -> bytes:
    """A zip of more than a small request."""
    file = io.BytesIO()
    write_zip(file, sound_frames(100))
    return file.getvalue()


def is_refused(client, status: int, words: str) -> None:
    """Refused while it is being sent, and the connection ends."""
    said, body = answer(client)
    assert said == status
    assert words in body.decode()
    while client.recv(65536):
        pass


def test_the_table_for_operators_has_the_servers_own_numbers() -> None:
    table = (settings.BASE_DIR / "docs" / "operators" / "operating.md").read_text().split(SECTION)[1].split("\n## ")[0]
    for words in (
        f"{client_limits.SMALL_REQUEST_BYTES // 1024} kB and as much for its headers",
        f"as a whole within {client_limits.REQUEST_SECONDS:.0f} seconds",
        f"At most {client_limits.UPLOADS_OF_A_PERSON} at a time for a person "
        f"and {client_limits.UPLOADS} for the server",
        f"{client_limits.DOWNLOADS_OF_A_PERSON} at a time for a person; {client_limits.LARGE_ANSWERS} large answers",
        f"{client_limits.LARGE_ANSWERS_OF_AN_ADDRESS} at a time for an address",
        f"{client_limits.LARGE_ANSWERS_TO_STRANGERS} for the server",
        f"{client_limits.PASSWORD_REQUESTS} for the server",
        f"after {client_limits.STALL_SECONDS:.0f} seconds without a byte, or below "
        f"{client_limits.SLOWEST_BYTES_PER_SECOND // 1024} kB a second",
    ):
        assert words in table
    assert client_limits.HEAD_BYTES == client_limits.SMALL_REQUEST_BYTES


@pytest.mark.parametrize("path", ["/sign-in/", "/healthz", "/console/", "/nothing/", "/api/v1/token/", "/models/stop/"])
def test_a_large_body_is_refused_where_nothing_large_is_wanted(path, connect, spooled, token) -> None:
    client = connect(upload_head(LARGE, token, path), form(b"PK")[:20], bytes(100_000))
    is_refused(client, 413, "You sent too much at once")
    assert spooled() == []


@pytest.mark.parametrize("path", [IMPORT, "/datasets/import/"])
@pytest.mark.parametrize("length", [LARGE, None], ids=["with its length", "in chunks"])
@pytest.mark.parametrize("cookie", [b"", b"Cookie: sessionid=made0up0by0somebody0who0is0not0here\r\n"])
def test_an_upload_of_somebody_unknown_is_refused(path, length, cookie, connect, spooled) -> None:
    start = upload_head(length, path=path).replace(
        b"\r\n\r\n", f"\r\n{cookie}\r\n\r\n".encode() if cookie else b"\r\n\r\n"
    )
    body = form(bytes(100_000))
    client = connect(start, chunks(body)[:-5] if length is None else body)
    is_refused(client, 401, "Sign in as a member of a team")
    assert spooled() == []


@pytest.mark.parametrize("path", [IMPORT])
def test_a_token_that_was_revoked_uploads_nothing(path, connect, spooled, token, coach) -> None:
    coach.is_active = False
    coach.save()
    is_refused(connect(upload_head(LARGE, token), bytes(100_000)), 401, "Sign in")
    assert spooled() == []


@pytest.fixture
def files_are_ours(transactional_db) -> None:
    """The server's files outlive the database of each test, which is emptied at its end."""
    ours = Installation.objects.create(pk=1)
    name = settings.DATA_DIR / "files" / identity.NAME
    name.parent.mkdir(exist_ok=True)
    name.write_text(json.dumps({"identity": str(ours.identity)}))


def test_a_member_imports_with_the_length_or_in_chunks(files_are_ours, connect, token, archive) -> None:
    body = form(archive, description="told by its length")
    assert answer(connect(upload_head(len(body), token), body))[0] == 202
    body = form(archive, description="sent in chunks")
    assert answer(connect(upload_head(None, token), chunks(body)))[0] == 202
    assert len(archive) > client_limits.SMALL_REQUEST_BYTES
    kept = [settings.DATA_DIR / "files" / dataset.archive_name for dataset in Dataset.objects.all()]
    assert [path.read_bytes() for path in kept] == [archive, archive]


@pytest.mark.parametrize("environment", [{"FTCML_IMPORT_MAX_ARCHIVE_BYTES": "200000"}])
def test_an_upload_in_chunks_ends_at_the_limit_too(connect, token, spooled) -> None:
    said, body = answer(connect(upload_head(None, token), chunks(form(bytes(400_000), description="large"))))
    assert said == 413
    assert "is the most that can be imported" in json.loads(body)["detail"]
    assert spooled() == []


def test_other_requests_need_their_length(connect, token) -> None:
    client = connect(upload_head(None, token, "/api/v1/training-jobs/"), chunks(b"{}"))
    is_refused(client, 411, "Content-Length")


@pytest.mark.parametrize("length", [10, 100_000])
def test_a_body_in_another_charset_is_refused_whatever_its_size(length, connect) -> None:
    start = head("/sign-in/", f"Content-Length: {length}", "Content-Type: text/plain; charset=utf-16")
    said, body = answer(connect(start, bytes(length)))
    assert said == 400
    assert "must be UTF-8" in body.decode()


def test_an_upload_that_breaks_off_leaves_nothing(connect, token, spooled) -> None:
    client = connect(upload_head(LARGE, token), form(bytes(4_000_000), description="half")[:3_500_000])
    wait_until(spooled, bool, 20)
    client.close()
    wait_until(spooled, lambda files: not files, 20)
    assert not Dataset.objects.exists()


def test_a_person_uploads_two_files_at_a_time(connect, token, make_people, spooled) -> None:
    for _ in range(client_limits.UPLOADS_OF_A_PERSON):
        connect(upload_head(LARGE, token), form(bytes(3_000_000)))
    wait_until(spooled, lambda files: len(files) == client_limits.UPLOADS_OF_A_PERSON, 20)
    third = connect(upload_head(LARGE, token), bytes(100))
    is_refused(third, 429, "already uploading 2 files")
    (other,) = make_people(1)
    connect(upload_head(LARGE, other), form(bytes(3_000_000)))
    wait_until(spooled, lambda files: len(files) == client_limits.UPLOADS_OF_A_PERSON + 1, 20)


def test_the_server_takes_so_many_uploads_at_a_time(connect, make_people, spooled) -> None:
    *others, last = make_people(client_limits.UPLOADS + 1)
    for token in others:
        connect(upload_head(LARGE, token), form(bytes(3_000_000)))
    wait_until(spooled, lambda files: len(files) == client_limits.UPLOADS, 30)
    is_refused(connect(upload_head(LARGE, last), bytes(100)), 503, "Many people are uploading")


@pytest.mark.django_db(transaction=True)
def test_a_person_downloads_four_files_at_a_time(member_client: Client, team: Team) -> None:
    address = f"/models/{TrainingJobFactory(team=team).pk}/metrics.csv"
    under_way = [member_client.get(address) for _ in range(client_limits.DOWNLOADS_OF_A_PERSON)]
    refused = member_client.get(address)
    assert refused.status_code == 429
    assert "already downloading 4 files" in refused.content.decode()
    under_way.pop().close()
    assert member_client.get(address).status_code == 200
