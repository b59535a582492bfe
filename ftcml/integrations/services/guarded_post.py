"""Sends a message to an address that a stranger named, without letting it reach into the server's own network.

The name is looked up once, each answer is checked, and the connection goes to the checked number: a name that changes
its answer afterwards gains nothing. No redirect is followed, no proxy asked, no body read, and all of it has an end.
"""

import logging
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import SplitResult, urlsplit

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from ftcml.integrations.reasons import Problem
from ftcml.integrations.services import networks

# Its warnings name the whole address, which may hold a secret of the team.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)

# From the first byte to the last of the head of the answer.
SECONDS = 10.0
GONE = 410


@dataclass(frozen=True)
class Outcome:
    """What came of one try. `status`: 0 where nobody answered. `problem`: "" where it arrived."""

    status: int = 0
    problem: Problem | str = ""

    @property
    def arrived(self) -> bool:
        return not self.problem


class _Failed(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """Send the body, and return what came of it. It raises nothing that a receiver or its name could cause."""
    try:
        parts = urlsplit(url)
        status = _exchange(parts, _found(parts), body, headers)
    except _Failed as failure:
        return Outcome(problem=failure.problem)
    if 200 <= status < 300:
        return Outcome(status)
    return Outcome(status, Problem.REDIRECT if 300 <= status < 400 else Problem.STATUS)


def _found(parts: SplitResult) -> str:
    """Return the first address of the name that may be sent to. Raises _Failed."""
    try:
        name = _host(parts)
        answers = socket.getaddrinfo(name, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError):
        raise _Failed(Problem.UNKNOWN_NAME) from None
    addresses = [str(answer[4][0]) for answer in answers]
    allowed = (address for address in addresses if networks.is_allowed(address, plain=parts.scheme != "https"))
    if (address := next(allowed, None)) is None:
        raise _Failed(Problem.NOT_ALLOWED)
    return address


def _exchange(parts: SplitResult, address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Return the status of the answer. Raises _Failed."""
    connection, began = _connection(parts, address), time.monotonic()
    # A receiver that sends a byte now and then never meets the time limit of a socket.
    end = threading.Timer(SECONDS, _cut, [connection])
    end.daemon = True
    end.start()
    try:
        path = parts.path or "/"
        target = f"{path}?{parts.query}" if parts.query else path
        said = {
            "Host": parts.netloc.rpartition("@")[2],
            "User-Agent": "ftcml",
            "Content-Type": "application/json",
            **headers,
        }
        connection.request("POST", target, body=body, headers=said, preload_content=False)
        status = connection.getresponse().status
        if time.monotonic() - began >= SECONDS:  # cut off amid its headers
            raise _Failed(Problem.TOO_SLOW)
        return status
    except ssl.SSLCertVerificationError:
        raise _Failed(Problem.CERTIFICATE) from None
    except (OSError, HTTPError, HTTPException, ValueError) as error:
        is_late = isinstance(error, TimeoutError) or time.monotonic() - began >= SECONDS
        raise _Failed(Problem.TOO_SLOW if is_late else Problem.NO_ANSWER) from None
    finally:
        end.cancel()
        connection.close()


def _connection(parts: SplitResult, address: str) -> HTTPConnection:
    if parts.scheme != "https":
        return HTTPConnection(address, _port(parts), timeout=SECONDS)
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())  # a slim container has none of its own
    name = _host(parts)
    return HTTPSConnection(address, _port(parts), timeout=SECONDS, server_hostname=name, ssl_context=context)


def _cut(connection: HTTPConnection) -> None:
    """End what still waits on the connection, from another thread."""
    if (sock := connection.sock) is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _host(parts: SplitResult) -> str:
    """Return the name as TLS and the resolver have it. Raises UnicodeError and ValueError."""
    host = parts.hostname or ""
    return host if ":" in host else host.encode("idna").decode()


def _port(parts: SplitResult) -> int:
    """Raises ValueError."""
    return parts.port or (443 if parts.scheme == "https" else 80)
