"""A client's connection that waits for the client, but not forever."""

import errno
import socket
import time
from functools import cached_property
from typing import Any, Protocol

from ftcml.core.requests.client_limits import SLOWEST_BYTES_PER_SECOND, STALL_SECONDS

_SENT_AT_ONCE = 64 * 1024


class TooSlow(ConnectionResetError):
    """The client stalled, or was too slow. gunicorn treats it like a client that left."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "The client was too slow")


class Pace:
    """Counts the bytes moved while we waited, and raises TooSlow if they are too few in STALL_SECONDS."""

    def __init__(self) -> None:
        self._seconds, self._bytes = 0.0, 0

    def add(self, seconds: float, size: int) -> None:
        self._seconds += seconds
        self._bytes += size
        if self._seconds < STALL_SECONDS:
            return
        if self._bytes < SLOWEST_BYTES_PER_SECOND * self._seconds:
            raise TooSlow
        self._seconds, self._bytes = 0.0, 0


class Sendable(Protocol):
    """A file, as a socket sends it."""

    def read(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, /) -> object: ...


class PatientSocket(socket.socket):
    """Raises TooSlow where another would wait on. gunicorn knows two kinds of sockets, blocking ones and others."""

    file_at_once = 1024 * 1024
    is_encrypted = False

    @classmethod
    def of(cls, accepted: socket.socket) -> "PatientSocket":
        return cls(fileno=accepted.detach())

    # Made at their first use: an encrypted one begins without a call of its constructor.
    @cached_property
    def _receiving(self) -> Pace:
        return Pace()

    @cached_property
    def _sending(self) -> Pace:
        return Pace()

    def setblocking(self, flag: bool) -> None:
        self.settimeout(STALL_SECONDS if flag else 0.0)

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        began = time.monotonic()
        try:
            data = super().recv(bufsize, flags)
        except TimeoutError:
            raise TooSlow from None
        self._receiving.add(time.monotonic() - began, len(data))
        return data

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send it in pieces. Each may take STALL_SECONDS."""
        view = memoryview(data).cast("B")
        for start in range(0, len(view), _SENT_AT_ONCE):
            piece = view[start : start + _SENT_AT_ONCE]
            began = time.monotonic()
            try:
                super().sendall(piece, flags)
            except TimeoutError:
                raise TooSlow from None
            self._sending.add(time.monotonic() - began, len(piece))

    def sendfile(self, file: Sendable, offset: int = 0, count: int | None = None) -> int:
        sent = 0
        while count is None or sent < count:
            most = self.file_at_once if count is None else min(self.file_at_once, count - sent)
            began = time.monotonic()
            try:
                went = super().sendfile(file, offset + sent, most)
            except TimeoutError:
                raise TooSlow from None
            if not went:
                break
            self._sending.add(time.monotonic() - began, went)
            sent += went
        return sent

    # What only an encrypted connection has to do.

    def shake_hands(self) -> bool:
        """Go on with the handshake. Return whether it's done. Raises Broken."""
        return True

    def decrypted(self) -> bytes:
        """Return what has been decrypted and not read yet. The poller doesn't know of it."""
        return b""

    def say_goodbye(self) -> None:
        """Tell the client that this is the end of what we send, without waiting for its answer."""
