"""What cannot become a dataset is refused with one sentence, and leaves nothing in the storage."""

import io
import random
import stat
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

from datasets import messages
from datasets.archive.zip_archive import Archive
from datasets.formats.catalog import FORMATS
from datasets.formats.voc import voc
from datasets.importing import producing
from datasets.importing.import_leases import Lease
from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.repairs import Repairs
from datasets.services import imports
from datasets.services.imports import ImportChoices
from tests.datasets.archives import A_BALL, annotation, one_frame, picture, sound_frames, write_zip

pytestmark = pytest.mark.django_db

BILLION_LAUGHS = """<!DOCTYPE annotation [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<annotation><filename>&b;</filename></annotation>"""

READS_A_FILE = """<!DOCTYPE annotation [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<annotation><filename>&a;</filename></annotation>"""


@pytest.fixture
def refused(import_zip, stored_files):
    """Imports what must be refused; returns the sentence that the user reads."""

    def run(source: Path | dict) -> str:
        dataset = import_zip(source)
        dataset.refresh_from_db()
        assert dataset.state == Dataset.State.FAILED
        assert dataset.frames.count() == dataset.shards.count() == 0
        assert stored_files() == []
        return dataset.error

    return run


def png_that_says(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims any size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("files", "contents"),
    [
        ({}, "no file at all"),
        ({"readme.doc": "hello"}, "1 × .doc"),
        ({"a.jpg": picture(), "b.JPG": picture(), "a.csv": "", "LICENSE": "", "x.doc": ""}, "2 × .jpg, 1 × "),
    ],
    ids=["nothing at all", "no picture", "no annotation"],
)
def test_a_zip_that_is_no_labeled_set(refused, files: dict, contents: str) -> None:
    """The sentence says what was found, and what was looked for."""
    error = refused(files)
    assert error.startswith(f"We found no annotations in the zip file. It has {contents}")
    assert all(f"{known.looks_for} ({known.name})" in error for known in FORMATS.values())


def test_annotations_without_their_pictures(refused) -> None:
    assert refused({"a.xml": annotation("a.jpg", [A_BALL])}).startswith("The zip file has no pictures (.jpg, .jpeg, ")


def test_annotations_without_a_label(refused) -> None:
    error = refused(sound_frames(3, boxes=[]))
    assert error == "No annotation has a box with a label. Draw at least one box, then export again."


NO_PICTURE = {f"lost-{number}.xml": annotation(f"lost-{number}.jpg", [A_BALL, A_BALL]) for number in range(3)}
OUTSIDE = one_frame(picture(), [("ball", 900, 900, 990, 990)])
UNREADABLE = {"a.jpg": picture(), "a.xml": "<annotation><object>"}


@pytest.mark.parametrize(
    ("files", "sentence", "kinds"),
    [
        (
            {"a.jpg": picture()} | NO_PICTURE,
            "6 boxes name pictures that aren't in the zip file, for example “lost-0.xml”. Add the pictures ",
            ["picture_missing"] * 3,
        ),
        (
            {"one/1.jpg": picture(), "two/1.jpg": picture(), "x/1.xml": annotation("1.jpg", [A_BALL])},
            "1 box names a picture that the zip file has several times, for example “x/1.xml”. Give each picture ",
            ["picture_unclear", "frame_skipped", "frame_skipped"],
        ),
        (
            OUTSIDE,
            "1 box has no label or no area inside its picture, for example in “a.jpg”.",
            ["box_dropped", "frame_skipped"],
        ),
        (UNREADABLE, "We can't use 1 annotation file, for example “a.xml”. The list below", ["annotation_skipped"]),
    ],
    ids=["no picture", "several pictures", "outside", "unreadable"],
)
def test_labeled_boxes_that_are_all_lost(import_zip, files: dict, sentence: str, kinds: list[str]) -> None:
    """The sentence names the cause, and what was found stays with the dataset."""
    dataset = import_zip(files)
    assert dataset.state == Dataset.State.FAILED
    assert dataset.error.startswith(sentence)
    assert [entry["kind"] for entry in dataset.repairs] == kinds


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/job", "/../etc/passwd", r"..\..\boot.ini", "C:/boot.ini", "a/../../b.jpg"]
)
def test_a_path_that_leads_out_of_the_folder(refused, name: str) -> None:
    error = refused(sound_frames(3) | {name: b"harm"})
    assert error.endswith("points outside its folder. Zip your files again with another program.")


def test_a_link(refused) -> None:
    link = zipfile.ZipInfo("frame-999.jpg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refused(sound_frames(3) | {link: "/etc/passwd"}) == (
        "“frame-999.jpg” is a link. Zip the real files, not links to them."
    )


def test_a_password(refused, tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "locked.zip", sound_frames(3))
    directory = b"PK\x01\x02\x14\x03\x14\x00"
    archive.write_bytes(archive.read_bytes().replace(directory + b"\x00\x00", directory + b"\x01\x00"))
    assert refused(archive) == "The zip file has a password. Zip your files again without one."


def test_a_packing_that_can_grow_without_being_counted(refused, tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "set.zip", sound_frames(3))
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_BZIP2) as opened:
        opened.writestr("bomb.jpg", bytes(10_000_000))
    assert refused(archive) == "We can't unpack “bomb.jpg”. Zip your files again with another program."


def test_more_files_than_allowed(refused, settings) -> None:
    settings.IMPORT_MAX_FILES = 20
    assert refused(sound_frames(11)) == "The zip file has more than 20 files. Split it into smaller zip files."


def test_a_directory_of_a_million_files_is_not_read(refused, settings, tmp_path: Path) -> None:
    """Its size alone is enough: no object is made for any of its entries."""
    settings.IMPORT_MAX_FILES = 1000
    archive = tmp_path / "many.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for number in range(8000):
            opened.writestr(f"{number}.txt", b"")
    assert refused(archive) == "The zip file has more than 1,000 files. Split it into smaller zip files."


def test_a_zip_that_says_it_unpacks_past_the_limit(refused, settings) -> None:
    settings.IMPORT_MAX_UNPACKED_BYTES = 5 * 1024**2
    assert refused(sound_frames(3) | {"zeros.jpg": bytes(6 * 1024**2)}) == (
        "The zip file unpacks to more than 5 MB. Split it into smaller zip files."
    )


def test_a_picture_file_over_its_limit(refused, settings) -> None:
    settings.IMPORT_MAX_PICTURE_BYTES = 1024**2
    assert refused(sound_frames(3) | {"zeros.jpg": bytes(6 * 1024**2)}) == (
        "“zeros.jpg” is over 1 MB. Files of its kind must be smaller."
    )


def test_an_annotation_over_its_limit(refused) -> None:
    assert refused(sound_frames(3) | {"a.xml": b"<annotation>" + b" " * 2 * 1024**2}) == (
        "“a.xml” is over 1 MB. Files of its kind must be smaller."
    )


def test_entries_that_lead_to_the_same_bytes(refused, tmp_path: Path) -> None:
    """A directory that names one file of zeros again and again unpacks to as much as it likes."""
    archive = tmp_path / "overlap.zip"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in sound_frames(1).items():
            opened.writestr(name, content)
        opened.writestr("zeros.jpg", bytes(1024**2))
        kernel = opened.getinfo("zeros.jpg")
        for number in range(30):
            again = zipfile.ZipInfo(f"zeros-{number:02d}.jpg")
            for field in ("header_offset", "CRC", "compress_size", "compress_type"):
                setattr(again, field, getattr(kernel, field))
            again.file_size = 100
            opened.filelist.append(again)
    archive.write_bytes(stream.getvalue())
    assert (
        refused(archive)
        == "In the zip file, “zeros-00.jpg” overlaps another file. Zip your files again with another program."
    )


def test_entries_inside_of_another_entry(refused, tmp_path: Path) -> None:
    """A zip stored in a zip, whose own files the outer directory names as well."""
    inner = write_zip(tmp_path / "inner.zip", sound_frames(2))
    archive = tmp_path / "outer.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as opened, zipfile.ZipFile(inner) as hidden:
        opened.writestr("inner.zip", inner.read_bytes())
        begin = len(opened.getinfo("inner.zip").FileHeader())
        for entry in hidden.infolist():
            entry.header_offset += begin
            opened.filelist.append(entry)
    assert refused(archive).endswith("overlaps another file. Zip your files again with another program.")


def test_a_zip_in_a_zip_is_never_opened(refused, tmp_path: Path) -> None:
    inner = write_zip(tmp_path / "inner.zip", sound_frames(3)).read_bytes()
    assert "It has 1 × .zip. We looked for" in refused({"set.zip": inner})


def test_a_file_that_packs_better_than_any_photograph(refused) -> None:
    assert refused(sound_frames(3) | {"zeros.bmp": bytes(17 * 1024**2)}) == (
        "“zeros.bmp” unpacks to more than 200 times its size, which pictures never do. Zip your pictures again."
    )


def test_many_files_that_each_pack_too_well(refused) -> None:
    error = refused({f"{number}.bmp": bytes(1024**2) for number in range(17)})
    assert error.startswith("The zip file unpacks to more than 200 times its size")


def test_a_name_that_comes_twice(refused, tmp_path: Path) -> None:
    """Which of them is meant, two programs may see differently."""
    archive = write_zip(tmp_path / "set.zip", sound_frames(3))
    with zipfile.ZipFile(archive, "a") as opened, pytest.warns(UserWarning, match="Duplicate name"):
        opened.writestr("frame-000.xml", annotation("frame-000.jpg", [("other", 1, 1, 50, 50)]))
    assert refused(archive) == "The zip file has “frame-000.xml” twice. Make a new zip file."


def test_a_name_as_long_as_a_novel(refused) -> None:
    error = refused(sound_frames(3) | {"a/" * 10_000 + "a.jpg": b""})
    assert error.endswith("…” is over 1,000 characters. Give the file a shorter name.")


@pytest.mark.parametrize("part", [0.2, 0.9, 0.999])
def test_a_zip_that_was_cut_off(team, tmp_path: Path, stored_files, part: float) -> None:
    archive = write_zip(tmp_path / "set.zip", sound_frames(3))
    archive.write_bytes(archive.read_bytes()[: int(archive.stat().st_size * part)])
    with pytest.raises(DatasetRefused, match="That isn't a zip file"):
        imports.request_import(team, None, archive, "a set")
    assert stored_files() == []


TOO_LARGE = "Over 64 million pixels, so we skipped it."


@pytest.mark.parametrize("size", [(8100, 8100), (100_000, 100_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_of_too_many_pixels_is_skipped_by_name(import_zip, size: tuple[int, int]) -> None:
    dataset = import_zip(sound_frames(3) | {"bomb.png": png_that_says(*size)})
    assert (dataset.state, dataset.frames.count()) == (Dataset.State.READY, 3)
    assert [(entry["file"], messages.of_repair(entry)) for entry in dataset.repairs] == [("bomb.png", TOO_LARGE)]


def test_a_set_of_such_pictures_alone_is_refused(refused) -> None:
    assert refused(one_frame(png_that_says(9000, 9000), [A_BALL])) == (
        "Every picture has too many pixels. “a.jpg” has more than 64 million. "
        "Make the pictures smaller, then import them again."
    )


@pytest.mark.parametrize("xml", [BILLION_LAUGHS, READS_A_FILE], ids=["grows", "reads a file"])
def test_xml_entities(refused, xml: str) -> None:
    assert refused(sound_frames(3) | {"z.xml": xml}) == (
        "“z.xml” defines XML entities, which aren't supported. Export it again with another program."
    )


def test_xml_that_nests_without_end_breaks_nothing(import_zip) -> None:
    dataset = import_zip(
        sound_frames(3) | {"deep.xml": "<annotation>" + "<a>" * 80_000 + "</a>" * 80_000 + "</annotation>"}
    )
    assert dataset.state == Dataset.State.READY, dataset.error


def test_long_labels_take_no_memory(refused, tmp_path: Path) -> None:
    """Half a megabyte each in their files; no more of them is kept than tells that they are too long."""
    files: dict = {}
    for number in range(4):
        label = random.Random(number).randbytes(250_000).hex()
        files |= one_frame(picture(), [(label, 1, 1, 50, 50)], f"{number}.jpg")
    archive = write_zip(tmp_path / "set.zip", files)
    tracemalloc.start()
    with archive.open("rb") as stream:
        found = voc.read(Archive(stream), Repairs())
        kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert found.total == 4
    assert kept < 500_000
    assert refused(archive).endswith("is over 100 characters. Shorten it.")


def test_too_many_labels(refused) -> None:
    files = one_frame(picture(), [(f"label {number}", 1, 1, 50, 50) for number in range(201)])
    assert refused(files) == "There are 201 different labels. A dataset can have 200. Use fewer labels."


def test_a_label_that_is_a_novel(refused) -> None:
    assert refused(one_frame(picture(), [("ha" * 100, 1, 1, 50, 50)])).endswith("is over 100 characters. Shorten it.")


def test_pictures_that_grow_past_the_limit_when_they_become_jpeg(refused, settings) -> None:
    """Ten small PNG files, each of which is a larger JPEG."""
    plain = picture((2000, 2000), kind="PNG", mode="1")
    files: dict = {}
    for number in range(10):
        files |= one_frame(plain, [A_BALL], f"{number}.png", size=(2000, 2000))
    settings.IMPORT_MAX_UNPACKED_BYTES = sum(len(content) for content in files.values()) + 1000
    assert "unpacks to more than" in refused(files)


@pytest.mark.parametrize("eval_percent", [-1, 91])
def test_a_percentage_out_of_range_is_refused_at_once(team, tmp_path: Path, eval_percent: int) -> None:
    archive = write_zip(tmp_path / "set.zip", sound_frames(3))
    with pytest.raises(DatasetRefused, match="Enter 0 to 90 percent"):
        imports.request_import(team, None, archive, "a set", ImportChoices(eval_percent))
    assert not Dataset.objects.exists()


@pytest.mark.parametrize("description", ["", "   ", "x" * 31])
def test_a_description_of_the_wrong_length_is_refused_at_once(team, tmp_path: Path, description: str) -> None:
    with pytest.raises(DatasetRefused, match="a description of 1 to 30 characters"):
        imports.request_import(team, None, write_zip(tmp_path / "set.zip", sound_frames(3)), description)


def test_what_is_no_zip_is_refused_at_once_and_leaves_nothing(team, tmp_path: Path, stored_files) -> None:
    file = tmp_path / "set.zip"
    file.write_bytes(b"Rar!" + bytes(1000))
    with pytest.raises(DatasetRefused, match="That isn't a zip file"):
        imports.request_import(team, None, file, "a set")
    assert not Dataset.objects.exists()
    assert stored_files() == []


def test_a_zip_whose_directory_is_damaged_is_refused(refused, tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "set.zip", sound_frames(3))
    archive.write_bytes(archive.read_bytes().replace(b"PK\x01\x02", b"PK\x00\x00"))
    assert refused(archive).startswith("That isn't a zip file, or it's damaged.")


def test_a_team_cannot_have_more_datasets_than_the_limit(import_zip, team, settings, tmp_path: Path) -> None:
    settings.TEAM_MAX_DATASETS = 1
    import_zip(sound_frames(3))
    with pytest.raises(DatasetRefused, match="Your team has reached its limit of 1 dataset"):
        imports.request_import(team, None, tmp_path / "set.zip", "one more")


def test_an_error_that_nobody_foresaw_ends_the_import_as_failed(team, settings, tmp_path: Path) -> None:
    """Here the folder for unfinished pictures vanishes while they are written."""
    dataset = imports.request_import(team, None, write_zip(tmp_path / "set.zip", sound_frames(3)), "a set")
    lease = Lease.claim(dataset)

    def lose_the_folder(done: int, total: int) -> None:
        for folder in settings.WORK_DIR.iterdir():
            folder.rename(tmp_path / "gone")

    producing.produce_held(dataset, lease, lose_the_folder)
    assert dataset.state == Dataset.State.FAILED
    assert dataset.error.startswith("Something broke on our side. Try again, or ask")
