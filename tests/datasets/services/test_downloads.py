"""Taking a dataset away as a zip, in the format that another program wants, and bringing it back."""

import io
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from datasets.formats.catalog import FORMATS, WRITTEN
from datasets.models import Dataset, Frame
from datasets.refusals import DatasetRefused
from datasets.services import downloads
from ftcml.core.files import storage
from tests.datasets.archives import A_BALL, Box, one_frame, picture, sound_frames
from tests.factories import DatasetFactory

pytestmark = pytest.mark.django_db

_CUBES: list[Box] = [("cube", 0.5, 33.337, 12.25, 101.125), ("größe 2", 100, 60, 160, 120), ("ball", 7, 7, 8, 8)]


def unpacked(download: downloads.Download) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(download.content)))
    assert archive.testzip() is None
    return archive


def a_set_with_a_split() -> dict:
    """Boxes of three labels, of broken numbers, of one pixel and up to the border; negative frames; a PNG."""
    files = {
        "train": one_frame(picture(), _CUBES, "Würfel 1.jpg")
        | one_frame(picture(mode="L"), [], "nothing.jpg")
        | one_frame(picture(kind="PNG"), [A_BALL], "ball.png"),
        "valid": one_frame(picture((200, 300)), [A_BALL, A_BALL], "other.jpg", (200, 300)),
    }
    return {f"{split}/{name}": content for split, named in files.items() for name, content in named.items()}


def frames_of(dataset: Dataset) -> dict[str, Frame]:
    return {PurePosixPath(frame.filename).stem: frame for frame in dataset.frames.all()}


def stored(name: str) -> bytes:
    with storage.open_file(name) as stream:
        return stream.read()


@pytest.mark.parametrize("key", WRITTEN)
def test_what_was_downloaded_can_be_imported_again(import_zip, tmp_path: Path, key: str) -> None:
    before = import_zip(a_set_with_a_split())
    download = downloads.download(before, key)
    (tmp_path / download.filename).write_bytes(b"".join(download.content))
    after = import_zip(tmp_path / download.filename)
    read_as = key if key in FORMATS else "records"
    assert (after.state, after.archive_format, after.keeps_split, after.repairs) == ("READY", read_as, True, [])
    assert (after.labels, after.counts) == (before.labels, before.counts)
    again = frames_of(after)
    assert again.keys() == frames_of(before).keys()
    for stem, frame in frames_of(before).items():
        same = again[stem]
        assert (same.split, same.width, same.height) == (frame.split, frame.width, frame.height)
        assert [box["label"] for box in same.boxes] == [box["label"] for box in frame.boxes]
        tolerance = 1e-6 if read_as == downloads.STORED_FORMAT else 1e-3 / max(frame.width, frame.height)
        for box, other in zip(frame.boxes, same.boxes, strict=True):
            assert other["box"] == pytest.approx(box["box"], abs=tolerance)
        assert stored(same.picture_name) == stored(frame.picture_name)


def test_numbers_that_a_format_rounds_are_not_told_as_boxes_over_the_border(import_zip, raccoon_zip, tmp_path) -> None:
    download = downloads.download(import_zip(raccoon_zip), "yolo")
    (tmp_path / download.filename).write_bytes(b"".join(download.content))
    again = import_zip(tmp_path / download.filename)
    assert (again.state, again.frames.count(), again.repairs) == ("READY", 200, [])


def test_a_download_is_the_label_map_and_the_shards_as_they_are_stored(import_zip) -> None:
    dataset = import_zip(sound_frames(70))
    archive = unpacked(downloads.download(dataset))
    assert archive.namelist() == [
        "label.pbtxt",
        "evaluation-00000-of-00001.record",
        "training-00000-of-00002.record",
        "training-00001-of-00002.record",
    ]
    assert 'name: "ball"' in archive.read("label.pbtxt").decode()
    assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
    shard = dataset.shards.get(split="evaluation").name
    assert archive.read("evaluation-00000-of-00001.record") == stored(shard)


def test_pictures_are_jpeg_and_named_so_whatever_came_in(import_zip) -> None:
    dataset = import_zip(one_frame(picture(kind="PNG"), [A_BALL], "set/a.png"), archive_format="voc")
    archive = unpacked(downloads.download(dataset, "voc"))
    (name,) = [name for name in archive.namelist() if name.endswith(".jpg")]
    assert archive.read(name).startswith(b"\xff\xd8")


@pytest.mark.parametrize("key", WRITTEN)
def test_no_piece_of_a_download_is_large(import_zip, django_assert_max_num_queries, key: str) -> None:
    """So the memory that a download takes does not grow with the dataset; nor do the questions to the database."""
    dataset = import_zip(sound_frames(200), eval_percent=0)
    # Which files there must be, which frames there are, and some of those; and a line of the access log.
    with django_assert_max_num_queries(6):
        pieces = [len(piece) for piece in downloads.download(dataset, key).content]
    assert max(pieces) < 300 * 1024 < sum(pieces)


def test_a_dataset_that_is_not_ready_cannot_be_downloaded() -> None:
    with pytest.raises(DatasetRefused, match="isn't ready"):
        downloads.download(DatasetFactory(state=Dataset.State.PRODUCING))


# --- the addresses ---


@pytest.fixture(params=["page", "API"])
def address(request: pytest.FixtureRequest, member_client, member_api):
    """How to get something below a dataset's address, from the pages and from the API."""
    client, prefix = {"page": (member_client, ""), "API": (member_api, "/api/v1")}[request.param]

    def get(dataset: Dataset, rest: str):
        return client.get(f"{prefix}/datasets/{dataset.pk}/{rest}")

    return get


def test_the_format_stands_in_the_address_and_in_the_files_name(import_zip, address) -> None:
    dataset = import_zip(sound_frames(3))
    answer = address(dataset, "download/?format=voc")
    assert answer["Content-Disposition"] == 'attachment; filename="a-set-voc.zip"'
    assert answer["Content-Type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(answer.getvalue())).namelist()
    assert len([name for name in names if name.endswith(".xml")]) == 3


def test_an_address_without_a_format_gives_the_shards(import_zip, address) -> None:
    answer = address(import_zip(sound_frames(3)), "download/")
    assert answer["Content-Disposition"] == 'attachment; filename="a-set-records.zip"'
    assert "label.pbtxt" in zipfile.ZipFile(io.BytesIO(answer.getvalue())).namelist()


def test_an_unknown_format_is_said_with_those_that_there_are(team, address) -> None:
    answer = address(DatasetFactory(team=team), "download/?format=exe")
    assert answer.status_code == 400
    assert "supported. Choose one of these: Pascal VOC (“voc”)" in answer.content.decode()


def test_another_teams_dataset_is_not_there_for_the_api(team, outsider_api) -> None:
    dataset = DatasetFactory(team=team)
    assert outsider_api.get(f"/api/v1/datasets/{dataset.pk}/download/?format=voc").status_code == 404
