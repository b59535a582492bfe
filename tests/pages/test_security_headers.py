"""What our pages tell a browser to refuse, and that no page of ours needs it."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext

from ftcml.accounts.models import Membership, User
from tests.addresses import EVERYWHERE
from tests.one_of_everything import make_team, names_of
from tests.pages.conftest import POLICY, sign_in
from tests.requests.access_table import IN_ADMIN_PATHS

pytestmark = pytest.mark.django_db


def test_every_answer_has_its_policy(client: Client, member_client: Client) -> None:
    for answer in (
        client.get("/sign-in/"),
        member_client.get("/datasets/"),
        client.get("/nowhere/"),
        client.get("/healthz"),
    ):
        policy = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'self'"
        assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
        assert policy["object-src"] == policy["frame-ancestors"] == "'none'"
        assert policy["base-uri"] == policy["form-action"] == "'self'"
        assert "unsafe-inline" not in str(policy)
        assert "camera=(self)" in answer.headers["Permissions-Policy"]
        assert "microphone=()" in answer.headers["Permissions-Policy"]
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["X-Frame-Options"] == "DENY"


def pages(client: Client, names: dict[str, object]) -> Iterator[str]:
    """The address of every whole page that this person can open, from the URL configuration."""
    for address in EVERYWHERE:
        path = address.path(names)
        answer = client.get(path)
        is_page = answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]
        if is_page and b"<html" in answer.content:
            yield path


@pytest.mark.browser
def test_no_page_needs_what_the_policy_refuses(visitor: BrowserContext, operator: User, live_server) -> None:
    """Of an operator who is a coach as well, and so may open all of them; the fixture looks for what was refused.

    Every request goes to the server itself: no page tells a third party who looks at it.
    """
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    team, job = make_team()
    operator.is_superuser = True
    operator.save()
    Membership.objects.create(team=team, user=operator, role=Membership.Role.COACH)
    client = Client()
    client.force_login(operator)
    found = list(pages(client, {**names_of(job), **IN_ADMIN_PATHS}))
    assert {"/people/", "/tokens/", "/datasets/", f"/models/{job.pk}/", "/console/", "/admin/"} <= set(found)
    sign_in(visitor, operator, live_server.url)
    page = visitor.new_page()
    for path in found:
        page.goto(path, wait_until="load")
    ours = (f"{live_server.url}/", f"blob:{live_server.url}/", "data:")
    assert len(asked) > len(found)
    assert [url for url in asked if not url.startswith(ours)] == []


@pytest.mark.browser
def test_a_script_that_gets_into_a_page_does_not_run(browser, live_server) -> None:
    context = browser.new_context(base_url=live_server.url)
    refused: list[str] = []
    context.on("console", lambda message: refused.append(message.text))
    page = context.new_page()
    page.goto("/sign-in/")
    page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.hasRun = true";
      document.body.append(script);
    }""")
    assert page.evaluate("window.hasRun") is None
    assert any(POLICY in text for text in refused)
    context.close()
