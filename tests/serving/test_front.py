"""What stands before Django, without a web server around it."""

import threading
from io import BytesIO

from ftcml.serving.front import Front


class Watched(BytesIO):
    """A body that knows which threads read it."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.readers: set[str] = set()

    def read(self, size: int | None = -1) -> bytes:
        self.readers.add(threading.current_thread().name)
        return super().read(size)


def test_a_thread_that_makes_pages_reads_from_no_client() -> None:
    made = []

    def page(environ, start_response) -> list[bytes]:
        made.append(threading.current_thread().name)
        start_response("200 OK", [])
        return [environ["wsgi.input"].read(4)]

    body = Watched(b"form and what follows")
    assert Front(page)({"wsgi.input": body, "CONTENT_LENGTH": "0004"}, lambda *head: None) == [b"form"]
    assert body.readers == {threading.current_thread().name}
    assert body.readers.isdisjoint(made)
