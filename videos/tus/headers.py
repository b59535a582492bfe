"""What a request of the tus protocol says, and what every answer has."""

import base64
import binascii
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest

from ftcml.core.requests.parameters import whole_number
from videos.messages import upload_words as messages
from videos.services.receiving.receive import Checksum

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-defer-length,checksum,expiration,termination"
PART = "application/offset+octet-stream"
# The protocol's own status for a part that isn't what its sender sent.
CHECKSUM_MISMATCH = 460
# Names of the protocol's checksums, and the bytes of each.
_CHECKSUMS = {"sha1": 20, "sha256": 32}
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST_VALUE = 1_000
_LARGEST = 2**53


class TusRefused(Exception):
    """The request isn't one of the protocol, or can't be done now. str() is the sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Announced:
    """What a client says of a file before it sends it. `size`: None while it's not known."""

    size: int | None
    metadata: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str, otherwise: str = "") -> str:
        return self.metadata.get(name) or otherwise

    def number(self, name: str, otherwise: int) -> int:
        """Return the number of that name. Raises TusRefused where it is none."""
        if not (said := self.metadata.get(name)):
            return otherwise
        if (number := whole_number(said)) is None:
            raise TusRefused(400, messages.bad_metadata(name))
        return number

    @property
    def sha256(self) -> str:
        """The checksum of the whole file, "" for none. Raises TusRefused."""
        if (said := self.text("sha256").lower()) and not _SHA256.fullmatch(said):
            raise TusRefused(400, messages.bad_metadata("sha256"))
        return said

    @property
    def video(self) -> uuid.UUID | None:
        """The id of the video that the file belongs to, None for a new one. Raises TusRefused."""
        try:
            return uuid.UUID(self.metadata["video"]) if self.text("video") else None
        except ValueError:
            raise TusRefused(400, messages.bad_metadata("video")) from None


def announced(request: HttpRequest) -> Announced:
    """Return what the request that creates an upload says. Raises TusRefused."""
    check_version(request)
    metadata = _metadata(request.headers.get("Upload-Metadata", ""))
    if request.headers.get("Upload-Defer-Length") == "1" and "Upload-Length" not in request.headers:
        return Announced(None, metadata)
    return Announced(_number(request, "Upload-Length"), metadata)


def offset(request: HttpRequest) -> int:
    """Return where the part begins. Raises TusRefused."""
    return _number(request, "Upload-Offset")


def total(request: HttpRequest) -> int | None:
    """Return the length of the whole file where the request says it. Raises TusRefused."""
    return _number(request, "Upload-Length") if "Upload-Length" in request.headers else None


def checksum(request: HttpRequest) -> Checksum | None:
    """Return the checksum of the part, None where it has none. Raises TusRefused."""
    if not (said := request.headers.get("Upload-Checksum", "")):
        return None
    algorithm, _, encoded = said.partition(" ")
    digest = _decoded(encoded)
    if digest is None or len(digest) != _CHECKSUMS.get(algorithm):
        raise TusRefused(400, messages.BAD_CHECKSUM)
    return Checksum(algorithm, digest)


def check_version(request: HttpRequest) -> None:
    """Raise TusRefused for a client of another version."""
    if request.headers.get("Tus-Resumable", VERSION) != VERSION:
        raise TusRefused(412, messages.OTHER_VERSION)


def check_part(request: HttpRequest) -> None:
    """Raise TusRefused unless the body is a part of a file."""
    check_version(request)
    if request.headers.get("Content-Type") != PART:
        raise TusRefused(415, messages.NOT_A_PART)


def length(request: HttpRequest) -> int:
    """Return how many bytes the request brings. Raises TusRefused for one that doesn't say so."""
    if "Transfer-Encoding" in request.headers:
        raise TusRefused(411, messages.NO_LENGTH)
    return _number(request, "Content-Length") if request.headers.get("Content-Length") else 0


def _metadata(header: str) -> dict[str, str]:
    """{"filename": "a.mp4"} for "filename YS5tcDQ="."""
    found = {}
    for pair in filter(None, (pair.strip() for pair in header.split(","))):
        name, _, encoded = pair.partition(" ")
        decoded = _decoded(encoded)
        try:
            found[name] = (decoded or b"").decode().replace("\0", "")[:_LONGEST_VALUE]
        except UnicodeDecodeError:
            decoded = None
        if decoded is None:
            raise TusRefused(400, messages.bad_metadata(name[:40]))
    return found


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None


def _number(request: HttpRequest, name: str) -> int:
    said = request.headers.get(name, "")
    if not (said.isascii() and said.isdecimal() and len(said) <= 16) or int(said) > _LARGEST:
        raise TusRefused(400, messages.bad_header(name))
    return int(said)
