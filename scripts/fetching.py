"""Fetches files over networks that drop: several at a time, with progress, going on where a cut left a file.

pip and uv begin a cut file anew, and show no time left for all of them together. Runs before anything is installed,
so it uses the standard library alone.
"""

import errno
import hashlib
import http.client
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

AT_ONCE = 4
CHUNK_BYTES = 1 << 16
# A connection that is silent for so long counts as cut.
TIMEOUT_SECONDS = 20
RETRY_SECONDS = 2
# A network may be away for a while: a pupil walks to another room, a router starts again.
PATIENCE_SECONDS = 120
# What a server says that won't change by asking again.
FINAL_ANSWERS = (401, 403, 404, 410)
DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
SPEED_SECONDS = 15
SHOW_SECONDS = {True: 0.5, False: 10}  # on a terminal, and into a file


@dataclass(frozen=True)
class Download:
    """One file: where it lies, where it goes, and the digest in hexadecimal that tells that it's the right one."""

    url: str
    path: Path
    algorithm: str
    digest: str
    size: int = 0  # in bytes; 0 until the server says it

    @property
    def part(self) -> Path:
        """Where the file lies until all of it is there."""
        return self.path.with_name(f"{self.path.name}.part")


class NotFetched(Exception):
    """A file could not be fetched; str() says which one, why, and what to do where more than waiting helps."""

    def __init__(self, download: Download, reason: str, is_network: bool = False) -> None:
        super().__init__(f"{download.path.name}: {reason}.")
        self.is_network = is_network


class Progress:
    """How much of all downloads is there, and how long the rest takes."""

    def __init__(self, downloads: Sequence[Download]) -> None:
        self._sizes = {download.url: download.size for download in downloads}
        self._received = {download.url: partial_size(download) for download in downloads}
        self._samples: deque[tuple[float, int]] = deque()
        self._lock = threading.Lock()

    def set_size(self, download: Download, size: int) -> None:
        with self._lock:
            self._sizes[download.url] = size

    def set_received(self, download: Download, received: int) -> None:
        with self._lock:
            self._received[download.url] = received

    def sentence(self, now: float) -> str:
        """Return what a person reads; `now` in seconds of any clock that doesn't jump."""
        with self._lock:
            total, received = sum(self._sizes.values()), sum(self._received.values())
        self._samples.append((now, received))
        while now - self._samples[0][0] > SPEED_SECONDS:
            self._samples.popleft()
        return f"  {received / 1e6:,.0f} of {total / 1e6:,.0f} MB{self._rest(total - received)}"

    def _rest(self, missing: int) -> str:
        (began, first), (now, last) = self._samples[0], self._samples[-1]
        if missing <= 0 or now - began < 1:
            return ""
        if last <= first:
            return ", waiting for the network" if now - began > SPEED_SECONDS / 2 else ""
        seconds = missing * (now - began) / (last - first)
        if seconds < 60:
            return ", less than a minute left"
        minutes = round(seconds / 60)
        return f", about {minutes} minute{'s' if minutes > 1 else ''} left"


def fetch(downloads: Sequence[Download], certificates: str | None = None) -> None:
    """Fetch what isn't there yet. A file has its name only when all of it arrived and its digest is right.

    Args:
        downloads: the files, each in a folder that may be missing.
        certificates: a file of certificates to trust; None for the system's own.

    Raises:
        NotFetched: a file is not there, is another one, or the network stayed away.
    """
    missing = [download for download in downloads if not is_there(download)]
    missing.sort(key=lambda download: -download.size)
    progress, stopped = Progress(missing), threading.Event()
    context = ssl.create_default_context(cafile=certificates)
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        _show_until_done([pool.submit(_fetch_one, one, opener, progress, stopped) for one in missing], progress)
    finally:
        stopped.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _show_until_done(futures: Sequence[Future[None]], progress: Progress) -> None:
    """Print the progress while the downloads run. Raises what one of them raises."""
    is_terminal = sys.stdout.isatty()
    pending = set(futures)
    while pending:
        done, pending = wait(pending, SHOW_SECONDS[is_terminal], FIRST_EXCEPTION)
        for future in done:
            future.result()
        line = progress.sentence(time.monotonic())
        print(f"\r\033[K{line}" if is_terminal else line, end="" if is_terminal and pending else "\n", flush=True)


def _fetch_one(
    download: Download, opener: urllib.request.OpenerDirector, progress: Progress, stopped: threading.Event
) -> None:
    """Fetch one file, however often its connection is cut. Raises NotFetched when nothing comes for a long time."""
    download.path.parent.mkdir(parents=True, exist_ok=True)
    was_damaged = False
    last_gain = time.monotonic()
    while not stopped.is_set():
        before, reason = partial_size(download), "the connection was cut"
        try:
            is_whole = 0 < download.size == before or _append(download, opener, progress, stopped)
        except (OSError, http.client.HTTPException) as error:
            if final := final_reason(error):
                raise NotFetched(download, final) from None
            # A part that is whole or too long leaves no range to ask for.
            is_whole = getattr(error, "code", None) == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
            reason = str(getattr(error, "reason", error))
        if is_whole and has_right_digest(download.part, download):
            download.part.rename(download.path)
            return
        if is_whole:
            download.part.unlink()
            if was_damaged:
                raise NotFetched(download, "what arrived is another file than the lock file names")
            was_damaged, before = True, -1
        if partial_size(download) > before:
            last_gain = time.monotonic()
        elif time.monotonic() - last_gain > PATIENCE_SECONDS:
            raise NotFetched(download, reason, is_network=True)
        stopped.wait(RETRY_SECONDS)


def final_reason(error: Exception) -> str:
    """Return what to tell a person where asking again won't help, else ""."""
    cause = getattr(error, "reason", error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"{cause.verify_message}. Where a school inspects traffic, name its certificate: "
            "SSL_CERT_FILE=/path/to/school.pem make run"
        )
    if "failed: 407" in str(cause):
        return "the proxy asks for a password. Name it: HTTPS_PROXY=http://NAME:PASSWORD@ADDRESS make run"
    if isinstance(error, urllib.error.HTTPError) and error.code in FINAL_ANSWERS:
        return f"the server answered {error.code} {error.reason}"
    if isinstance(error, OSError) and error.errno in DISK_ERRORS:
        return f"{error.strerror}. Fix that and call make again"
    return ""


def _append(
    download: Download, opener: urllib.request.OpenerDirector, progress: Progress, stopped: threading.Event
) -> bool:
    """Add to the part what the server still has of the file. Returns whether all of it is there."""
    there = partial_size(download)
    headers = {"Range": f"bytes={there}-"} if there else {}
    request = urllib.request.Request(download.url, headers=headers)  # noqa: S310 -- from an index that the person chose
    with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
        if answer.status != http.HTTPStatus.PARTIAL_CONTENT:
            there = 0
        size = there + int(answer.headers.get("Content-Length") or 0)
        progress.set_size(download, size)
        with download.part.open("ab" if there else "wb") as part:
            while not stopped.is_set() and (chunk := answer.read(CHUNK_BYTES)):
                part.write(chunk)
                there += len(chunk)
                progress.set_received(download, there)
    return there >= size and not stopped.is_set()


def partial_size(download: Download) -> int:
    """Return how many bytes of a file are there that isn't whole yet."""
    return download.part.stat().st_size if download.part.exists() else 0


def is_there(download: Download) -> bool:
    """Return whether the file is there from an earlier call; one that was damaged since is removed."""
    if download.path.exists() and not has_right_digest(download.path, download):
        download.path.unlink()
    return download.path.exists()


def has_right_digest(path: Path, download: Download) -> bool:
    """Return whether what arrived is the file that was meant."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, download.algorithm).hexdigest() == download.digest
