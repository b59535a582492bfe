"""A machine keeps copies of shards that come from S3: how many, which go first, and what never goes."""

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from ftcml.core.files import local_copies, storage
from tests.core.files.test_bucket import requests_counted

SET = "teams/7/datasets/one"
SHARDS = [f"{SET}/training-{number}.record" for number in range(3)]
SIZE = 1000


@pytest.fixture
def shards(bucket, settings, tmp_path: Path) -> list[str]:
    """Three stored shards; the machine has room for copies of two."""
    settings.SHARD_COPIES_DIR = tmp_path / "copies"
    settings.SHARD_COPIES_BYTES = 2 * SIZE
    for number, name in enumerate(SHARDS):
        storage.put(name, ContentFile(bytes([number]) * SIZE))
    return SHARDS


def kept(settings) -> set[str]:
    root = Path(settings.SHARD_COPIES_DIR)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def used(name: str, folder: Path, at: float, settings) -> Path:
    """Get a shard at a time, by which the copies are told apart."""
    path = local_copies.path_in(folder, name)
    copy = Path(settings.SHARD_COPIES_DIR) / name
    if copy.exists():
        os.utime(copy, (at, at))
    return path


def test_the_next_job_fetches_nothing_and_the_copies_used_last_stay(shards, settings, tmp_path: Path) -> None:
    first, second, third = shards
    of_one_job = [used(name, tmp_path / "job-1", at, settings) for at, name in enumerate((first, second))]
    with requests_counted() as sent:
        used(first, tmp_path / "job-2", 2, settings)
    assert dict(sent) == {"HeadObject": 1}

    used(third, tmp_path / "job-3", 3, settings)

    assert kept(settings) == {first, third}
    assert [path.read_bytes()[0] for path in of_one_job] == [0, 1]  # who uses one keeps it


def test_a_copy_of_another_size_is_fetched_anew_and_a_lost_file_is_lost(shards, settings, tmp_path: Path) -> None:
    name = shards[0]
    local_copies.path_in(tmp_path / "job-1", name)
    storage.put(name, ContentFile(b"shorter"))
    assert local_copies.path_in(tmp_path / "job-2", name).read_bytes() == b"shorter"
    storage.remove(name)
    with pytest.raises(FileNotFoundError):
        local_copies.path_in(tmp_path / "job-3", name)


def test_nothing_is_kept_without_room_or_of_what_was_deleted(shards, settings, tmp_path: Path) -> None:
    local_copies.path_in(tmp_path / "job-1", shards[0])
    local_copies.remove_all_but(lambda ids: ids - {"one"})
    assert kept(settings) == set()
    settings.SHARD_COPIES_BYTES = 0
    assert local_copies.path_in(tmp_path / "job-2", shards[1]).stat().st_size == SIZE
    assert kept(settings) == set()


def test_files_of_this_machine_have_no_copies(settings, tmp_path: Path) -> None:
    settings.SHARD_COPIES_DIR = tmp_path / "copies"
    storage.put(SHARDS[0], ContentFile(b"here"))
    assert local_copies.path_in(tmp_path / "job-1", SHARDS[0]) == storage.local_path(SHARDS[0], tmp_path)
    assert kept(settings) == set()
