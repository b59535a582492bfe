"""What is written in a format and read again is the same, for us and for a library that others wrote (globox)."""

import io
import itertools
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

import pytest
import yaml
from globox import AnnotationSet
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.archive.zip_archive import Archive
from datasets.formats.catalog import FORMATS
from datasets.formats.common.picture_files import one_line
from datasets.formats.common.samples import PixelBox, Sample
from datasets.formats.common.written_names import FileNames
from datasets.repairs import Repairs
from datasets.split import Split
from tests.datasets.archives import picture

KEYS = ["voc", "coco", "yolo"]
# Of a pixel: no side of a box may lie further from where it was.
NEAR = 1e-3

Corners = tuple[float, float, float, float]
Boxes = list[tuple[str, Corners]]
Judge = Callable[[Path], dict[str, Boxes]]

PICTURES = {size: picture(size) for size in [(1, 1), (40, 30), (1237, 3)]}
LABELS = st.text(min_size=1, max_size=12).map(one_line).filter(bool)
NAMES = st.sampled_from(["a.jpg", "x/a.jpg", "y/A.jpeg", "a-2.jpg", "my robot 1.jpg", "grün/é.jpg", ".hidden.jpg"])


@st.composite
def boxes(draw: st.DrawFn, size: tuple[int, int]) -> PixelBox:
    """A box such as a dataset has: within the picture, and at least a pixel wide and high."""
    starts = [draw(st.floats(0, side - 1)) for side in size]
    ends = [draw(st.floats(start + 1, side)) for start, side in zip(starts, size, strict=True)]
    return PixelBox(draw(LABELS), *starts, *ends)


@st.composite
def sets(draw: st.DrawFn) -> list[Sample]:
    """Frames of which the first has a box, since a set without any is none in some formats."""
    frames = []
    for number in range(draw(st.integers(1, 4))):
        size = draw(st.sampled_from(list(PICTURES)))
        drawn = draw(st.lists(boxes(size), min_size=number == 0, max_size=3))
        data = PICTURES[size] + bytes([number])
        frames.append(frame(draw(NAMES | st.text(max_size=8)), data, size, drawn, draw(st.sampled_from(Split))))
    return frames


def frame(filename: str, data: bytes, size: tuple[int, int], drawn: list[PixelBox], split: Split) -> Sample:
    return Sample(filename, lambda: data, size, drawn, len(drawn), split)


def written(key: str, frames: list[Sample]) -> zipfile.ZipFile:
    """The frames as an archive, each file's content taken before the next file, as a download takes it."""
    archive = zipfile.ZipFile(io.BytesIO(), "a")
    labels = sorted({box.label for frame in frames for box in frame.boxes})
    for path, pieces in FORMATS[key].write(iter(frames), labels):
        archive.writestr(path, b"".join(pieces))
    return archive


def read_again(key: str, archive: zipfile.ZipFile) -> list[Sample]:
    """The samples of the archive, for which nothing had to be repaired."""
    stream, repairs = archive.fp, Repairs()
    archive.close()
    samples = list(read_all(key, Archive(stream), repairs))
    assert repairs.entries() == []
    return samples


def read_all(key: str, archive: Archive, repairs: Repairs) -> list[Sample]:
    """The samples with their pictures in memory."""
    samples = FORMATS[key].read(archive, repairs).samples
    return [replace(sample, read=partial(bytes, sample.read())) for sample in samples]


def assert_same(before: list[Sample], after: list[Sample], known_by: Callable[[Sample], object]) -> None:
    again = {known_by(sample): sample for sample in after}
    assert len(again) == len(after) == len(before)
    for known in before:
        found = again[known_by(known)]
        assert found.read() == known.read()
        assert found.split == known.split
        assert_same_boxes(plain(found), plain(known))


def content(sample: Sample) -> bytes:
    return sample.read()


def name(sample: Sample) -> str:
    return PurePosixPath(sample.filename).name


def plain(sample: Sample) -> Boxes:
    return [(box.label, (box.xmin, box.ymin, box.xmax, box.ymax)) for box in sample.boxes]


def assert_same_boxes(found: Boxes, known: Boxes) -> None:
    assert [label for label, _ in found] == [label for label, _ in known]
    for (_, one), (_, other) in zip(found, known, strict=True):
        assert one == pytest.approx(other, abs=NEAR, rel=0)


@pytest.mark.parametrize("key", KEYS)
@settings(max_examples=40)
@given(frames=sets())
def test_pictures_boxes_labels_and_split_survive(key: str, frames: list[Sample]) -> None:
    """Of the names those that several frames have cannot."""
    assert_same(frames, read_again(key, written(key, frames)), content)


@pytest.mark.parametrize("key", KEYS)
def test_a_large_picture_keeps_the_parts_of_its_pixels(key: str) -> None:
    size = (50, 7000)
    box = PixelBox("ball", 0.0004, 1234.5678, 43.0625, 6999.9996)
    before = [frame("a.jpg", picture(size), size, [box], Split.TRAINING)]
    assert_same(before, read_again(key, written(key, before)), name)


def judge_voc(folder: Path) -> dict[str, Boxes]:
    return judged(AnnotationSet.from_pascal_voc(folder / "Annotations"))


def judge_coco(folder: Path) -> dict[str, Boxes]:
    found = [judged(AnnotationSet.from_coco(file)) for file in (folder / "annotations").glob("*.json")]
    return dict(itertools.chain.from_iterable(each.items() for each in found))


def judge_yolo(folder: Path) -> dict[str, Boxes]:
    said = yaml.safe_load((folder / "data.yaml").read_text())
    found: dict[str, Boxes] = {}
    for images in {folder / said["train"], folder / said["val"]}:
        labels = folder / "labels" / images.name
        read = judged(AnnotationSet.from_yolo_v5(labels, image_folder=images))
        found |= {each: [(said["names"][int(label)], box) for label, box in drawn] for each, drawn in read.items()}
    return found


def judged(annotations: AnnotationSet) -> dict[str, Boxes]:
    return {each.image_id: [(str(box.label), box.ltrb) for box in each.boxes] for each in annotations}


@pytest.fixture(params=[judge_voc, judge_coco, judge_yolo], ids=KEYS)
def judge(request: pytest.FixtureRequest) -> tuple[str, Judge]:
    return request.param.__name__.removeprefix("judge_"), request.param


def test_globox_reads_what_is_written(judge: tuple[str, Judge], raccoon_zip: Path, tmp_path: Path) -> None:
    key, read_by_globox = judge
    with raccoon_zip.open("rb") as stream:
        frames = with_a_split(read_all("voc", Archive(stream), Repairs()))
    written(key, frames).extractall(tmp_path)
    found = read_by_globox(tmp_path)
    assert len(found) == len(frames)
    for known in frames:
        assert_same_boxes(found[name(known)], plain(known))


def test_the_raccoons_go_through_every_format(raccoon_zip: Path) -> None:
    with raccoon_zip.open("rb") as stream:
        first = with_a_split(read_all("voc", Archive(stream), Repairs()))
    frames = first
    for key in ("coco", "voc", "yolo", "coco"):
        frames = read_again(key, written(key, frames))
        assert_same(first, frames, name)


def with_a_split(frames: list[Sample]) -> list[Sample]:
    """Every fifth frame for evaluation."""
    return [
        replace(sample, split=Split.EVALUATION if number % 5 == 0 else Split.TRAINING)
        for number, sample in enumerate(frames)
    ]


@given(st.lists(NAMES | st.text(max_size=300), max_size=20))
def test_file_names_are_safe_and_none_comes_twice(filenames: list[str]) -> None:
    names = FileNames()
    given_names = [names.of(filename) for filename in filenames]
    stems = {PurePosixPath(each).stem.casefold() for each in given_names}
    assert len(stems) == len(filenames)
    for each in given_names:
        assert len(each.encode()) <= 255
        assert not each.startswith((".", " "))
        assert not set(each) & set('<>:"/\\|?*\0\n')


@pytest.mark.parametrize(
    ("filename", "given_name"),
    [
        ("train/images/Würfel 1.JPG", "Würfel 1.jpg"),
        ("a.b.png", "a.b.png"),
        ("con.jpg", "_con.jpg"),
        ("who?.jpg", "who_.jpg"),
        ("...", "picture.jpg"),
        ("scan.tiff", "scan.jpg"),
        ("IMG_0077.HEIC", "IMG_0077.jpg"),
    ],
)
def test_names_stay_as_they_were_where_they_can(filename: str, given_name: str) -> None:
    assert FileNames().of(filename) == given_name


def test_pictures_of_one_name_are_numbered() -> None:
    names = FileNames()
    given_names = [names.of(each) for each in ("x/a.jpg", "y/a.jpg", "a-2.jpg", "A.PNG")]
    assert given_names == ["a.jpg", "a-2.jpg", "a-2-2.jpg", "A-3.png"]
