"""A person's label page, as far as a program plays it: opened once, and asked with its cookie and its owner."""

import http.client
import json
import re
from dataclasses import dataclass
from typing import Any

from bench.pages.load_people import Member
from bench.server.local_server import LocalServer

_COOKIES = re.compile(r"csrftoken=([^;]+)")
_OWNER = re.compile(r'data-page-of="([^"]+)"')
_SECONDS = 30


@dataclass
class LabelTab:
    """The label page of a video in a browser of that member."""

    server: LocalServer
    member: Member
    video: str
    _token: str = ""
    _owner: str = ""

    def open(self) -> None:
        """Open the page, as whose the rest is sent."""
        status, body, headers = self.ask("GET", "", {})
        if status != 200:
            raise RuntimeError(f"The label page answered {status}.")
        self._token = _found(_COOKIES, headers.get("Set-Cookie") or "")
        self._owner = _found(_OWNER, body.decode())

    def get(self, path: str) -> tuple[int, Any]:
        """Return the status and what the server says; (0, None) where it isn't there."""
        return self._told("GET", path)

    def post(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        return self._told("POST", path, json.dumps(body or {}).encode())

    def _told(self, method: str, path: str, body: bytes | None = None) -> tuple[int, Any]:
        status, answer, _ = self.ask(method, path, {"Content-Type": "application/json"}, body)
        return status, json.loads(answer) if status in (200, 400) and answer else None

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Return status, body and headers of an answer; status 0 where there is none."""
        client = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=_SECONDS)
        cookies = f"sessionid={self.member.session}" + (f"; csrftoken={self._token}" if self._token else "")
        own = {"Cookie": cookies, "X-CSRFToken": self._token, "X-Page-Of": self._owner, "HX-Request": "true"}
        try:
            client.request(method, f"/videos/{self.video}/label/{path}", body, own | headers)
            answer = client.getresponse()
            return answer.status, answer.read(), answer.headers
        except (OSError, http.client.HTTPException):
            return 0, b"", http.client.HTTPMessage()
        finally:
            client.close()


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    if match is None:
        raise RuntimeError(f"The label page has no {pattern.pattern}.")
    return match.group(1)
