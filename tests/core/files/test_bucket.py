"""What a bucket does beyond the promises of every storage: few requests, little memory, and a word when it is away."""

import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ftcml.core.files import bucket as bucket_module
from ftcml.core.files import storage
from ftcml.core.files.storage import StorageAway
from tests.servers.s3_server import S3Bucket, use

MEGABYTE = 1024 * 1024
# So far up the callers of an allocation are known, enough to meet the package that made it.
_FRAMES = 12
SET = "teams/7/datasets/one"


@contextmanager
def requests_counted() -> Iterator[Counter[str]]:
    """The operations that this thread's client sends, by their names in S3's own words."""
    sent: Counter[str] = Counter()
    events = default_storage.connection.meta.client.meta.events

    def count(model, **kwargs: object) -> None:
        sent[model.name] += 1

    events.register("before-call.s3", count)
    yield sent
    events.unregister("before-call.s3", count)


def bytes_held_by_us() -> int:
    """The server of the tests lives in this process and keeps whole files in memory, which does not count."""
    theirs = [tracemalloc.Filter(False, f"*/{package}/*", all_frames=True) for package in ("moto", "werkzeug")]
    return sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces(theirs).traces)


@pytest.fixture
def twelve_files(bucket: S3Bucket) -> None:
    for number in range(12):
        storage.put(f"{SET}/frames/{number}.jpg", ContentFile(b"123"))


def test_everything_lies_below_the_prefix_and_no_object_is_public(bucket: S3Bucket, twelve_files) -> None:
    assert all(key.startswith(f"our/files/{SET}/frames/") for key in bucket.objects())
    client = default_storage.connection.meta.client
    grants = client.get_object_acl(Bucket=bucket.name, Key=bucket.objects()[0])["Grants"]
    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]  # the owner alone
    with pytest.raises(ValueError, match="no address"):
        default_storage.url(f"{SET}/frames/0.jpg")


def test_many_files_are_measured_by_one_request_and_removed_by_two(bucket: S3Bucket, twelve_files) -> None:
    with requests_counted() as sent:
        assert storage.tree_size(SET) == 36
        assert storage.missing([f"{SET}/frames/{number}.jpg" for number in range(13)]) == [f"{SET}/frames/12.jpg"]
    assert sent == {"ListObjectsV2": 1, "ListObjects": 1}
    with requests_counted() as sent:
        storage.remove_tree(SET)
    assert sent == {"ListObjectsV2": 1, "DeleteObjects": 1}
    assert bucket.objects() == []


def test_a_file_is_read_by_one_request(bucket: S3Bucket, twelve_files) -> None:
    with requests_counted() as sent, storage.open_file(f"{SET}/frames/0.jpg") as stream:
        stream.read()
    assert sent == {"GetObject": 1}


def test_more_files_than_one_request_can_list_are_removed(bucket: S3Bucket, twelve_files, monkeypatch) -> None:
    monkeypatch.setattr(bucket_module, "_KEYS_AT_ONCE", 5)
    with requests_counted() as sent:
        assert storage.tree_size(SET) == 36
        storage.remove_tree(SET)
    assert sent == {"ListObjectsV2": 6, "DeleteObjects": 3}
    assert bucket.objects() == []


def test_the_memory_for_a_large_file_does_not_grow_with_it(bucket: S3Bucket, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(bucket_module, "_PIECE", MEGABYTE)
    (tmp_path / "large").write_bytes(bytes(24 * MEGABYTE))
    storage.put(f"{SET}/upload.zip", tmp_path / "large")
    held = []
    tracemalloc.start(_FRAMES)
    with storage.open_file(f"{SET}/upload.zip") as stream:
        for _ in stream.chunks(8 * MEGABYTE):
            held.append(bytes_held_by_us())
    tracemalloc.stop()
    assert len(held) == 3
    assert max(held) < 12 * MEGABYTE


def test_a_long_copy_says_that_it_goes_on(bucket: S3Bucket, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(bucket_module, "_READ_AT_ONCE", MEGABYTE)
    storage.put(f"{SET}/upload.zip", ContentFile(bytes(3 * MEGABYTE)))
    heartbeats: list[int] = []
    copy = storage.local_path(f"{SET}/upload.zip", tmp_path, lambda: heartbeats.append(1))
    assert copy.stat().st_size == 3 * MEGABYTE
    assert len(heartbeats) == 3


@pytest.mark.parametrize("megabytes", [4, 20], ids=["in one request", "in three pieces"])
def test_an_upload_says_that_it_goes_on_several_times_a_piece(bucket: S3Bucket, megabytes: int) -> None:
    heartbeats: list[int] = []
    storage.put(f"{SET}/upload.zip", ContentFile(bytes(megabytes * MEGABYTE)), lambda: heartbeats.append(1))
    assert len(heartbeats) >= 2 * megabytes
    assert storage.size(f"{SET}/upload.zip") == megabytes * MEGABYTE


@pytest.mark.parametrize("megabytes", [4, 20], ids=["in one request", "in three pieces"])
def test_an_upload_whose_heartbeat_raises_leaves_nothing(bucket: S3Bucket, megabytes: int) -> None:
    """Boto takes any error for one of the network, and would say that the storage is away."""
    heartbeats: list[int] = []

    def lost_in_the_middle() -> None:
        heartbeats.append(1)
        if len(heartbeats) > megabytes:
            raise LookupError

    with pytest.raises(LookupError):
        storage.put(f"{SET}/upload.zip", ContentFile(bytes(megabytes * MEGABYTE)), lost_in_the_middle)
    client = default_storage.connection.meta.client
    assert bucket.objects() == []
    assert not client.list_multipart_uploads(Bucket=bucket.name).get("Uploads")
    assert len(heartbeats) == megabytes + 1


def test_a_copy_that_is_broken_off_is_not_taken_for_the_file(bucket: S3Bucket, tmp_path: Path) -> None:
    storage.put(f"{SET}/a.record", ContentFile(b"content"))

    def broken_off() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        storage.local_path(f"{SET}/a.record", tmp_path, broken_off)
    assert storage.local_path(f"{SET}/a.record", tmp_path).read_bytes() == b"content"


def test_a_full_disk_is_not_repaired_by_deleting_what_is_not_on_it(bucket: S3Bucket, settings) -> None:
    settings.DISK_RESERVE_BYTES = 10**18
    assert "safe. Ask the operator of this server to make room." in storage.nearly_full()


CALLS = {
    "put": lambda: storage.put(f"{SET}/a.record", ContentFile(b"content")),
    "open_file": lambda: storage.open_file(f"{SET}/a.record"),
    "size": lambda: storage.size(f"{SET}/a.record"),
    "exists": lambda: storage.exists(f"{SET}/a.record"),
    "entries": lambda: storage.entries(SET),
    "tree_size": lambda: storage.tree_size(SET),
    "remove": lambda: storage.remove(f"{SET}/a.record"),
    "remove_tree": lambda: storage.remove_tree(SET),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_server_that_does_not_run_is_away_and_the_log_says_why(name: str, away_storage, caplog, quick_tries) -> None:
    with pytest.raises(StorageAway, match="Try again in a few minutes"):
        CALLS[name]()
    assert "Could not connect to the endpoint URL" in caplog.text


@pytest.mark.parametrize("name", sorted(CALLS.keys() - {"size", "exists"}))
def test_a_bucket_that_is_not_there_is_away_and_not_empty(name: str, s3_server: str, settings) -> None:
    """A HEAD request gets no reason, so size and exists cannot tell it from a file that is not there."""
    use(settings, S3Bucket(s3_server))
    with pytest.raises(StorageAway):
        CALLS[name]()


def test_what_nobody_needs_is_left_for_later_while_it_is_away(away_storage, caplog, quick_tries) -> None:
    storage.discard(f"{SET}/a.record")
    storage.discard_tree(SET)
    assert caplog.text.count("the next tidying does it") == 2
    assert not storage.is_writable()
