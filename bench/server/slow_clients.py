"""Clients of a slow network, by the dozen: uploads, downloads, and requests whose head never ends."""

import http.client
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

BYTES_PER_SECOND = 200_000
_PIECE = 20_000
_UPLOAD_BYTES, _STRANGE_BYTES = 500_000_000, 240_000_000
_BOUNDARY = "slow"
# The beginning of a handshake, and what looks like one.
_HALF, _BROKEN = b"\x16\x03\x01\x02\x00\x01", b"\x16\x03\x01\x00\x05hello"
# So small that the server notices how slowly its answer is read.
_RECEIVED_AT_ONCE = 32 * 1024


class SlowClients:
    """`with SlowClients(port, …):` keeps so many of each at work, and begins anew what the server has ended.

    Args:
        port: Of the server on this machine.
        tokens: Of the people who upload and download, one client each.
        download: The address of what is downloaded.
        half_heads: How many send no more than half a head.
        encryption: What a client of HTTPS knows. Then as many send half a handshake, and what is none.
    """

    def __init__(
        self,
        port: int,
        tokens: Sequence[str],
        download: str,
        half_heads: int,
        encryption: ssl.SSLContext | None = None,
    ) -> None:
        self._port, self._over, self._encryption = port, threading.Event(), encryption
        self.ended: Counter[str] = Counter()  # by the server, before its client was done
        works: list[Callable[[], None]] = [partial(self._upload, token) for token in tokens]
        works += [partial(self._download, token, download) for token in tokens]
        works += [self._half_head] * half_heads
        if encryption:
            works += [partial(self._half_handshake, beginning) for beginning in (_HALF, _BROKEN)] * half_heads
        self._threads = [threading.Thread(target=self._again, args=(work,), daemon=True) for work in works]

    def __enter__(self) -> "SlowClients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _again(self, work: Callable[[], None]) -> None:
        while not self._over.is_set():
            with suppress(OSError):
                work()
            self._over.wait(0.1)

    def _connected(self, request: str) -> socket.socket:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVED_AT_ONCE)
        client.settimeout(60)
        client.connect(("127.0.0.1", self._port))
        if self._encryption:
            client = self._encryption.wrap_socket(client, server_hostname="127.0.0.1")
        client.sendall(request.encode())
        return client

    def _upload(self, token: str) -> None:
        request = (
            f"POST /api/v1/datasets/import/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {token}\r\n"
            f"Content-Type: multipart/form-data; boundary={_BOUNDARY}\r\nContent-Length: {_UPLOAD_BYTES}\r\n\r\n"
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="slow.zip"\r\n\r\n'
        )
        with self._connected(request) as client:
            try:
                while not self._wait():
                    client.sendall(bytes(_PIECE))
            except OSError:
                self.ended["upload"] += 1

    def _download(self, token: str, path: str) -> None:
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {token}\r\nConnection: close\r\n\r\n"
        with self._connected(request) as client:
            top = client.recv(_PIECE)
            if not top.startswith(b"HTTP/1.1 200"):
                self.ended["download"] += 1
            while not self._wait() and client.recv(_PIECE):
                pass

    def _half_head(self) -> None:
        with self._connected("GET /models/ HTTP/1.1\r\nHost: 127") as client:
            self._wait_for_the_end(client)

    def _half_handshake(self, beginning: bytes) -> None:
        with socket.create_connection(("127.0.0.1", self._port), timeout=60) as client:
            client.sendall(beginning)
            self._wait_for_the_end(client)

    def _wait_for_the_end(self, client: socket.socket) -> None:
        while not self._over.is_set():
            client.settimeout(1)
            with suppress(TimeoutError):
                client.recv(1)  # the server ends it
                return

    def _wait(self) -> bool:
        """Keep to the pace; returns whether it is over."""
        return self._over.wait(_PIECE / BYTES_PER_SECOND)


class Visitor:
    """Somebody with a browser's session, who opens a connection for every request."""

    def __init__(self, url: str, session: str) -> None:
        self._url, self._session = url, session

    def ask(self, path: str, seconds: float = 60.0) -> tuple[int, float]:
        """Ask for a page; returns its status, 0 without an answer, and the milliseconds that it took."""
        began = time.perf_counter()
        client = http.client.HTTPConnection(self._url.removeprefix("http://"), timeout=seconds)
        try:
            client.request("GET", path, headers={"Cookie": f"sessionid={self._session}", "HX-Request": "true"})
            answer = client.getresponse()
            answer.read()
            return answer.status, 1000 * (time.perf_counter() - began)
        except (OSError, http.client.HTTPException):
            return 0, 1000 * (time.perf_counter() - began)
        finally:
            client.close()


class Stranger:
    """Somebody unknown with a made-up cookie and a body that would fill a disk."""

    def __init__(self, port: int) -> None:
        self._port = port

    def send(self, path: str) -> int:
        """Begin to send; returns the status that the server answers with, 0 without an answer."""
        request = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid=made-up\r\n"
            f"Content-Type: multipart/form-data; boundary={_BOUNDARY}\r\nContent-Length: {_STRANGE_BYTES}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", self._port), timeout=60) as client:
            try:
                client.sendall(request.encode() + bytes(_PIECE))
                return int(client.recv(_PIECE).split(b" ", 2)[1])
            except (OSError, IndexError):
                return 0
