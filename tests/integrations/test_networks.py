"""A stranger's address never leads into the server's own network, whatever its name resolves to."""

import socket
import ssl

import pytest
import trustme

from ftcml.integrations.services import guarded_post, networks
from ftcml.integrations.services.guarded_post import Outcome
from tests.integrations.receiver import Receiver, listening


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
        # An IPv4 address in the clothes of another.
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::",
    ],
)  # fmt: skip
def test_no_private_address_is_reached(address: str) -> None:
    assert not networks.is_allowed(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_public_addresses_are(address: str) -> None:
    assert networks.is_allowed(address)
    assert not networks.is_allowed(address, plain=True)


def test_the_operator_opens_a_network_of_the_school(settings) -> None:
    settings.WEBHOOK_NETWORKS = ["10.1.0.0/16"]
    assert networks.is_allowed("10.1.2.3")
    assert not networks.is_allowed("10.1.2.3", plain=True), "without TLS this machine alone is reached"
    assert not networks.is_allowed("10.2.2.3")
    assert not networks.is_allowed("127.0.0.1")


def answers(monkeypatch, *addresses: str) -> list[str]:
    """Have every name resolve to these, and return which names were asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host, port, *args, **options):
        if host in addresses:
            return real(host, port, *args, **options)  # the connection to a checked number
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_of_a_private_address_gets_no_connection(monkeypatch) -> None:
    answers(monkeypatch, "10.0.0.1", "127.0.0.1")
    monkeypatch.setattr(socket, "socket", None)  # nobody may even try
    assert guarded_post.post("https://hooks.example.org/", b"{}", {}) == Outcome(problem="not_allowed")


def test_a_name_is_asked_once_so_a_second_answer_changes_nothing(monkeypatch, settings) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with listening() as receiver:
        asked = answers(monkeypatch, "127.0.0.1")
        url = receiver.url.replace("127.0.0.1", "hooks.example.org")
        assert guarded_post.post(url, b"{}", {}) == Outcome(204)
    assert asked == ["hooks.example.org"]
    assert receiver.heard[0][0]["host"] == f"hooks.example.org:{receiver.port}"


@pytest.fixture
def secure(settings, monkeypatch):
    """A receiver with a certificate for its name, of an authority that only it knows."""
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hooks.example.org").configure_cert(context)
    answers(monkeypatch, "127.0.0.1")
    with listening(context) as receiver:
        yield receiver, authority


def test_the_certificate_is_that_of_the_name(secure: tuple[Receiver, trustme.CA], monkeypatch) -> None:
    receiver, authority = secure
    url = receiver.url.replace("http:", "https:").replace("127.0.0.1", "hooks.example.org")
    assert guarded_post.post(url, b"{}", {}).problem == "certificate"
    make = ssl.create_default_context

    def trusting() -> ssl.SSLContext:
        context = make()
        authority.configure_trust(context)
        return context

    monkeypatch.setattr(ssl, "create_default_context", trusting)
    assert guarded_post.post(url, b"{}", {}) == Outcome(204)
    assert guarded_post.post(url.replace("hooks", "other"), b"{}", {}).problem == "certificate"
    assert len(receiver.heard) == 1


def test_what_is_no_host_is_a_problem_and_no_crash() -> None:
    for url in (
        "https://nowhere.invalid/",
        "https://a..b/",
        "https://xn--/",
        f"https://{'a' * 64}.org/",
        "https://:1/",
    ):
        assert guarded_post.post(url, b"{}", {}).problem in ("unknown_name", "not_allowed"), url
