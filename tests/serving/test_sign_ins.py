"""Passwords are slow to hash, and only those who wait for theirs notice."""

import json
import select

from ftcml.accounts.messages import WRONG_PASSWORD
from tests.serving.requests import answer, head
from tests.serving.test_slow_clients import page

A_CLASS = 30


def sign_in(number: int) -> bytes:
    given = {"username": f"student{number}", "password": "blue robots climb", "name": "a laptop"}
    body = json.dumps(given).encode()
    return head("/api/v1/token/", "Content-Type: application/json", f"Content-Length: {len(body)}") + body


def test_a_class_that_signs_in_at_once_is_served_and_holds_up_no_page(port, connect) -> None:
    page(port)
    clients = [connect(sign_in(number)) for number in range(A_CLASS)]
    assert page(port) == 200
    answered, _, _ = select.select(clients, [], [], 0)
    assert len(answered) < A_CLASS / 2 - 2
    # Each password was tried, and none is told to come back.
    details = {json.loads(answer(client)[1])["detail"] for client in clients}
    assert details == {WRONG_PASSWORD}
