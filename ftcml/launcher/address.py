"""Where the web server listens, and whether it can."""

import errno
import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from pathlib import Path

from ftcml.launcher.refusals import CannotStart

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (names of addresses; nothing is bound here)


@dataclass(frozen=True)
class Address:
    """Where a server listens. With a certificate, whose file also has the key, it serves HTTPS."""

    host: str
    port: int
    certificate: Path | None = None

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{'https' if self.certificate else 'http'}://{self.here}"

    @property
    def here(self) -> "Address":
        """Return the same address as this machine itself reaches it."""
        return Address(EVERY_ADDRESS.get(self.host, self.host), self.port, self.certificate)

    @property
    def is_loopback(self) -> bool:
        """Return whether only this machine can reach it. A name that we can't judge counts as open to others."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def check_free(self) -> None:
        """Raise CannotStart unless a server can listen here now."""
        try:
            family, _, _, _, place = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)[0]
            socket.create_server(place[:2], family=family).close()
        except OSError as error:
            raise CannotStart(self._why_not(error)) from None

    def _why_not(self, error: OSError) -> str:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Another program already listens on {self}. If that's another ftcml, stop it with Ctrl-C. Or choose "
                f"another port: put FTCML_PORT={self.port + 1} before the command."
            )
        if error.errno == errno.EACCES:
            return f"Port {self.port} is reserved for the system. Choose one above 1023, such as FTCML_PORT=8000."
        return f"This machine doesn't have the address {self.host} (FTCML_HOST): {error.strerror or error}."

    def answers(self) -> bool:
        """Return whether a web server answers here, whatever it says."""
        connection = self._connection()
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self.certificate is None:
            return http.client.HTTPConnection(self.here.host, self.port, timeout=5)
        trusting = ssl.create_default_context(cafile=self.certificate)
        return http.client.HTTPSConnection(self.here.host, self.port, timeout=5, context=trusting)


def wait_until_free(address: Address, seconds: float) -> None:
    """Wait at most `seconds` for a server that is ending to free the address. Raises CannotStart."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return address.check_free()
        except CannotStart:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)
