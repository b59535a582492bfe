"""`make proxies`: nginx and Caddy by the files in deploy/, in front of a stand-in and of a real server.

The stand-in shows what reaches the server and when. The real server has a person sign in, a large upload by a stranger,
and a download. It needs nginx or Caddy on this machine, and tries those that are there.
"""

import http.client
import json
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from http.cookies import SimpleCookie
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from bench.proxies.proxy import HOST, NAMES, Door, installed, running
from bench.proxies.stand_in import EVENT_SECONDS, EVENTS, PIECE, SLOW_SECONDS, StandIn, stand_in
from bench.proxies.web_alone import web_alone
from bench.server import report
from bench.server.local_server import LocalServer
from bench.server.report import Target

UPLOAD_BYTES, UPLOAD_SECONDS = 400_000, 4.0
BEGINNING_PIECES = 40
# Above what the proxies let through.
TOO_LARGE = 3_000_000_000
Trial = tuple[str, bool]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes


def ask(
    door: Door, path: str, headers: Mapping[str, str] | None = None, method: str = "GET", body: bytes | None = None
) -> Answer:
    """Ask by a connection of its own; returns the answer, read to its end."""
    connection = door.connect()
    connection.request(method, path, body, dict(headers or {}))
    answer = connection.getresponse()
    return Answer(answer.status, answer.headers, answer.read())


def before_a_stand_in(door: Door, server: StandIn) -> Iterator[Trial]:
    lies = {"X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "http"}
    seen = json.loads(ask(door, "/", lies).body)
    yield (
        "who asks and how is the proxy's word",
        (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"])
        == (
            "127.0.0.1",
            "https",
        ),
    )
    yield "the name is passed on", seen["Host"] == HOST
    yield "an upload passes as it comes", _spread_of_upload(door, server) > UPLOAD_SECONDS / 2
    yield "events pass as they come", _spread_of_events(door) > EVENT_SECONDS * (EVENTS - 2)
    yield f"an answer may take {SLOW_SECONDS:.0f} s", ask(door, "/slow").status == 200
    keys = "k=" + "x" * 7_900
    yield "an address of 8,000 letters passes", ask(door, f"/?{keys}").status == 200


def _spread_of_upload(door: Door, server: StandIn) -> float:
    """Return the seconds between the first and the last piece that reached the server of a slow upload."""
    connection = door.connect()
    connection.putrequest("POST", "/upload")
    connection.putheader("Content-Length", str(UPLOAD_BYTES))
    connection.endheaders()
    for _ in range(UPLOAD_BYTES // PIECE):
        connection.send(bytes(PIECE))
        time.sleep(UPLOAD_SECONDS * PIECE / UPLOAD_BYTES)
    connection.getresponse().read()
    (first, _), *_, (last, _) = server.arrivals
    return last - first


def _spread_of_events(door: Door) -> float:
    connection = door.connect()
    connection.request("GET", "/events")
    answer = connection.getresponse()
    moments = [time.monotonic() for line in answer if line.startswith(b"data")]
    return moments[-1] - moments[0] if len(moments) == EVENTS else 0.0


def _status_of_beginning(door: Door, length: int) -> int:
    """Return the answer to an upload that lasts a while: Caddy passes one on as the next piece comes."""
    connection = door.connect()
    connection.putrequest("POST", "/api/v1/datasets/import/")
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    with suppress(OSError):  # it may be cut while it's sent
        for _ in range(BEGINNING_PIECES):
            connection.send(bytes(PIECE))
            time.sleep(0.05)
    return connection.getresponse().status


def before_the_server(door: Door, server: LocalServer) -> Iterator[Trial]:
    form_page = ask(door, "/sign-in/")
    yield "browsers remember HTTPS", "Strict-Transport-Security" in form_page.headers
    signed_in, cookies = _signed_in(door, form_page, *server.demo_account())
    yield "a person signs in", signed_in.status == 302 and "sessionid" in cookies
    yield "cookies travel encrypted alone", all(morsel["secure"] for morsel in cookies.values())
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
    page = ask(door, "/datasets/", {"Cookie": cookie})
    yield "a page comes", page.status == 200
    yield "a stranger's upload is refused unread", _status_of_beginning(door, 500_000_000) == 401
    # By the proxy, or by the server behind it.
    yield "too large an upload is refused unread", _status_of_beginning(door, TOO_LARGE) in (401, 413)
    wasm = ask(door, "/static/litert/core/wasm/litert_wasm_internal.wasm")
    yield "a large file arrives whole", len(wasm.body) == int(wasm.headers["Content-Length"])
    plain = http.client.HTTPConnection("127.0.0.1", door.plain, timeout=30)
    plain.request("GET", "/models/", headers={"Host": HOST})
    where = plain.getresponse().headers["Location"] or ""
    yield "plain HTTP leads to HTTPS", where.startswith(f"https://{HOST}") and where.endswith("/models/")


def _signed_in(door: Door, form_page: Answer, name: str, password: str) -> tuple[Answer, SimpleCookie]:
    text = form_page.body.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    assert found, text
    cookies = SimpleCookie(form_page.headers["Set-Cookie"])
    form = urlencode({"username": name, "password": password, "csrfmiddlewaretoken": found[1]}).encode()
    kind = "application/x-www-form-urlencoded"
    sent = {"Origin": f"https://{HOST}", "Content-Type": kind, "Cookie": f"csrftoken={cookies['csrftoken'].value}"}
    answer = ask(door, "/sign-in/", sent, "POST", form)
    for header in answer.headers.get_all("Set-Cookie") or ():
        cookies.load(header)
    return answer, cookies


def told(trials: Iterator[Trial]) -> Iterator[Trial]:
    """Tell each as it ends, since some take a minute."""
    for what, went_well in trials:
        print(f"… {what}: {'yes' if went_well else 'NO'}", flush=True)
        yield what, went_well


def main() -> None:
    there = installed()
    if not there:
        sys.exit("Neither nginx nor Caddy is installed. On Debian and Ubuntu: sudo apt install nginx caddy")
    report.print_machine()
    settings = {"FTCML_HTTPS": "1", "ALLOWED_HOSTS": HOST, "CSRF_TRUSTED_ORIGINS": f"https://{HOST}"}
    results: dict[str, list[Trial]] = {}
    with TemporaryDirectory() as folder, web_alone(Path(folder) / "data", **settings) as server:
        for name in there:
            with stand_in() as upstream, running(name, upstream.server_port, Path(folder) / f"{name}-1") as door:
                results[name] = [*told(before_a_stand_in(door, upstream))]
            with running(name, server.port, Path(folder) / f"{name}-2") as door:
                results[name] += told(before_the_server(door, server))
    rows = [[what, name, "yes" if went_well else "NO"] for name in there for what, went_well in results[name]]
    report.print_table("Behind a proxy", ("what", "proxy", "seen"), rows)
    missing = [name for name in NAMES if name not in there]
    print(f"\nNot installed here, so not tried: {', '.join(missing) or 'none'}")
    wrong = {name: sum(not went_well for _, went_well in trials) for name, trials in results.items()}
    sys.exit(
        report.finish({"wrong": wrong}, [Target(f"{n}: what went wrong", w, "at most", 0) for n, w in wrong.items()])
    )


if __name__ == "__main__":
    main()
