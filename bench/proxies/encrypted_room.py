"""Slow clients and broken handshakes at a room with HTTPS, while somebody opens its pages."""

import argparse
import http.client
import ssl
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from bench.proxies.web_alone import web_alone
from bench.server import report
from bench.server.report import Target
from bench.server.slow_clients import SlowClients
from ftcml.launcher.room import certificate

HOST = "127.0.0.1"
# A server takes so many uploads of one person, and more downloads of a file of the pages than these.
UPLOADS, HALVES = 2, 60
DOWNLOAD = "/static/litert/core/wasm/litert_wasm_internal.wasm"
LONGEST_MS = 2_000
_PRINT_ONE = """from ftcml.accounts.models import ApiToken, Membership
print(ApiToken.issue(Membership.objects.get(user__username="demo-coach")))"""


def ask(port: int, trusting: ssl.SSLContext) -> tuple[int, float]:
    """Open the sign-in page by a connection of its own; returns the status, 0 without one, and the milliseconds."""
    began = time.perf_counter()
    client = http.client.HTTPSConnection(HOST, port, timeout=60, context=trusting)
    try:
        client.request("GET", "/sign-in/")
        answer = client.getresponse()
        answer.read()
        return answer.status, 1000 * (time.perf_counter() - began)
    except (OSError, http.client.HTTPException):
        return 0, 1000 * (time.perf_counter() - began)
    finally:
        client.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench BENCH=encrypted_room", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    seconds = parser.parse_args().seconds
    report.print_machine()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "certificate-and-key.pem"
        certificate.ensure(file, [HOST], timezone.now())
        trusting = ssl.create_default_context(cafile=file)
        room = {"FTCML_ROOM_ADDRESSES": f"https://{HOST}:8000", "FTCML_ROOM_CERTIFICATE": str(file)}
        with web_alone(Path(folder) / "data", **room) as server:
            token = server.manage("shell", "--verbosity", "0", "--command", _PRINT_ONE).split()[-1]
            alone = [ask(server.port, trusting) for _ in range(10)]
            with SlowClients(server.port, [token] * UPLOADS, DOWNLOAD, HALVES, trusting) as clients:
                answers, until = [], time.monotonic() + seconds
                while time.monotonic() < until:
                    answers.append(ask(server.port, trusting))
                    time.sleep(0.25)
            ended = clients.ended.total()
    sys.exit(_finish(alone, answers, ended))


def _finish(alone: list[tuple[int, float]], answers: list[tuple[int, float]], ended: int) -> int:
    first, times = (sorted(spent for _, spent in some) for some in (alone, answers))
    p95 = times[int(0.95 * (len(times) - 1))]
    rows = [
        ["alone", str(len(first)), report.number(first[len(first) // 2]), report.number(first[-1])],
        ["beside slow clients", str(len(times)), report.number(times[len(times) // 2]), report.number(times[-1])],
    ]
    report.print_table("The sign-in page by HTTPS", ("", "requests", "median ms", "longest ms"), rows)
    wrong = sum(status != 200 for status, _ in answers)
    targets = [
        Target("pages without an answer", wrong, "at most", 0),
        Target("honest uploads and downloads that the server ended", ended, "at most", 0),
        Target("milliseconds for 95 of 100 pages", p95, "at most", LONGEST_MS),
    ]
    return report.finish({"p95_ms": p95, "wrong": wrong, "ended": ended}, targets)


if __name__ == "__main__":
    main()
