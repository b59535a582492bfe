"""Clients that take their time cost the others nothing, and are cut when they take too much of it."""

import http.client
import socket
import time

import pytest

from ftcml.core.requests import client_limits
from ftcml.serving.patient_socket import Pace, PatientSocket, TooSlow
from tests.serving.requests import answer, head, upload_head

MANY = 2 * client_limits.CONNECTION_THREADS
HEALTH = head("/healthz", method="GET")
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


def page(port: int) -> int:
    """The status of a page that another visitor asks for."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    client.request("GET", "/sign-in/")
    status = client.getresponse().status
    client.close()
    return status


def is_open(client: socket.socket) -> bool:
    """Whether the server still waits for this client."""
    client.setblocking(False)
    try:
        return bool(client.recv(1))
    except BlockingIOError:
        return True


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GET /sign-in/ HTTP/1.1\r\nHost: 127",
        head("/sign-in/", "Content-Length: 1000") + b"username=",
        head("/api/v1/token/", "Content-Type: application/json", "Content-Length: 0000000000000000000100"),
        HEALTH[:-1],
    ],
    ids=["nothing", "half a head", "half a form", "a length with zeros", "a head without its last byte"],
)
def test_requests_that_have_not_come_as_a_whole_cost_no_thread(port, connect, beginning) -> None:
    page(port)
    clients = [connect(beginning) for _ in range(MANY)]
    began = time.monotonic()
    assert page(port) == 200
    assert time.monotonic() - began < client_limits.STALL_SECONDS / 2
    assert sum(map(is_open, clients)) > client_limits.CONNECTION_THREADS


def test_a_length_of_many_spaces_holds_up_no_page(port, connect) -> None:
    page(port)
    for _ in range(4):
        connect(head("/healthz", f"Content-Length:{' ' * 60_000}x", method="GET"))
    began = time.monotonic()
    assert page(port) == 200
    assert time.monotonic() - began < 10


def test_a_request_that_comes_byte_by_byte_is_answered(connect) -> None:
    client = connect(*(bytes([byte]) for byte in HEALTH))
    assert answer(client)[0] == 200


def test_what_is_sent_behind_a_request_is_the_next_one(connect) -> None:
    client = connect(HEALTH + HEALTH + HEALTH[:10])
    assert answer(client)[0] == 200
    assert answer(client)[0] == 200
    client.sendall(HEALTH[10:])
    assert answer(client)[0] == 200


@pytest.mark.parametrize("is_whole", [False, True], ids=["without its end", "whole"])
def test_a_large_head_is_refused_before_it_costs_a_thread(connect, is_whole) -> None:
    lines = [f"X-{number}: {'x' * 8000}" for number in range(8)]
    missing = client_limits.HEAD_BYTES + 1 - len(head("/healthz", *lines, "X: ", method="GET"))
    start = head("/healthz", *lines, f"X: {'x' * missing}", method="GET")
    client = connect(start if is_whole else start[:-4] + b"xxxx")
    assert answer(client)[0] == 431
    assert client.recv(1) == b""


def test_a_client_that_waits_to_be_told_is_told_to_send_its_form(connect) -> None:
    client = connect(head("/sign-in/", "Content-Length: 9", "Expect: 100-continue"))
    assert client.recv(len(GO_ON)) == GO_ON
    client.sendall(b"username=")
    # gunicorn says it once more, which is allowed.
    assert client.recv(len(GO_ON)) == GO_ON
    assert answer(client)[0] == 403  # a form without its CSRF token


def test_as_many_uploads_as_the_server_takes_hold_up_no_page(port, connect, make_people) -> None:
    page(port)
    clients = [connect(upload_head(10_000_000, token), bytes(1000)) for token in make_people(client_limits.UPLOADS)]
    assert page(port) == 200
    assert sum(map(is_open, clients)) > client_limits.PAGE_THREADS


def test_a_client_that_sends_nothing_is_cut() -> None:
    ours, theirs = socket.socketpair()
    patient = PatientSocket.of(ours)
    patient.settimeout(0.05)
    with theirs, patient, pytest.raises(TooSlow):
        patient.recv(100)


def test_a_client_that_reads_nothing_is_cut() -> None:
    ours, theirs = socket.socketpair()
    patient = PatientSocket.of(ours)
    patient.settimeout(0.05)
    with theirs, patient, pytest.raises(TooSlow):
        patient.sendall(bytes(100_000_000))


def test_a_client_below_the_slowest_pace_is_cut_whatever_it_sent_before() -> None:
    pace = Pace()
    pace.add(client_limits.STALL_SECONDS, 10**9)
    pace.add(client_limits.STALL_SECONDS - 1, 1)
    with pytest.raises(TooSlow):
        pace.add(1, 1)


def test_the_time_that_the_server_takes_itself_is_none_of_the_clients() -> None:
    pace = Pace()
    for _ in range(1000):
        pace.add(0.001, 1)
