"""What ftcml/core/files/storage.py promises, kept alike by a folder and by a bucket of a real S3 server."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from ftcml.core.files import storage

SET = "teams/7/datasets/one"


@pytest.fixture(params=["folder", "bucket"], autouse=True)
def _stored_in(request: pytest.FixtureRequest) -> None:
    if request.param == "bucket":
        request.getfixturevalue("bucket")


def put(name: str, content: bytes = b"content") -> str:
    storage.put(name, ContentFile(content))
    return name


def content(name: str) -> bytes:
    with storage.open_file(name) as stream:
        return stream.read()


@pytest.fixture
def a_set() -> None:
    """Three files, one of them deeper, and beside them a folder whose name begins alike."""
    put(f"{SET}/label.pbtxt", b"12")
    put(f"{SET}/a.record", b"345")
    put(f"{SET}/frames/training-000000.jpg", b"6789")
    put(f"{SET}-more/a.record", b"of another")


def test_what_is_put_is_read_again_and_replaced_by_what_is_put_later() -> None:
    name = put(f"{SET}/a.record", b"first, and longer")
    put(name, b"second")
    assert content(name) == b"second"
    assert storage.size(name) == len(b"second")


def test_a_file_of_this_machine_is_put_as_well(tmp_path: Path) -> None:
    (tmp_path / "ours").write_bytes(b"of this machine")
    storage.put(f"{SET}/a.record", tmp_path / "ours")
    assert content(f"{SET}/a.record") == b"of this machine"


def test_a_moved_file_is_stored_and_gone_from_its_place(tmp_path: Path) -> None:
    waiting = tmp_path / "1.jpg"
    for picture in (b"of an import that died", b"picture"):
        waiting.write_bytes(picture)
        storage.move(f"{SET}/frames/1.jpg", waiting)
        assert content(f"{SET}/frames/1.jpg") == picture
        assert not waiting.exists()


def test_an_empty_file_and_a_name_in_any_script_are_as_good_as_others() -> None:
    name = put(f"{SET}/räder & 轮子 #1.gz", b"")
    assert (content(name), storage.size(name), storage.entries(SET)) == (b"", 0, ["räder & 轮子 #1.gz"])


def test_a_stored_file_can_be_sought_as_its_download_does() -> None:
    with storage.open_file(put(f"{SET}/a.record", b"0123456789")) as stream:
        assert stream.seek(0, 2) == 10
        stream.seek(4)
        assert stream.read(3) == b"456"


@pytest.mark.parametrize("asked", [storage.open_file, storage.size])
def test_a_file_that_is_not_there_is_not_found(asked, a_set) -> None:
    with pytest.raises(FileNotFoundError):
        asked(f"{SET}/b.record")


def test_no_copy_of_a_file_that_is_not_there_is_made(a_set, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        storage.local_path(f"{SET}/b.record", tmp_path)
    assert not (tmp_path / "teams__7__datasets__one__b.record").exists()


def test_a_file_exists_until_it_is_removed_and_removing_it_twice_does_nothing(a_set) -> None:
    assert storage.exists(f"{SET}/a.record")
    storage.remove(f"{SET}/a.record")
    storage.remove(f"{SET}/a.record")
    assert not storage.exists(f"{SET}/a.record")
    assert storage.exists(f"{SET}-more/a.record")


def test_folders_and_entries_are_what_lies_directly_below(a_set) -> None:
    assert sorted(storage.folders("teams/7/datasets")) == ["one", "one-more"]
    assert storage.folders(SET) == ["frames"]
    assert sorted(storage.entries(SET)) == ["a.record", "frames", "label.pbtxt"]


def test_where_nothing_is_nothing_is_listed_measured_or_removed(a_set) -> None:
    for nowhere in ("teams/8", f"{SET}/a.record", "teams/7/datasets/on"):
        assert (storage.folders(nowhere), storage.entries(nowhere), storage.tree_size(nowhere)) == ([], [], 0)
        storage.remove_tree(nowhere)
    assert storage.tree_size("teams") == 9 + len(b"of another")


def test_missing_are_the_files_and_folders_that_are_not_there(a_set) -> None:
    there = [f"{SET}/a.record", f"{SET}/frames", f"{SET}/frames/training-000000.jpg"]
    lost = [f"{SET}/b.record", f"{SET}/frames/training-000001.jpg", "teams/8/jobs/two/model.tflite"]
    assert storage.missing([*lost, *there]) == lost


def test_the_size_of_a_tree_is_that_of_all_files_below_it(a_set) -> None:
    assert storage.tree_size(SET) == 9


def test_removing_a_tree_leaves_the_one_whose_name_begins_alike(a_set) -> None:
    storage.remove_tree(SET)
    assert storage.tree_size(SET) == 0
    assert content(f"{SET}-more/a.record") == b"of another"


def test_a_file_and_a_tree_can_be_discarded(a_set) -> None:
    storage.discard_tree(f"{SET}/frames")
    storage.discard(f"{SET}/a.record")
    assert storage.entries(SET) == ["label.pbtxt"]


def test_what_may_be_a_file_or_a_folder_is_removed(a_set) -> None:
    storage.remove_any(f"{SET}/frames")
    storage.remove_any(f"{SET}/a.record")
    assert storage.entries(SET) == ["label.pbtxt"]


@pytest.fixture
def three_files(tmp_path: Path) -> Path:
    folder = tmp_path / "three"
    folder.mkdir()
    for name in "abc":
        (folder / name).write_text(name)
    return folder


def test_a_tree_comes_back_as_it_went(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    for name in ("model.index", "model.data"):
        (tmp_path / "one" / name).write_text(name)
    storage.put_tree(f"{SET}/checkpoint", tmp_path / "one")
    storage.fetch_tree(f"{SET}/checkpoint", tmp_path / "fetched")
    assert {path.name: path.read_text() for path in (tmp_path / "fetched").iterdir()} == {
        "model.index": "model.index",
        "model.data": "model.data",
    }


def test_a_tree_says_with_every_file_that_it_moves(three_files: Path, tmp_path: Path) -> None:
    beats: list[int] = []
    storage.put_tree(f"{SET}/checkpoint", three_files, lambda: beats.append(1))
    assert len(beats) >= 3
    beats.clear()
    storage.fetch_tree(f"{SET}/checkpoint", tmp_path / "fetched", lambda: beats.append(1))
    assert len(beats) >= 3


@pytest.mark.parametrize("last", [1, 2, 3])
def test_what_the_heartbeat_raises_ends_the_moving(three_files: Path, tmp_path: Path, last: int) -> None:
    """As where the lease is lost. A file is stored whole or not at all."""
    storage.put_tree(f"{SET}/before", three_files)
    beats: list[int] = []

    def stop() -> None:
        beats.append(1)
        if len(beats) >= last:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        storage.put_tree(f"{SET}/checkpoint", three_files, stop)
    assert len(beats) == last, "it is asked no more"
    assert len(storage.entries(f"{SET}/checkpoint")) < last
    beats.clear()
    with pytest.raises(InterruptedError):
        storage.fetch_tree(f"{SET}/before", tmp_path / "fetched", stop)


def test_a_tree_that_is_not_there_cannot_be_fetched(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        storage.fetch_tree(f"{SET}/checkpoint", tmp_path / "fetched")


def test_a_stored_file_has_a_path_on_this_machine(a_set, tmp_path: Path) -> None:
    paths = [storage.local_path(f"{SET}/a.record", tmp_path) for _ in range(2)]
    assert paths[0] == paths[1]
    assert paths[0].read_bytes() == b"345"


def test_a_name_that_leads_out_of_the_storage_is_refused() -> None:
    with pytest.raises(Exception, match=r"\.\.|denied"):
        put("../../outside")


def test_it_says_that_it_can_be_written_and_nothing_stays_of_the_try() -> None:
    assert storage.is_writable()
    assert storage.entries("probes") == []


def test_the_files_of_a_folder_are_listed_with_their_size_and_time(a_set) -> None:
    before = storage.backend().files_in(SET)
    assert {name: file.size for name, file in before.items()} == {"label.pbtxt": 2, "a.record": 3}
    assert storage.backend().files_in(SET) == before
    assert storage.backend().files_in("teams/8/datasets") == {}
