"""How soon a server's pages answer somebody who asks for one after the other: from the request to the last byte."""

import http.client
import re
import statistics
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookiejar import CookieJar

from bench.server.report import Target

LIMIT_MS = 100.0


@dataclass(frozen=True)
class Speed:
    """Milliseconds until one page was answered: the median, and what 95 of 100 answers need at most."""

    page: str
    while_training: bool
    median_ms: float
    p95_ms: float
    requests: int


class Person:
    """Somebody with a browser's cookies and one connection after the other."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        form = self.read("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token, "there is no form to sign in with"
        fields = {"csrfmiddlewaretoken": token[1], "username": username, "password": password, "next": "/datasets/"}
        request = urllib.request.Request(f"{url}/sign-in/", urllib.parse.urlencode(fields).encode())  # noqa: S310
        request.add_header("Referer", f"{url}/sign-in/")
        self._opener.open(request, timeout=60).read()

    def read(self, path: str) -> str:
        answer: http.client.HTTPResponse = self._opener.open(f"{self._url}{path}", timeout=60)
        return answer.read().decode(errors="replace")

    def milliseconds(self, path: str) -> float:
        began = time.perf_counter()
        self.read(path)
        return 1000 * (time.perf_counter() - began)


def measure(people: Sequence[Person], pages: dict[str, str], rounds: int, while_training: bool) -> list[Speed]:
    """Let all people at once read every page so many times."""

    def read_all(person: Person) -> list[tuple[str, float]]:
        return [(name, person.milliseconds(path)) for _ in range(rounds) for name, path in pages.items()]

    with ThreadPoolExecutor(len(people)) as pool:
        answers = [answer for found in pool.map(read_all, people) for answer in found]
    return [_speed(name, while_training, [ms for page, ms in answers if page == name]) for name in pages]


def _speed(page: str, while_training: bool, milliseconds: list[float]) -> Speed:
    p95 = statistics.quantiles(milliseconds, n=20)[-1]
    return Speed(page, while_training, statistics.median(milliseconds), p95, len(milliseconds))


def targets(speeds: Sequence[Speed]) -> list[Target]:
    slowest = max(speeds, key=lambda speed: speed.p95_ms)
    promise = f"ms for 95 of 100 answers of the slowest page ({slowest.page})"
    return [Target(promise, slowest.p95_ms, "at most", LIMIT_MS)]
