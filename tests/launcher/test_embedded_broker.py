"""The broker that `make run` brings: it starts whatever an accident has left in its folder."""

import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from ftcml.launcher.broker import Broker, prepare

pytestmark = pytest.mark.broker


@contextmanager
def running(broker: Broker) -> Iterator[redis.Redis]:
    """Its first request waits until the broker has started. Raises where it ends instead."""
    valkey = subprocess.Popen(broker.command, stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis.from_url(broker.url, retry=Retry(ConstantBackoff(0.1), 50))
        client.ping()
        yield client
    finally:
        valkey.terminate()
        valkey.wait()


def configured_as_before(broker: Broker) -> Broker:
    """As earlier versions had it: with a log of all messages."""
    configuration = Path(broker.command[-1])
    configuration.write_text(configuration.read_text().replace("appendonly no", "appendonly yes"))
    return broker


def damage_in_the_middle(path: Path) -> None:
    """Write over a part of the file, as a disk does that loses a block."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = b"\xff" * 64
    path.write_bytes(content)


def test_a_damaged_log_of_an_earlier_version_does_not_stop_it(tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    with running(configured_as_before(prepare(folder))) as client:
        for number in range(100):
            client.rpush("default", f"a message {number}")
    (written,) = folder.glob("appendonlydir/*.incr.aof")
    damage_in_the_middle(written)

    with running(prepare(folder)) as client:
        assert client.keys() == []
    assert (tmp_path / "broker-set-aside" / "appendonlydir").is_dir()


def test_a_copy_of_strange_messages_does_not_stop_it(tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    folder.mkdir()
    (folder / "dump.rdb").write_bytes(b"REDIS0011 and then nothing that a broker knows")
    with running(prepare(folder)) as client:
        assert client.keys() == []


def test_it_writes_no_message_to_the_disk(tmp_path: Path) -> None:
    with running(prepare(tmp_path / "broker")) as client:
        client.rpush("default", "a message")
    assert sorted(path.name for path in (tmp_path / "broker").iterdir()) == ["url", "valkey.conf"]


def test_its_address_stays_the_same_and_is_private(tmp_path: Path) -> None:
    first = prepare(tmp_path / "broker")
    assert prepare(tmp_path / "broker") == first
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "broker").iterdir()} == {0o600}


@pytest.mark.parametrize(
    "note", [b"", b"\xff\xfe", b"redis://[", b"redis://127.0.0.1:6379/0", b"redis://:a b\nc@127.0.0.1:70000/0"]
)
def test_a_damaged_address_is_written_anew(tmp_path: Path, note: bytes) -> None:
    (tmp_path / "broker").mkdir()
    (tmp_path / "broker" / "url").write_bytes(note)
    with running(prepare(tmp_path / "broker")):
        pass


def test_a_file_or_a_folder_in_the_way_is_moved_aside_once_more(tmp_path: Path) -> None:
    (tmp_path / "broker" / "url").mkdir(parents=True)
    prepare(tmp_path / "broker")
    (tmp_path / "broker" / "temp-1.rdb").touch()
    with running(prepare(tmp_path / "broker")):
        pass
    assert (tmp_path / "broker-set-aside" / "temp-1.rdb").exists()
