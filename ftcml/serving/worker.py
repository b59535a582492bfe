"""gunicorn's threaded worker, with one change: a client costs a thread only once it has asked for something.

gunicorn gives every new connection a thread at once, which then waits for the client. Here the worker's main loop
waits for all of them, until a small request has come as a whole or the head of a large one.
"""

import errno
import re
import resource
import socket
import time
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from django.conf import settings
from gunicorn import http
from gunicorn.http.message import Request
from gunicorn.workers.gthread import TConn, ThreadWorker

from ftcml.core.requests import client_limits
from ftcml.serving.encryption import Broken, Encryption
from ftcml.serving.patient_socket import PatientSocket

_HEAD_END = b"\r\n\r\n"
_EXPECTS, _GO_ON = b"\r\nexpect: 100-continue", b"HTTP/1.1 100 Continue\r\n\r\n"
_HEAD_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_PIECE = 64 * 1024
# No more digits than Python makes a number of. A larger number costs a thread, which refuses it. Nothing is tried
# twice (`*+`), or spaces alone would hold up the main loop.
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*+0*+(\d{0,18}+)[ \t]*+\r\n", re.IGNORECASE)
# Files for each connection: itself, what it sends, the database.
_OPEN_FILES = 4 * client_limits.CONNECTIONS


class Connection(TConn):
    """`received`: what has come of the next request, before a thread reads it.

    The main loop has this for all clients, so what was looked through once isn't looked through again with each piece.
    """

    sock: PatientSocket
    parser: Any

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any, encryption: Encryption | None) -> None:
        self.received = bytearray()
        self._encryption, self._is_open, self._is_closed = encryption, encryption is None, False
        self._begin()
        super().__init__(cfg, sock, client, server)

    def _begin(self) -> None:
        """Begin the next request. `_head` and `_whole`: the bytes of its head and of all of it, once they are known."""
        self.received.clear()
        self._searched = self._head = self._whole = 0

    def _open(self) -> bool:
        """Go on with the beginning of the connection. Return whether requests come now. Raises OSError."""
        if self._encryption and (begun := self._encryption.begin(self.sock)):
            self.sock, self._encryption = begun, None
        self._is_open = not self._encryption and self.sock.shake_hands()
        return self._is_open

    def receive(self) -> bool:
        """Receive what has come. Return whether a thread has something to do now. Raises Broken."""
        try:
            data = self.sock.recv(_PIECE) if self._is_open or self._open() else None
        except BlockingIOError:
            data = None
        except Broken:
            raise
        except OSError:
            return True
        self.received += data or b""
        if not self._head:
            self._look_for_head()
        return data == b"" or 0 < self._whole <= len(self.received)

    def _look_for_head(self) -> None:
        end = self.received.find(_HEAD_END, max(0, self._searched - len(_HEAD_END) + 1))
        self._searched = len(self.received)
        if end < 0:
            return
        self._head = end + len(_HEAD_END)
        length = _LENGTH.search(self.received, 0, self._head)
        size = int(length[1] or 0) if length else 0
        self._whole = self._head + (size if size <= client_limits.SMALL_REQUEST_BYTES else 0)
        # Some clients send their body only when they are told to.
        if self._whole > len(self.received) and _EXPECTS in self.received[:end].lower():
            with suppress(OSError):
                self.sock.send(_GO_ON)

    def is_head_too_large(self) -> bool:
        return (self._head or len(self.received)) > client_limits.HEAD_BYTES

    def init(self) -> None:
        if self.parser is None:
            self.parser = http.get_parser(self.cfg, self.sock, self.client)
        super().init()
        self.parser.unreader.unread(bytes(self.received))
        self._begin()

    def close(self, graceful: bool = False) -> None:
        """Close the connection, once: a thread does it if it may take a moment, and the main loop does it again."""
        if not self._is_closed:
            self._is_closed = True
            if graceful:
                self.sock.say_goodbye()
            super().close(graceful)


class Worker(ThreadWorker):
    _encryption: Encryption | None = None

    def init_process(self) -> None:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _OPEN_FILES if most == resource.RLIM_INFINITY else min(most, _OPEN_FILES)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
        if settings.ROOM_CERTIFICATE:
            self._encryption = Encryption(settings.ROOM_CERTIFICATE)
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._drop_eldest()
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        if len(self.pending_conns) >= client_limits.WAITING_CONNECTIONS:
            self._drop_eldest()
        sock, server = PatientSocket.of(accepted), listener.getsockname()
        self._wait_for_request(Connection(self.cfg, sock, client, server, self._encryption))

    def _wait_for_request(self, conn: Connection) -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + client_limits.REQUEST_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Receive a piece of the next request of a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait_for_request(conn)
        self.on_pending_socket_readable(conn, client)

    def on_pending_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        try:
            is_ready = conn.receive()
        except Broken:
            return self._drop(conn)
        if conn.is_head_too_large():
            with suppress(OSError):
                conn.sock.send(_HEAD_TOO_LARGE)
            self._drop(conn)
        elif is_ready:
            # Not `client`: once it's encrypted, the connection has another socket than the one that was registered.
            super().on_pending_socket_readable(conn, conn.sock)

    def murder_pending(self) -> None:
        """Close connections whose request hasn't come in time, and all idle ones once this worker ends."""
        while self.pending_conns and self.pending_conns[0].timeout < time.monotonic():
            self._drop_eldest()
        if not self.alive:
            for conn in [conn for conn in self.pending_conns if not conn.received]:
                self._drop(conn)

    def _drop_eldest(self) -> None:
        if self.pending_conns:
            self._drop(self.pending_conns[0])

    def _drop(self, conn: Connection) -> None:
        self.pending_conns.remove(conn)
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def handle(self, conn: Connection) -> Any:
        """Handle a request in a thread. What the client has sent after it waits for the main loop."""
        is_kept = super().handle(conn)
        if is_kept:
            conn.received += conn.parser.unreader.take_buffered() + conn.sock.decrypted()
        else:
            with suppress(OSError):
                conn.close(graceful=True)
        return is_kept

    def handle_request(self, req: Request, conn: Connection) -> bool:
        """Handle the request. Close the connection after a large one, as more of it may be on the way."""
        if settings.ROOM_CERTIFICATE:  # whatever a header says
            req.scheme = "https" if conn.sock.is_encrypted else "http"
        if any(is_large(name, value) for name, value in req.headers):
            req.force_close()
        return super().handle_request(req, conn)

    def finish_request(self, conn: Connection, fs: "Future[Any]") -> None:
        super().finish_request(conn, fs)
        if conn.received and conn in self.keepalived_conns:
            self.on_client_socket_readable(conn, conn.sock)


def is_large(name: str, value: str) -> bool:
    """Return whether this header marks a request that isn't read whole before."""
    if name == "CONTENT-LENGTH":
        return value.isdecimal() and int(value) > client_limits.SMALL_REQUEST_BYTES
    return name == "TRANSFER-ENCODING"
