"""A file in the folder is whole, whatever happens while it is stored."""

import errno
import os
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile

from ftcml.core.files import storage


class OnAFullDisk(ContentFile):
    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def content(name: str) -> bytes:
    with storage.open_file(name) as stream:
        return stream.read()


def test_a_put_that_fails_half_way_leaves_what_was_there() -> None:
    storage.put("sets/a", ContentFile(b"whole"))
    for name in ("sets/a", "sets/b"):
        with pytest.raises(OSError, match="No space left"):
            storage.put(name, OnAFullDisk(b""))
    assert storage.entries("sets") == ["a"]
    assert content("sets/a") == b"whole"


def test_a_file_is_on_the_disk_before_it_has_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a power cut leaves an empty file of that name."""
    calls: list[str] = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (calls.append("fsync"), fsync(fd)))
    monkeypatch.setattr(os, "replace", lambda *paths: (calls.append("replace"), replace(*paths)))
    storage.put("sets/a", ContentFile(b"content"))
    assert calls == ["fsync", "replace", "fsync"]
    assert content("sets/a") == b"content"
