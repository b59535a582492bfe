"""A client of the tus protocol, as short as can be."""

import base64
import hashlib
from typing import Any

from django.http import HttpResponse
from django.test import Client

PART = "application/offset+octet-stream"
# Begins as an MP4 does, which is all that anybody looks at before its frames are taken.
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 400
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)
ZIP = b"PK\x03\x04" + bytes(100)
PAGES, API, PHONE = "/videos/uploads/", "/api/v1/videos/uploads/", "/phone/uploads/"


def encoded(**metadata: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items())


def create(client: Client, size: int | None, where: str = PAGES, **metadata: str) -> HttpResponse:
    """Announce a file. Its answer has the address to send it to."""
    length = {"Upload-Defer-Length": "1"} if size is None else {"Upload-Length": str(size)}
    headers = {"Tus-Resumable": "1.0.0", "Upload-Metadata": encoded(**metadata), **length}
    return client.generic("POST", where, headers=headers)


def begun(client: Client, data: bytes, where: str = PAGES, **metadata: str) -> str:
    """Announce a file, and return its address."""
    answer = create(client, len(data), where, **{"filename": "robot.mp4", **metadata})
    assert answer.status_code == 201, answer.content
    return answer["Location"]


def send(client: Client, address: str, data: bytes, offset: int = 0, **headers: str) -> HttpResponse:
    """Send a part of the file."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    own = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Type": PART, **headers}
    return client.generic("PATCH", address, data, PART, headers=own)


def ask(client: Client, address: str) -> HttpResponse:
    """Ask how much of the file is there."""
    return client.head(address, headers={"Tus-Resumable": "1.0.0"})


def checksum(data: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def upload(client: Client, data: bytes, where: str = PAGES, **metadata: Any) -> HttpResponse:
    """Send all of a file."""
    return send(client, begun(client, data, where, **metadata), data)
