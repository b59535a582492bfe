"""The teams' files in a bucket of an S3 server. Objects are private and have no address: they go through the pages.

Nothing grows with the size of a file but the disk: what is read is first copied beside the uploads, in pieces, so that
a storage that is away is noticed before an answer has begun.
"""

import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from storages.backends.s3 import S3Storage
from storages.utils import ReadBytesWrapper, clean_name

from ftcml.core.files.storage import StorageAway, StoredFile

log = logging.getLogger(__name__)

_PIECE = 8 * 1024 * 1024
# Little enough for a heartbeat to be heard in time from a network that is slow.
_READ_AT_ONCE = 256 * 1024
# A smaller file is read in memory.
_IN_MEMORY = 1024 * 1024
# As many as one request can list or remove.
_KEYS_AT_ONCE = 1000
# Three tries in all, and then the storage is away: within ten seconds where nothing answers at all, and before a lease
# has run out where a server takes requests and doesn't answer them.
_CONFIG = {
    "connect_timeout": 2,
    "read_timeout": 20,
    "retries": {"total_max_attempts": 3, "mode": "standard"},
    # Servers other than Amazon's do not all know the checksums that are new.
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}


class _Told:
    """Calls `heartbeat` while bytes are sent, and keeps what it raises: boto takes any error for a network error."""

    def __init__(self, heartbeat: Callable[[], object]) -> None:
        self._heartbeat = heartbeat
        self.raised: Exception | None = None

    def __call__(self, bytes_transferred: int) -> None:
        try:
            if self.raised is None:
                self._heartbeat()
        except Exception as error:
            self.raised = error
        if self.raised:
            raise self.raised


class Bucket(S3Storage):
    """Stores files in a bucket. Use it through ftcml/core/files/storage.py, which says what each method promises."""

    is_on_this_disk = False

    def __init__(self, **options: Any) -> None:
        # A server of one's own seldom has a name for each bucket.
        style = "path" if options.get("endpoint_url") else "auto"
        super().__init__(
            client_config=Config(s3={"addressing_style": style}, **_CONFIG),
            transfer_config=TransferConfig(use_threads=False, multipart_chunksize=_PIECE),
            object_parameters={"ContentType": "application/octet-stream"},
            file_overwrite=True,
            **options,
        )

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        copy = tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(settings.FILE_UPLOAD_TEMP_DIR))  # noqa: SIM115 - the caller's
        try:
            for piece in self.pieces(name):
                copy.write(piece)
        except BaseException:
            copy.close()
            raise
        copy.seek(0)
        return File(copy, name)

    def delete(self, name: str) -> None:
        with suppress(FileNotFoundError), self._asked(name):
            self._client.delete_object(Bucket=self.bucket_name, Key=self._key(name))

    def exists(self, name: str) -> bool:
        with self._asked(name):
            return super().exists(name)

    def size(self, name: str) -> int:
        with self._asked(name):
            return self._client.head_object(Bucket=self.bucket_name, Key=self._key(name))["ContentLength"]

    def listdir(self, prefix: str) -> tuple[list[str], list[str]]:
        with self._asked(prefix):
            return super().listdir(prefix)

    def files_in(self, prefix: str) -> dict[str, StoredFile]:
        """Return the files directly below `prefix` by their last names."""
        return {
            found["Key"].rpartition("/")[2]: StoredFile(found["Size"], int(found["LastModified"].timestamp()) * 10**9)
            for page in self._pages_below(prefix, Delimiter="/")
            for found in page
        }

    def url(self, name: str, *args: object, **kwargs: object) -> str:
        raise ValueError("Stored files have no address of their own.")

    def tree_size(self, prefix: str) -> int:
        return sum(found["Size"] for page in self._pages_below(prefix) for found in page)

    def local_path(self, name: str, folder: Path, heartbeat: Callable[[], object]) -> Path:
        copy = folder / name.replace("/", "__")
        if copy.exists():
            return copy
        folder.mkdir(parents=True, exist_ok=True)
        partial = copy.with_name(f"{copy.name}.{os.getpid()}.partial")
        with partial.open("wb") as target:
            for piece in self.pieces(name):
                target.write(piece)
                heartbeat()
        return partial.rename(copy)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the file's content in pieces. Raises FileNotFoundError."""
        with self._asked(name):
            body = self._client.get_object(Bucket=self.bucket_name, Key=self._key(name))["Body"]
            with body:
                yield from body.iter_chunks(_READ_AT_ONCE)

    def store(self, name: str, content: "File[bytes]", heartbeat: Callable[[], object]) -> None:
        told = _Told(heartbeat)
        try:
            with self._asked(name):
                self._upload(name, content, told)
        except Exception:
            if told.raised:
                raise told.raised from None
            raise

    def _upload(self, name: str, content: "File[bytes]", told: _Told) -> None:
        content.seek(0)
        stream = ReadBytesWrapper(content)
        stream.close = lambda: None  # boto would close what is the caller's
        written = self._get_write_parameters(name, content)
        self._client.upload_fileobj(stream, self.bucket_name, self._key(name), written, told, self.transfer_config)

    def move(self, name: str, source: Path) -> None:
        with source.open("rb") as stream:
            self.store(name, File(stream), lambda: None)
        source.unlink()

    def remove_tree(self, prefix: str) -> None:
        for page in self._pages_below(prefix):
            keys = [{"Key": found["Key"]} for found in page]
            with self._asked(prefix):
                answer = self._client.delete_objects(Bucket=self.bucket_name, Delete={"Objects": keys, "Quiet": True})
            if errors := answer.get("Errors"):
                log.warning("%d of %d files below %s were not removed: %s", len(errors), len(keys), prefix, errors[0])
                raise StorageAway

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def _key(self, name: str) -> str:
        return self._normalize_name(clean_name(name))

    def _pages_below(self, prefix: str, **how: str) -> Iterator[list[dict[str, Any]]]:
        """Yield everything below `prefix` in pages of at most _KEYS_AT_ONCE of {"Key", "Size", …}, none empty.

        With a Delimiter only what lies directly below it.
        """
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name,
            Prefix=self._key(prefix).rstrip("/") + "/",
            **how,
            PaginationConfig={"PageSize": _KEYS_AT_ONCE},
        )
        with self._asked(prefix):
            for page in pages:
                if found := page.get("Contents"):
                    yield found

    @contextmanager
    def _asked(self, name: str) -> Iterator[None]:
        """Turn the server's errors into FileNotFoundError for a missing file, and StorageAway for all others."""
        try:
            yield
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
                raise FileNotFoundError(name) from None
            raise self._away(name, error) from error
        except (BotoCoreError, Boto3Error) as error:
            raise self._away(name, error) from error

    def _away(self, name: str, error: Exception) -> StorageAway:
        log.warning("the bucket %s does not answer for %s: %s", self.bucket_name, name, error)
        return StorageAway()
