"""`manage.py install_starting_weights`: weights of the zoo, from the network or a file, without trusting either."""

import hashlib
import io
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from detector.contract import zoo_archives
from training.weights import starting_weights, zoo_download

MODEL = "SSD MobileNet v2 320x320"
NAME = "ssd_mobilenet_v2_320x320_coco17_tpu-8"
INDEX, DATA = f"{NAME}/checkpoint/ckpt-0.index", f"{NAME}/checkpoint/ckpt-0.data-00000-of-00001"
NUMBERS = bytes(range(256)) * 1000

# Stands for the conversion: writes both files one after the other.
_CONVERT = """
import pathlib, sys
prefix, archive, target = sys.argv[1:]
parts = [pathlib.Path(prefix + end).read_bytes() for end in (".index", ".data-00000-of-00001")]
pathlib.Path(target).write_bytes(b"".join(parts))
"""


def blob_id(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def pack(path: Path, files: dict[str, bytes], *more: tarfile.TarInfo) -> Path:
    """A .tar.gz with these members without contents first, then the files."""
    with tarfile.open(path, "w:gz") as archive:
        for member in more:
            archive.addfile(member)
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def link(name: str, target: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, target
    return member


def run(*words: str) -> str:
    out = StringIO()
    call_command("install_starting_weights", *words, stdout=out)
    return out.getvalue()


def refusal(*words: str) -> str:
    with pytest.raises(CommandError) as error:
        run(*words)
    return str(error.value)


@contextmanager
def serving(data: bytes, length: int | None = None) -> Iterator[str]:
    """A server whose only file is this; it may promise another length, and hang up."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(length or len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{NAME}.tar.gz"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def know(monkeypatch):
    """Have the registry know our own archive, by its id or its address."""

    def change(**fields: str) -> None:
        first, *others = zoo_archives.ARCHIVES
        monkeypatch.setattr(zoo_archives, "ARCHIVES", (replace(first, **fields), *others))

    change(blob_id=blob_id(NUMBERS))
    return change


@pytest.fixture
def place(settings, tmp_path) -> Path:
    """Where weights are installed."""
    settings.WEIGHTS_DIR = tmp_path / "weights"
    return settings.WEIGHTS_DIR


@pytest.fixture
def quick(monkeypatch) -> None:
    monkeypatch.setattr(starting_weights, "CONVERT", (sys.executable, "-c", _CONVERT))


@pytest.fixture
def sound(tmp_path) -> Path:
    """An archive as the zoo packs it."""
    files = {
        f"{NAME}/checkpoint/checkpoint": b"model_checkpoint_path",
        DATA: NUMBERS,
        INDEX: b"index",
        f"{NAME}/pipeline.config": b"model {}",
        f"{NAME}/saved_model/saved_model.pb": b"graph",
    }
    return pack(tmp_path / "sound.tar.gz", files)


def left(place: Path) -> list[str]:
    return sorted(file.name for file in place.iterdir())


@pytest.mark.tensorflow
def test_a_checkpoint_comes_over_the_network_and_is_converted(know, place, tmp_path):
    from tests.detector.weights import zoo_checkpoints

    builder = zoo_checkpoints.Builder()
    zoo_checkpoints.write(zoo_checkpoints.ssd_mobilenet_v2(builder), tmp_path / "checkpoint")
    files = {f"{NAME}/checkpoint/{file.name}": file.read_bytes() for file in (tmp_path / "checkpoint").iterdir()}
    archive = pack(tmp_path / "zoo.tar.gz", {**files, f"{NAME}/pipeline.config": b"model {}"})

    with serving(archive.read_bytes()) as address:
        know(blob_id=blob_id(files[DATA]), url=address)
        said = run(MODEL)

    assert said == f"The weights for {MODEL} are installed: {place / NAME}.npz\n"
    assert left(place) == [f"{NAME}.npz"]
    with np.load(place / f"{NAME}.npz") as arrays:
        assert sorted(arrays) == sorted(builder.expected)
        assert all(np.array_equal(arrays[name], numbers) for name, numbers in builder.expected.items())


@pytest.mark.tensorflow
def test_what_the_conversion_misses_is_the_error(know, place, tmp_path):
    from tests.detector.weights import zoo_checkpoints

    zoo_checkpoints.write(zoo_checkpoints.Node(), tmp_path / "checkpoint")
    files = {f"{NAME}/checkpoint/{file.name}": file.read_bytes() for file in (tmp_path / "checkpoint").iterdir()}
    know(blob_id=blob_id(files[DATA]))

    said = refusal(str(pack(tmp_path / "zoo.tar.gz", files)))

    assert said.startswith(f"{NAME} could not be converted: The checkpoint lacks backbone/conv_0/kernel (")
    assert left(place) == []


@pytest.mark.parametrize("name", [MODEL, NAME])
def test_both_names_download_the_same_archive(name, know, place, quick, sound):
    with serving(sound.read_bytes()) as address:
        know(url=address)
        run(name)
    assert (place / f"{NAME}.npz").read_bytes() == b"index" + NUMBERS


def test_a_file_proves_itself_whatever_its_name(know, place, quick, sound):
    assert MODEL in run(str(sound))
    assert zoo_archives.installed(MODEL, place) == zoo_archives.installed(NAME, place) == place / f"{NAME}.npz"


def test_without_a_name_it_lists_what_there_is(know, place, quick, sound):
    assert run().splitlines() == [
        f"{archive.starting_model}: not installed ({archive.name})" for archive in zoo_archives.ARCHIVES
    ]
    run(str(sound))
    first, *others = run().splitlines()
    assert first == f"{MODEL}: installed ({NAME})"
    assert all("not installed" in line for line in others)


def test_an_unknown_name_is_answered_with_the_known_ones(place):
    said = refusal("yolo")
    assert said.startswith("'yolo' is neither a file nor a name of starting weights. There are: SSD MobileNet v2")


def test_another_checkpoint_is_refused(place, quick, sound):
    said = refusal(str(sound))
    assert said == f"The checkpoint in {sound} is not the zoo's own (its id is {blob_id(NUMBERS)})."
    assert left(place) == []


def test_the_checkpoint_of_another_model_is_refused(know, place, quick, sound):
    _, other, *_ = zoo_archives.ARCHIVES
    with pytest.raises(zoo_download.ArchiveRefused, match="not the zoo's own"), serving(sound.read_bytes()) as address:
        starting_weights.install(replace(other, url=address), lambda done, total: None)
    assert left(place) == []


def test_what_was_installed_before_stays_when_the_next_fails(know, place, quick, sound, tmp_path):
    run(str(sound))
    refusal(str(pack(tmp_path / "other.tar.gz", {INDEX: b"index", DATA: b"other"})))
    assert (place / f"{NAME}.npz").read_bytes() == b"index" + NUMBERS
    assert left(place) == [f"{NAME}.npz"]


def test_a_conversion_that_dies_leaves_nothing(know, place, sound, monkeypatch):
    monkeypatch.setattr(starting_weights, "CONVERT", (sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"))
    assert refusal(str(sound)) == f"{NAME} could not be converted: code -9"
    assert left(place) == []


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_half_a_file_is_refused(part, know, place, quick, tmp_path):
    numbers = np.random.default_rng(0).bytes(100_000)
    archive = pack(tmp_path / "half.tar.gz", {DATA: numbers, INDEX: np.random.default_rng(1).bytes(20_000)})
    know(blob_id=blob_id(numbers))
    archive.write_bytes(archive.read_bytes()[: int(archive.stat().st_size * part)])

    assert refusal(str(archive)) == f"{archive} ends too early; it may be half a download."
    assert left(place) == []


def test_a_server_that_hangs_up_is_told_of(know, place, quick, tmp_path):
    numbers = np.random.default_rng(0).bytes(100_000)
    whole = pack(tmp_path / "whole.tar.gz", {DATA: numbers, INDEX: b"index"}).read_bytes()
    with serving(whole[:50_000], length=len(whole)) as address:
        know(blob_id=blob_id(numbers), url=address)
        assert refusal(MODEL) == f"{address} ends too early; it may be half a download."
    assert left(place) == []


def test_no_network_is_told_of(know, place, quick):
    with serving(b"") as address:
        pass
    know(url=address)
    assert refusal(MODEL) == f"{address} cannot be read: [Errno 111] Connection refused."
    assert left(place) == []


def test_members_that_would_go_elsewhere_go_nowhere(know, place, quick, tmp_path):
    traversal = {
        f"../{INDEX}": b"x",
        f"/{INDEX}": b"x",
        "../../escaped": b"x",
        f"{NAME}/checkpoint/../ckpt-0.index": b"x",
    }
    links = link(f"{NAME}/checkpoint", str(tmp_path)), link(f"{NAME}/checkpoint/weights.npz", "/etc/passwd")

    run(str(pack(tmp_path / "hostile.tar.gz", {**traversal, INDEX: b"index", DATA: NUMBERS}, *links)))

    assert (place / f"{NAME}.npz").read_bytes() == b"index" + NUMBERS
    assert not list(tmp_path.parent.rglob("escaped"))
    assert not list(tmp_path.rglob("ckpt-0*"))


def test_a_link_in_a_checkpoints_place_is_refused(know, place, quick, tmp_path):
    archive = pack(tmp_path / "linked.tar.gz", {DATA: NUMBERS}, link(INDEX, "/etc/passwd"))
    assert refusal(str(archive)) == f"{INDEX} in {archive} is not a plain file of a sensible size."
    assert left(place) == []


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("MAX_ARCHIVE_BYTES", 100),
        ("MAX_UNPACKED_BYTES", 1000),
        ("MAX_MEMBER_BYTES", {zoo_download.INDEX: 1, zoo_download.DATA: 10**9}),
    ],
)
def test_sizes_are_bounded(name, limit, know, place, quick, sound, monkeypatch):
    monkeypatch.setattr(zoo_download, name, limit)
    assert str(sound) in refusal(str(sound))
    assert left(place) == []


def test_a_header_of_gigabytes_is_not_read(know, place, quick, tmp_path):
    name = tarfile.TarInfo("././@LongLink")
    name.type, name.size = tarfile.GNUTYPE_LONGNAME, 2**32
    archive = pack(tmp_path / "long.tar.gz", {INDEX: b"index"}, name)
    assert "one of its headers is too large" in refusal(str(archive))


def test_an_archive_without_a_checkpoint_says_what_it_lacks(know, place, quick, tmp_path):
    archive = pack(tmp_path / "empty.tar.gz", {INDEX: b"index"})
    assert "holds no checkpoint/ckpt-0.data-00000-of-00001" in refusal(str(archive))


def test_what_is_no_archive_is_refused(know, place, quick, tmp_path):
    (tmp_path / "page.tar.gz").write_text("<html>Sign in to the school's network</html>")
    assert "is no .tar.gz archive" in refusal(str(tmp_path / "page.tar.gz"))
