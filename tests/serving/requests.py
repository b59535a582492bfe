"""Requests as bytes, for clients that send them in their own time."""

import re
import socket

BOUNDARY = "----here"
IMPORT = "/api/v1/datasets/import/"


def head(path: str, *headers: str, method: str = "POST") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def upload_head(length: int | None, token: str = "", path: str = IMPORT) -> bytes:
    """The head of an upload of so many bytes, or in chunks."""
    headers = [f"Content-Type: multipart/form-data; boundary={BOUNDARY}"]
    headers.append("Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}")
    if token:
        headers.append(f"Authorization: Token {token}")
    return head(path, *headers)


def form(content: bytes, **fields: str) -> bytes:
    """A form with one file, the file last."""
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    file = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="set.zip"\r\n\r\n'
    return "".join([*parts, file]).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def chunks(body: bytes, size: int = 50_000) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def answer(connection: socket.socket) -> tuple[int, bytes]:
    """The status and the body of the next answer. What is sent behind it stays to be read, as it may come with it."""
    top = b""
    while not top.endswith(b"\r\n\r\n") and (byte := connection.recv(1)):
        top += byte
    length = re.search(rb"(?i)content-length: (\d+)", top)
    body = b""
    while (missing := int(length[1]) - len(body) if length else 65536) and (more := connection.recv(missing)):
        body += more
    return int(top.split(b" ", 2)[1]), body
