"""A port that takes encrypted connections and plain ones, told apart by the first byte that a client sends."""

import errno
import socket
import ssl
from typing import Any

from ftcml.serving.patient_socket import PatientSocket

# With this byte every TLS client begins, and no HTTP request does.
_TLS_BEGINS = b"\x16"


class Broken(ConnectionResetError):
    """What came can't be decrypted. gunicorn treats it like a client that left."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "What the client sent can't be decrypted")


class PatientTls(PatientSocket, ssl.SSLSocket):
    """The same patience for an encrypted connection. Its failures are those of a plain one, so no one asks which it is.

    Nothing here waits: the handshake and the reading of a request are the main loop's.
    """

    # A file is encrypted in small pieces, each of which may take STALL_SECONDS: the pace is looked at more often.
    file_at_once = 64 * 1024
    is_encrypted = True

    def shake_hands(self) -> bool:
        try:
            self.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except (OSError, ValueError):
            raise Broken from None
        return True

    def recv(self, bufsize: int = 1024, flags: int = 0) -> bytes:
        try:
            return super().recv(bufsize, flags)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise BlockingIOError(errno.EAGAIN, "Nothing more has come yet") from None
        except ssl.SSLError:
            raise Broken from None

    def decrypted(self) -> bytes:
        data = b""
        while size := self.pending():
            data += self.recv(size)
        return data

    def sendall(self, data: Any, flags: int = 0) -> None:
        try:
            super().sendall(data, flags)
        except ssl.SSLError:
            raise Broken from None

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        try:
            return super().sendfile(file, offset, count)
        except ssl.SSLError:
            raise Broken from None

    def say_goodbye(self) -> None:
        self.settimeout(0.0)
        try:
            self.unwrap()
        except (OSError, ValueError):
            return


class Encryption:
    """The certificate of a server, with its key, and how its connections begin."""

    def __init__(self, certificate: str) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
        self._context.load_cert_chain(certificate)
        self._context.sslsocket_class = PatientTls

    def begin(self, sock: PatientSocket) -> PatientSocket | None:
        """Return the socket to go on with, once the first byte tells which; None before. Raises OSError."""
        try:
            first = sock.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return None
        return self._wrapped(sock) if first == _TLS_BEGINS else sock

    def _wrapped(self, sock: PatientSocket) -> PatientSocket:
        try:
            wrapped = self._context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        except (OSError, ValueError):
            raise Broken from None
        assert isinstance(wrapped, PatientTls)
        return wrapped
