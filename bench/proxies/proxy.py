"""nginx and Caddy, started with the files of deploy/: only names, ports and the certificate are this trial's."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from bench.server.client import wait_until
from bench.server.local_server import ROOT
from ftcml.launcher.room import certificate

HOST = "ml.school.example"
NAMES = ("nginx", "caddy")
_UPSTREAM = "127.0.0.1:8000"
_STARTED_SECONDS = 30.0


@dataclass(frozen=True)
class Door:
    """Where a proxy listens on this machine, and the certificate that it shows."""

    https: int
    plain: int
    certificate: Path

    def connect(self) -> http.client.HTTPConnection:
        """Open an encrypted connection, as a browser does that finds HOST at this address."""
        trusting = ssl.create_default_context(cafile=self.certificate)
        opened = socket.create_connection(("127.0.0.1", self.https), timeout=120)
        connection = http.client.HTTPConnection(HOST)
        connection.sock = trusting.wrap_socket(opened, server_hostname=HOST)
        return connection

    def is_open(self) -> bool:
        try:
            self.connect().close()
        except OSError:
            return False
        return True


def installed() -> list[str]:
    return [name for name in NAMES if shutil.which(name)]


@contextmanager
def running(name: str, upstream: int, folder: Path) -> Iterator[Door]:
    """Run the proxy in front of that port of this machine."""
    folder.mkdir()
    door = Door(_free_port(), _free_port(), folder / "certificate.pem")
    certificate.ensure(door.certificate, [HOST], timezone.now())
    command = _nginx(door, upstream, folder) if name == "nginx" else _caddy(door, upstream, folder)
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        wait_until(door.is_open, bool, _STARTED_SECONDS)
        yield door
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # it waits for connections that a trial left open
            process.kill()
            process.wait()


def _nginx(door: Door, upstream: int, folder: Path) -> list[str]:
    text = (ROOT / "deploy" / "nginx.conf").read_text().replace(_UPSTREAM, f"127.0.0.1:{upstream}")
    text = re.sub(r"listen \[::\].*;", "", text).replace("listen 80;", f"listen 127.0.0.1:{door.plain};")
    text = text.replace("listen 443 ", f"listen 127.0.0.1:{door.https} ")
    text = re.sub(r"/etc/ssl/ftcml/\w+\.pem", str(door.certificate), text)
    user = "user root;" if os.geteuid() == 0 else ""
    places = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy"))
    whole = f"{user} daemon off; pid {folder}/pid; events {{}} http {{ access_log off; {places}\n{text}\n}}"
    (folder / "nginx.conf").write_text(whole)
    return ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]


def _caddy(door: Door, upstream: int, folder: Path) -> list[str]:
    text = (ROOT / "deploy" / "Caddyfile").read_text().replace(_UPSTREAM, f"127.0.0.1:{upstream}")
    options = f"{{\n admin off\n http_port {door.plain}\n https_port {door.https}\n}}\n"
    text = text.replace(f"{HOST} {{", f"{HOST} {{\n tls {door.certificate} {door.certificate}", 1)
    (folder / "Caddyfile").write_text(options + text)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
