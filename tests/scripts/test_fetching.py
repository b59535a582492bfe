"""The set-up's downloads over a network as schools have it: slow, cut, away for a while."""

import base64
import hashlib
import json
import platform
import ssl
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError

import pytest

import fetching
import packages
from fetching import Download, NotFetched, Progress

CONTENT = bytes(range(256)) * 4096  # 1 MB


class Index(ThreadingHTTPServer):
    """A server of packages whose connections end after so many bytes, as often as a test says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files = {"/whole.whl": CONTENT}
        self.cuts: list[int] = []
        self.ranges: list[str | None] = []
        self.knows_ranges = True

    def download(self, name: str, folder: Path, content: bytes = CONTENT) -> Download:
        digest = hashlib.sha256(content).hexdigest()
        return Download(f"http://127.0.0.1:{self.server_port}/{name}", folder / name, "sha256", digest, len(content))


class Answer(BaseHTTPRequestHandler):
    server: Index

    def do_GET(self) -> None:
        asked = self.headers["Range"]
        self.server.ranges.append(asked)
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        if asked == f"bytes={len(content)}-":
            self.send_error(416)
            return
        begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.server.knows_ranges else 0
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(content) - begin))
        self.end_headers()
        until = begin + self.server.cuts.pop(0) if self.server.cuts else len(content)
        self.wfile.write(content[begin:until])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def index(monkeypatch) -> Iterator[Index]:
    monkeypatch.setattr(fetching, "RETRY_SECONDS", 0)
    with Index() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_file_arrives_with_its_name(index, tmp_path, capsys):
    download = index.download("whole.whl", tmp_path / "new folder")

    fetching.fetch([download])

    assert download.path.read_bytes() == CONTENT
    assert [path.name for path in download.path.parent.iterdir()] == ["whole.whl"]
    assert "1 of 1 MB" in capsys.readouterr().out


def test_a_cut_connection_goes_on_where_it_was(index, tmp_path):
    index.cuts = [300_000, 200_000]
    download = index.download("whole.whl", tmp_path)

    fetching.fetch([download])

    assert download.path.read_bytes() == CONTENT
    assert index.ranges == [None, "bytes=300000-", "bytes=500000-"]


def test_another_call_goes_on_where_a_killed_one_was(index, tmp_path):
    download = index.download("whole.whl", tmp_path)
    download.part.write_bytes(CONTENT[:700_000])

    fetching.fetch([download])

    assert download.path.read_bytes() == CONTENT
    assert index.ranges == ["bytes=700000-"]


def test_a_part_that_was_whole_is_not_fetched_again(index, tmp_path):
    """A kill between the last byte and the new name."""
    download = index.download("whole.whl", tmp_path)
    of_unknown_size = replace(download, size=0, path=tmp_path / "other.whl")
    download.part.write_bytes(CONTENT)
    of_unknown_size.part.write_bytes(CONTENT)

    fetching.fetch([download, of_unknown_size])

    assert download.path.read_bytes() == of_unknown_size.path.read_bytes() == CONTENT
    assert index.ranges == [f"bytes={len(CONTENT)}-"]


def test_a_file_that_a_power_cut_left_empty_is_fetched_again(index, tmp_path):
    download = index.download("whole.whl", tmp_path)
    download.path.touch()

    fetching.fetch([download])

    assert download.path.read_bytes() == CONTENT


def test_a_server_without_ranges_sends_the_file_again(index, tmp_path):
    index.knows_ranges = False
    index.cuts = [300_000]
    download = index.download("whole.whl", tmp_path)

    fetching.fetch([download])

    assert download.path.read_bytes() == CONTENT


def test_what_is_there_is_not_fetched_again(index, tmp_path):
    download = index.download("whole.whl", tmp_path)
    download.path.write_bytes(CONTENT)

    fetching.fetch([download])

    assert index.ranges == []


def test_a_part_that_was_damaged_is_fetched_anew(index, tmp_path):
    download = index.download("whole.whl", tmp_path)
    download.part.write_bytes(b"\0" * 700_000)

    fetching.fetch([download])

    assert download.path.read_bytes() == CONTENT


def test_another_file_than_the_lock_names_is_refused(index, tmp_path):
    download = index.download("whole.whl", tmp_path, content=CONTENT[::-1])

    with pytest.raises(NotFetched, match=r"whole\.whl: what arrived is another file than the lock file names"):
        fetching.fetch([download])
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_named_at_once(index, tmp_path):
    with pytest.raises(NotFetched, match=r"gone\.whl: the server answered 404"):
        fetching.fetch([index.download("gone.whl", tmp_path)])
    assert len(index.ranges) == 1


def test_a_network_that_stays_away_is_told_so(index, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "PATIENCE_SECONDS", 0.1)
    index.shutdown()
    index.server_close()

    with pytest.raises(NotFetched, match=r"whole\.whl: .*refused"):
        fetching.fetch([index.download("whole.whl", tmp_path)])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no stand-in for a full disk")
def test_a_full_disk_is_told_at_once(index):
    """The kernel's own stand-in for a full disk."""

    class FullDisk(Download):
        part = Path("/dev/full")

    download = index.download("whole.whl", Path("/dev"))

    with pytest.raises(NotFetched, match="No space left"):
        fetching.fetch([FullDisk(download.url, Path("/dev/none"), "sha256", download.digest)])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (URLError(ssl.SSLCertVerificationError("self-signed certificate")), "SSL_CERT_FILE=/path/to/school.pem"),
        (URLError(OSError("Tunnel connection failed: 407 Proxy Authentication Required")), "HTTPS_PROXY=http://NAME"),
        (URLError(ConnectionRefusedError(111, "Connection refused")), ""),
    ],
    ids=["certificate", "proxy", "away"],
)
def test_what_asking_again_cannot_repair_is_told_at_once(error, words):
    error.reason.verify_message = "self-signed certificate"

    assert words in fetching.final_reason(error)
    assert bool(words) == bool(fetching.final_reason(error))


def test_people_read_how_much_is_there_and_how_long_the_rest_takes(tmp_path):
    download = Download("https://index/a", tmp_path / "a", "sha256", "", 600_000_000)
    progress = Progress([download])

    assert progress.sentence(0) == "  0 of 600 MB"
    progress.set_received(download, 20_000_000)
    assert progress.sentence(10) == "  20 of 600 MB, about 5 minutes left"
    assert progress.sentence(40) == "  20 of 600 MB"
    assert progress.sentence(50) == "  20 of 600 MB, waiting for the network"
    progress.set_received(download, 600_000_000)
    assert progress.sentence(51) == "  600 of 600 MB"


def test_the_wheel_that_fits_best_is_taken():
    names = ("a-1-py3-none-any.whl", "a-1-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")
    wheels = [{"url": f"https://index/{name}", "hashes": {"sha256": name}} for name in names]
    package = {"wheels": wheels, "sdist": {"url": "https://index/a.tgz"}}
    ranks = {"cp313-cp313-manylinux2014_x86_64": 0, "py3-none-any": 1}

    assert packages.best_file(package, set(names), ranks)["url"].endswith("manylinux2014_x86_64.whl")
    assert packages.best_file(package, set(names), {"py3-none-any": 0})["url"].endswith("any.whl")
    assert packages.best_file(package, set(names), {})["url"].endswith("a.tgz")
    # One that came after the lock was made is not meant by it.
    assert packages.best_file(package, {names[0]}, ranks)["url"].endswith("any.whl")


def test_the_pages_packages_are_found_by_their_own_names(tmp_path):
    lock = tmp_path / "package-lock.json"
    entry = {"version": "1.0.2", "integrity": integrity("morph")}
    places = {"": {}, "node_modules/@lit/core": entry, "node_modules/stand-in": {**entry, "name": "morph"}}
    lock.write_text(json.dumps({"packages": places}))

    (download,) = packages.pages_packages(lock, "https://registry/", tmp_path, with_tools=False)
    addresses = json.loads(packages.with_addresses(lock, "https://registry/"))["packages"]

    assert download.digest == hashlib.sha512(b"morph").hexdigest()
    assert addresses["node_modules/@lit/core"]["resolved"] == "https://registry/@lit/core/-/core-1.0.2.tgz"
    assert addresses["node_modules/stand-in"]["resolved"] == "https://registry/morph/-/morph-1.0.2.tgz"


def test_the_server_fetches_no_tools_and_a_machine_no_package_of_another_kind(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.36"))
    kinds = {
        "page": {},
        "tool": {"dev": True},
        "arm": {"dev": True, "os": ["linux"], "cpu": ["arm64"], "libc": ["glibc"]},
        "musl": {"dev": True, "os": ["linux"], "cpu": ["arm64"], "libc": ["musl"]},
        "intel": {"dev": True, "os": ["linux"], "cpu": ["x64"]},
        "mac": {"dev": True, "os": ["darwin"], "cpu": ["arm64"]},
    }
    places = {
        f"node_modules/{name}": {"version": "1", "integrity": integrity(name), **kind} for name, kind in kinds.items()
    }
    lock = tmp_path / "package-lock.json"
    lock.write_text(json.dumps({"packages": places}))

    def fetched(with_tools: bool) -> list[str]:
        downloads = packages.pages_packages(lock, "https://registry", tmp_path, with_tools)
        return [download.url.partition("/-/")[2] for download in downloads]

    assert fetched(with_tools=False) == ["page-1.tgz"]
    assert fetched(with_tools=True) == ["page-1.tgz", "tool-1.tgz", "arm-1.tgz"]


def integrity(content: str) -> str:
    """Return a digest as a package-lock.json writes it."""
    return f"sha512-{base64.b64encode(hashlib.sha512(content.encode()).digest()).decode()}"
