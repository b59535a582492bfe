"""What a person sees when a page cannot be had: our own look, one sentence, and never a whole page inside a part."""

import re
import uuid

import pytest
from django.test import Client

from ftcml.accounts.models import User
from training.pages import models_tab

PART = {"HX-Request": "true"}


def test_a_typo_in_an_address_speaks_of_the_address_and_links_home(member_client: Client) -> None:
    answer = member_client.get("/nothing/")
    assert answer.status_code == 404
    assert "Check the address for typos." in answer.content.decode()
    assert "Go to Your Tab" in answer.content.decode()
    assert "team" not in re.search("<section.*</section>", answer.content.decode(), re.DOTALL)[0]
    assert "Hello, milo" in answer.content.decode()


def test_an_item_that_is_not_there_says_why(member_client: Client) -> None:
    page = member_client.get(f"/datasets/{uuid.uuid4()}/").content.decode()
    assert "It may have been deleted, or belong to another team." in page


def test_what_only_operators_have_looks_like_a_typo(member_client: Client) -> None:
    pages = [member_client.get(address).content for address in ("/nothing/", "/console/", "/console/jobs/", "/room/")]
    sections = {re.search(b"<section.*</section>", page, re.DOTALL)[0] for page in pages}
    assert len(sections) == 1


def test_a_part_that_fails_answers_with_a_notice_alone(member_client: Client) -> None:
    answer = member_client.get("/nothing/", headers=PART)
    assert answer["X-Notice"]
    assert answer.content.decode().startswith('<div class="notice')


def test_a_file_over_the_limit_is_refused_by_the_server_too(member_client: Client, settings, tmp_path) -> None:
    settings.IMPORT_MAX_ARCHIVE_BYTES = 1000
    (tmp_path / "large.zip").write_bytes(bytes(100_000))
    with (tmp_path / "large.zip").open("rb") as upload:
        answer = member_client.post("/datasets/import/", {"upload": upload, "description": "large"}, headers=PART)
    assert answer.status_code == 400
    assert "is the most that can be imported" in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, PART])
def test_a_broken_server_takes_the_blame(headers: dict, member: User, monkeypatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(models_tab, "_table", broken)
    client = Client(raise_request_exception=False)
    client.force_login(member)
    answer = client.get("/models/", headers=headers)
    assert answer.status_code == 500
    assert "not your fault" in answer.content.decode()


def test_a_form_from_before_the_last_sign_in_asks_to_be_loaded_again(member: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    answer = client.post("/sign-out/")
    assert answer.status_code == 403
    assert "Reload the page" in answer.content.decode()


def test_a_part_for_somebody_without_a_team_sends_the_browser_on(client: Client, member: User) -> None:
    member.memberships.all().delete()
    client.force_login(member)
    assert client.get("/datasets/table/", headers=PART)["HX-Redirect"] == "/no-team/"
