"""A stand-in for the server, which shows what a proxy lets through, and when."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

EVENTS, EVENT_SECONDS = 4, 1.0
# Longer than proxies wait for an answer where no one tells them otherwise.
SLOW_SECONDS = 70.0
PIECE = 20_000


class StandIn(ThreadingHTTPServer):
    """`arrivals`: when each piece of an upload came, and how many bytes it had."""

    daemon_threads = True

    def __init__(self) -> None:
        self.arrivals: list[tuple[float, int]] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    def do_GET(self) -> None:
        if self.path == "/events":
            return self._send_events()
        if self.path == "/slow":
            time.sleep(SLOW_SECONDS)
        self._answer(json.dumps(dict(self.headers.items())).encode())

    def do_POST(self) -> None:
        left = int(self.headers["Content-Length"])
        while left and (piece := self.rfile.read1(min(left, PIECE))):
            left -= len(piece)
            self.server.arrivals.append((time.monotonic(), len(piece)))
        self._answer(b"{}")

    def _send_events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for number in range(EVENTS):
            self.wfile.write(f"data: {number}\n\n".encode())
            time.sleep(EVENT_SECONDS)
        self.close_connection = True

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def stand_in() -> Iterator[StandIn]:
    server = StandIn()
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
