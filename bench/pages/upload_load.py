"""Whether pages are quick while some of a school uploads videos over a slow network.

    make bench BENCH=upload_load
    python -m bench upload_load --seconds 20 --uploads 10 --browsers 20

A server of its own is started as `make run` starts it. Slow clients upload, each over 50 kB/s and in the parts that the
pages' own script sends over such a network, beside browsers that watch the Videos and Datasets tabs.
"""

import argparse
import base64
import http.client
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.pages.load import Load, load, watch
from bench.pages.load_people import Member, new_members
from bench.server import report
from bench.server.local_server import LocalServer
from bench.server.report import Target

_DEMO_TEAM = 100
_PAGES_LIMIT_MS = 200.0
# As static/js/videos/part-size.js has it.
_PART = 64 * 1024
_AT_ONCE = 5_000
_FILE_BYTES = 90_000_000
_PAGES = (("/videos/", "/videos/table/"), ("/datasets/", "/datasets/table/"))


class SlowUpload:
    """One person's upload, part after part, until it is told to end."""

    def __init__(self, server: LocalServer, member: Member, bytes_a_second: int) -> None:
        self._port, self._token, self._pause = server.port, member.token, _AT_ONCE / bytes_a_second
        self._over = threading.Event()
        self.sent, self.errors = 0, 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "SlowUpload":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        metadata = f"filename {base64.b64encode(b'robot.mp4').decode()}"
        status, address = self._ask(
            "POST", "/api/v1/videos/uploads/", {"Upload-Length": str(_FILE_BYTES), "Upload-Metadata": metadata}
        )
        if status != 201:
            self.errors += 1
        while status == 201 and not self._over.is_set():
            part = bytes(_PART) if self.sent else b"\x00\x00\x00\x18ftypmp42".ljust(_PART, b"\x00")
            headers = {"Upload-Offset": str(self.sent), "Content-Type": "application/offset+octet-stream"}
            answer, _ = self._ask("PATCH", address, headers, part)
            if self._over.is_set():
                return
            self.errors += answer != 204
            self.sent += _PART if answer == 204 else 0

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, str]:
        """Send a request at the pace of the network, and return the status of its answer and its Location."""
        client = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            client.putrequest(method, path)
            own = {"Authorization": f"Token {self._token}", "Tus-Resumable": "1.0.0", "Content-Length": str(len(body))}
            for name, value in (own | headers).items():
                client.putheader(name, value)
            client.endheaders()
            for start in range(0, len(body), _AT_ONCE):
                client.send(body[start : start + _AT_ONCE])
                if self._over.wait(self._pause):
                    return 0, ""
            answer = client.getresponse()
            answer.read()
            return answer.status, answer.getheader("Location") or ""
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            client.close()


def play(server: LocalServer, options: argparse.Namespace) -> tuple[Load, Sequence[SlowUpload]]:
    people = new_members(server, _DEMO_TEAM, options.browsers + options.uploads)
    browsers, senders = people[: options.browsers], people[options.browsers :]
    uploads = [SlowUpload(server, member, options.bytes_a_second) for member in senders]
    for upload in uploads:
        upload.__enter__()
    time.sleep(2)  # until all of them are at work
    answered = watch(server.url, browsers, lambda number: _PAGES[number % len(_PAGES)], options.seconds)
    for upload in uploads:
        upload.__exit__()
    return load(f"{options.browsers} browsers beside {options.uploads} slow uploads", answered), uploads


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    report.print_machine()
    with tempfile.TemporaryDirectory() as folder, LocalServer(Path(folder) / "data") as server:
        pages, uploads = play(server, options)
    seconds, sent = options.seconds + 2, [upload.sent for upload in uploads]
    report.print_table(
        "Milliseconds until a page is answered",
        ("room", "requests", "median", "95 of 100", "slowest", "errors"),
        [[pages.room, str(pages.requests), *map(report.number, (pages.median_ms, pages.p95_ms, pages.slowest_ms)),
          str(pages.errors)]],
    )  # fmt: skip
    pace = min(sent, default=0) / seconds / 1000
    targets = [
        Target(f"ms for 95 of 100 answers, {pages.room}", pages.p95_ms, "at most", _PAGES_LIMIT_MS),
        Target("errors", pages.errors + sum(upload.errors for upload in uploads), "at most", 0),
        Target("kB a second of the slowest upload", pace, "at least", 0.7 * options.bytes_a_second / 1000),
    ]
    return report.finish({"load": asdict(pages), "sent": sent}, targets)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--browsers", type=int, default=20, help="that watch pages (default: %(default)s)")
    parser.add_argument("--uploads", type=int, default=10, help="at the same time (default: %(default)s)")
    parser.add_argument("--bytes-a-second", type=int, default=50_000, help="of each upload (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="that it lasts (default: %(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
