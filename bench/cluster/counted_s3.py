"""An S3 server on this machine alone, whose requests and bytes are counted."""

import socket
import sys
from pathlib import Path

from bench.cluster.services import BUCKET, Program, s3_client, s3_settings

_HOST = "127.0.0.1"


class CountedS3:
    """`with CountedS3(folder) as s3:`. `environment`: what a server must know to use it."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server((_HOST, 0)) as free:
            port = free.getsockname()[1]
        self._log = folder / "s3.log"
        command = [sys.executable, "-m", "moto.server", "--host", _HOST, "--port", str(port)]
        self._program = Program(command, _HOST, port, self._log)
        endpoint = f"http://{_HOST}:{port}"
        self.environment, self._client = s3_settings(endpoint), s3_client(endpoint)

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
