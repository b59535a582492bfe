"""An S3 server on this machine alone, whose requests and bytes are counted."""

import socket
import sys
from pathlib import Path
from typing import Any

import boto3

from bench.cluster.services import BOTO_KEYS, BUCKET, REGION, Program

_HOST = "127.0.0.1"


class CountedS3:
    """`with CountedS3(folder) as s3:`. `environment`: what a server must know to use it."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server((_HOST, 0)) as free:
            port = free.getsockname()[1]
        self._log = folder / "s3.log"
        command = [sys.executable, "-m", "moto.server", "--host", _HOST, "--port", str(port)]
        self._program = Program(command, _HOST, port, self._log)
        self._endpoint = f"http://{_HOST}:{port}"
        self.environment = {
            "FTCML_S3_BUCKET": BUCKET,
            "FTCML_S3_ENDPOINT_URL": self._endpoint,
            "FTCML_S3_REGION": REGION,
            "FTCML_S3_ACCESS_KEY_ID": BOTO_KEYS["aws_access_key_id"],
            "FTCML_S3_SECRET_ACCESS_KEY": BOTO_KEYS["aws_secret_access_key"],
        }

    def __enter__(self) -> "CountedS3":
        self._program.start()
        self._client.create_bucket(Bucket=BUCKET)
        return self

    def __exit__(self, *error: object) -> None:
        self._program.stop()

    def requests(self) -> int:
        """Return how many were answered: the server writes a line for each."""
        return self._log.read_text(errors="replace").count("HTTP/1.1")

    def stored_bytes(self) -> int:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return sum(found["Size"] for page in pages for found in page.get("Contents", ()))

    @property
    def _client(self) -> Any:
        return boto3.client("s3", endpoint_url=self._endpoint, region_name=REGION, **BOTO_KEYS)
