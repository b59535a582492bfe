"""From the button to the account and back out, at a real provider; and what a provider that lies gets us to say."""

import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, reverse

from ftcml.accounts.models import ProviderSession, User
from ftcml.accounts.services.sign_on import discovery
from ftcml.accounts.tasks import tidy
from tests.accounts.sign_on.conftest import Person, question
from tests.addresses import EVERYWHERE
from tests.factories import PASSWORD, UserFactory
from tests.servers.oidc_provider import OidcProvider, fresh_key

pytestmark = pytest.mark.django_db

UNTRUE = "an answer that we can&#x27;t trust"


def test_a_new_person_gets_an_account_without_a_password(milo: Person) -> None:
    address = milo.leave("/people/")
    asked = question(address)
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["nonce"]
    assert asked["state"]
    answer = milo.come_back(milo.agree(address))
    assert (answer.status_code, answer["Location"]) == (302, "/people/")
    user = User.objects.get()
    assert (user.username, user.first_name) == ("milo", "Milo Jones")
    assert not user.has_usable_password()
    assert not user.is_operator
    assert milo.client.get("/no-team/").status_code == 200
    # What isn't needed isn't kept: the users are minors.
    assert (user.email, user.last_name, EmailAddress.objects.count()) == ("", "", 0)
    assert SocialAccount.objects.get().extra_data == {}


def test_an_account_of_the_same_name_or_address_is_not_taken_over(milo: Person) -> None:
    local = UserFactory(username="milo", email="milo@school.example", is_superuser=True)
    milo.sign_in()
    new = User.objects.exclude(pk=local.pk).get()
    assert new.username == "milo2"
    assert not new.is_superuser
    assert Client().login(username="milo", password=PASSWORD)


def test_the_same_person_comes_back_to_the_same_account(milo: Person, provider: OidcProvider) -> None:
    milo.sign_in()
    again = Person("milo")
    again.sign_in()
    assert again.client.session["_auth_user_id"] == milo.client.session["_auth_user_id"]
    zoe = Person("zoe")
    zoe.sign_in()
    assert {user.username for user in User.objects.all()} == {"milo", "zoe"}


def test_a_closed_account_stays_closed(milo: Person) -> None:
    milo.sign_in()
    User.objects.update(is_active=False)
    again = Person("milo")
    answer = again.sign_in()
    assert "Your account here is closed" in answer.content.decode()
    assert not again.is_signed_in


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ({"nonce": "another"}, UNTRUE),
        ({"nonce": None}, UNTRUE),
        ({"iss": "https://elsewhere.example"}, UNTRUE),
        ({"aud": "another-client"}, UNTRUE),
        ({"azp": "another-client"}, UNTRUE),
        ({"sub": "2" * 200}, UNTRUE),
        ({"exp": 1_700_000_000}, "took too long"),
        ({"iat": None}, UNTRUE),
    ],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    milo: Person, provider: OidcProvider, lie: dict[str, Any], said: str
) -> None:
    provider.say(id_token=lie)
    answer = milo.sign_in()
    assert answer.status_code == 403
    assert said in answer.content.decode()
    assert not milo.is_signed_in
    assert not User.objects.exists()


def test_what_the_provider_tells_beside_the_token_must_be_of_the_same_person(
    milo: Person, provider: OidcProvider
) -> None:
    provider.say(userinfo={"sub": "2"})
    assert UNTRUE in milo.sign_in().content.decode()
    assert not User.objects.exists()


def test_an_answer_counts_once_and_in_its_own_browser(milo: Person) -> None:
    back = milo.agree(milo.leave())
    stranger = Person("zoe")
    assert "took too long" in stranger.come_back(back).content.decode()
    assert not stranger.is_signed_in
    assert milo.come_back(back).status_code == 302
    milo.client.post("/sign-out/")
    assert milo.come_back(back).status_code == 403


def test_who_cancels_at_the_provider_may_choose_again(milo: Person) -> None:
    answer = milo.come_back(milo.agree(milo.leave(), action="cancel"))
    assert answer.status_code == 200
    assert "You canceled at School Account" in answer.content.decode()
    assert not milo.is_signed_in


def test_while_the_provider_is_away_passwords_still_open(milo: Person, settings) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:1"
    discovery.forget()
    UserFactory(username="carla")
    answer = milo.client.post("/sign-in/provider/")
    assert answer.status_code == 503
    assert "School Account isn&#x27;t answering" in answer.content.decode()
    assert 'action="/sign-in/"' in answer.content.decode()
    assert milo.client.post("/sign-in/", {"username": "carla", "password": PASSWORD}).status_code == 302


def test_no_one_is_sent_to_another_server_afterwards(milo: Person) -> None:
    for after in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\r\nX: y"):
        assert milo.sign_in(after)["Location"] == "/"


def test_the_door_is_closed_while_no_provider_is_set(client: Client) -> None:
    assert "Sign In with" not in client.get("/sign-in/").content.decode()
    assert client.post("/sign-in/provider/").status_code == 404
    assert client.get("/sign-in/provider/back/").status_code == 404
    assert client.post("/sign-in/provider/ended/").status_code == 404


def test_no_page_of_allauth_has_an_address() -> None:
    for name in ("account_login", "account_signup", "account_email", "socialaccount_connections"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    admin = [address.route for address in EVERYWHERE if address.route.startswith("admin/")]
    assert not [route for route in admin if "socialapp" in route or "socialtoken" in route or "emailaddress" in route]


# --- signing out ----------------------------------------------------------------------------------


def test_signing_out_leads_to_the_providers_own_sign_out_and_back(milo: Person) -> None:
    milo.sign_in()
    address = milo.client.post("/sign-out/").context["address"]
    assert not milo.is_signed_in
    assert milo.browser.get(address, allow_redirects=False).headers["Location"] == "http://localhost/sign-in/"
    assert "/who/" in milo.browser.get(milo.leave()).url, "the provider asks who it is again"


def test_who_signed_in_with_a_password_signs_out_here_alone(client: Client, provider: OidcProvider, db) -> None:
    client.force_login(UserFactory())
    assert client.post("/sign-out/")["Location"] == "/sign-in/"


def end(token: object) -> int:
    return Client(enforce_csrf_checks=True).post("/sign-in/provider/ended/", {"logout_token": token}).status_code


def subject(name: str = "milo") -> str:
    return SocialAccount.objects.get(user__username=name).uid


def test_the_provider_ends_a_persons_sessions(milo: Person, provider: OidcProvider) -> None:
    zoe, elsewhere = Person("zoe"), Person("milo")
    for person, sid in ((zoe, "1"), (milo, "2"), (elsewhere, "3")):
        provider.say(id_token={"sid": sid})
        person.sign_in()
    assert end(provider.logout_token(sub=subject(), sid="2")) == 200
    assert (milo.is_signed_in, elsewhere.is_signed_in, zoe.is_signed_in) == (False, True, True)
    assert end(provider.logout_token(sub=subject())) == 200
    assert (elsewhere.is_signed_in, zoe.is_signed_in) == (False, True)
    assert end(provider.logout_token(sid="1")) == 200
    assert not zoe.is_signed_in


def test_a_session_under_a_new_key_is_ended_too(milo: Person, provider: OidcProvider) -> None:
    milo.sign_in()
    User.objects.get().set_password(PASSWORD)
    user = User.objects.get()
    user.set_password(PASSWORD)
    user.save()
    milo.client.get("/sign-in/")  # the new password ended the session
    milo.sign_in()
    new = "another correct horse"
    changed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert milo.client.post("/password/", changed).status_code == 302
    assert milo.is_signed_in
    assert end(provider.logout_token(sub=subject())) == 200
    assert not milo.is_signed_in


def test_only_a_logout_token_of_the_provider_ends_sessions(milo: Person, provider: OidcProvider) -> None:
    milo.sign_in()
    sub, now = subject(), int(time.time())
    untrue = [
        "",
        "x",
        "x" * 100_000,
        milo.client.session["sign_on_token"],  # an ID token, which browsers see
        provider.logout_token(sub=sub, nonce="n"),
        provider.logout_token(sub=sub, events={}),
        provider.logout_token(sub=sub, aud="another-client"),
        provider.logout_token(sub=sub, iss="https://elsewhere.example"),
        provider.logout_token(sub=sub, iat=now - 3600, exp=now + 60),
        provider.logout_token(),
        provider.signed({"iss": provider.issuer, "aud": "ftcml", "iat": now, "sub": sub}, key=fresh_key()),
    ]
    assert {end(token) for token in untrue} <= {400, 413}
    assert milo.is_signed_in


def test_a_logout_token_of_before_ends_no_later_session(milo: Person, provider: OidcProvider) -> None:
    milo.sign_in()
    assert end(provider.logout_token(sub=subject(), iat=int(time.time()) - 300)) == 200
    assert milo.is_signed_in


def test_what_is_kept_of_ended_sessions_goes(milo: Person) -> None:
    milo.sign_in()
    ProviderSession.objects.update(created="2020-01-01T00:00Z")
    tidy()
    assert ProviderSession.objects.exists()
    Session.objects.all().delete()
    tidy()
    assert not ProviderSession.objects.exists()
