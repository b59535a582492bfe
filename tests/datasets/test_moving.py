"""A file that only waited for its place in the storage goes there, and is not left where it was."""

from pathlib import Path

import pytest

from ftcml import storage

FOLDER = "django.core.files.storage.FileSystemStorage"
MEMORY = "django.core.files.storage.InMemoryStorage"  # stands for one that has no paths on this machine


@pytest.mark.parametrize("backend", [FOLDER, MEMORY])
@pytest.mark.parametrize("before", [[], [b"of an import that died"]], ids=["first", "again"])
def test_a_moved_file_is_stored_and_gone_from_its_place(settings, tmp_path: Path, backend: str, before: list) -> None:
    if backend == MEMORY:
        settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": MEMORY}}
    file = tmp_path / "1.jpg"
    for content in [*before, b"picture"]:
        file.write_bytes(content)
        if backend == MEMORY:
            storage.remove("teams/1/1.jpg")
        storage.move("teams/1/1.jpg", file)
    with storage.open_file("teams/1/1.jpg") as stored:
        assert stored.read() == b"picture"
    assert not file.exists()
