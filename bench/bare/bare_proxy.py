"""A school's proxy: everything goes through it, and it reads TLS with a certificate authority of its own."""

import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

import trustme

CHUNK_BYTES = 1 << 16


class Proxy(ThreadingTCPServer):
    """Takes CONNECT requests on this machine, and counts them by host."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.authority = trustme.CA()
        self.hosts: Counter[str] = Counter()
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def context_for(self, host: str) -> ssl.SSLContext:
        """Return how to pretend to be `host`."""
        with self._lock:
            self.hosts[host] += 1
            if host not in self._contexts:
                self._contexts[host] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                self.authority.issue_cert(host).configure_cert(self._contexts[host])
            return self._contexts[host]


class Tunnel(StreamRequestHandler):
    server: Proxy

    def handle(self) -> None:
        _, target, _ = self.rfile.readline().decode().split(" ", 2)
        while self.rfile.readline().strip():
            pass
        host, _, port = target.rpartition(":")
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with suppress(OSError):
            browser = self.server.context_for(host).wrap_socket(self.connection, server_side=True)
            plain = socket.create_connection((host, int(port)), timeout=60)
            with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as there, browser:
                answers = threading.Thread(target=pump, args=(there, browser), daemon=True)
                answers.start()
                pump(browser, there)
                answers.join()


def pump(source: ssl.SSLSocket, target: ssl.SSLSocket) -> None:
    """Hand on what `source` sends until it ends."""
    with suppress(OSError):
        while data := source.recv(CHUNK_BYTES):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def school_proxy(certificate: Path) -> Iterator[Proxy]:
    """Serve as such a proxy, and leave the certificate that clients must trust in `certificate`."""
    with Proxy() as proxy:
        proxy.authority.cert_pem.write_to_path(str(certificate))
        certificate.chmod(0o644)
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy
        proxy.shutdown()
