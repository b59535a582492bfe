"""A real S3 server on a port of its own, and a bucket on it, for tests of what depends on the storage."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from ftcml.installation import identity

# Long enough for moto, and worth nothing anywhere else.
REGION = "us-east-1"
KEYS = {"access_key": "tests", "secret_key": "tests"}

# Nothing listens there.
UNREACHABLE = "http://127.0.0.1:1"


@dataclass(frozen=True)
class S3Bucket:
    """An empty bucket. `options` are those of ftcml.core.files.bucket.Bucket, which keeps everything below a prefix."""

    endpoint_url: str
    name: str = field(default_factory=lambda: f"bucket-{uuid4()}")

    @property
    def options(self) -> dict[str, str]:
        return {
            "bucket_name": self.name,
            "location": "our/files",
            "endpoint_url": self.endpoint_url,
            "region_name": REGION,
            **KEYS,
        }

    def make(self) -> "S3Bucket":
        _client(self.endpoint_url).create_bucket(Bucket=self.name)
        return self

    def objects(self) -> list[str]:
        """Every key in the bucket, also those that are not ours; save the storage's own identity."""
        found = _client(self.endpoint_url).list_objects_v2(Bucket=self.name)
        return [entry["Key"] for entry in found.get("Contents", ()) if not entry["Key"].endswith(identity.NAME)]


@cache
def _client(endpoint_url: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
    )


Before = Callable[[str, str], object]
_before: list[Before] = []


@contextmanager
def slowed(before: Before) -> Iterator[None]:
    """Have the server call `before(method, path)`, in a thread of its own, before it reads what a request sends."""
    _before.append(before)
    try:
        yield
    finally:
        _before.remove(before)


def _paced(app: Callable) -> Callable:
    def call(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        for before in _before:
            before(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        return app(environ, start_response)

    return call


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Its address."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    server._server.app = _paced(server._server.app)
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(s3_server: str, settings) -> S3Bucket:
    """An empty bucket, which holds the teams' files instead of the folder."""
    made = S3Bucket(s3_server).make()
    use(settings, made)
    return made


@pytest.fixture
def away_storage(settings) -> None:
    """The teams' files are in a bucket of a server that does not run."""
    use(settings, S3Bucket(UNREACHABLE))


def use(settings, bucket: S3Bucket) -> None:
    """Have the teams' files in that bucket from now on."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "ftcml.core.files.bucket.Bucket", "OPTIONS": bucket.options},
    }
