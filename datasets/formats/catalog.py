"""The formats that an archive may have, and how one is told from another."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from datasets.archive.zip_archive import Archive
from datasets.formats import labelme
from datasets.formats.coco import coco
from datasets.formats.common.samples import Found, Sample
from datasets.formats.cvat import cvat_images, cvat_video
from datasets.formats.label_studio import label_studio
from datasets.formats.tf_records import tf_examples
from datasets.formats.voc import voc
from datasets.formats.yolo import yolo
from datasets.refusals import DatasetRefused
from datasets.repairs import Repairs

# A file to write: its path in the archive, and its content piece by piece, to be taken before the next file.
Entry = tuple[str, Iterable[bytes]]
Writer = Callable[[Iterable[Sample], list[str]], Iterator[Entry]]


@dataclass(frozen=True)
class Format:
    """`key`: in the database, the API and the address. `looks_for`: what its annotations are, as part of a sentence.

    `marks`: the files of an archive that speak for this format. `read` raises DatasetRefused. `write` takes samples
    whose size and split are known, and the dataset's sorted labels; None for a format that is read alone.
    """

    key: str
    name: str
    looks_for: str
    marks: Callable[[Archive], list[str]]
    read: Callable[[Archive, Repairs], Found]
    write: Writer | None = None


FORMATS: dict[str, Format] = {
    known.key: known
    for known in (
        Format("voc", "Pascal VOC", "an .xml file for each picture", voc.marks, voc.read, voc.write),
        Format("coco", "COCO", "a .json file with “images” and “annotations”", coco.marks, coco.read, coco.write),
        Format("yolo", "YOLO", "a .txt file of numbers for each picture", yolo.marks, yolo.read, yolo.write),
        Format(
            "records",
            "TFRecord (Object Detection API)",
            "a .record or .tfrecord file",
            tf_examples.marks,
            tf_examples.read,
            tf_examples.write,
        ),
        Format(
            "cvat",
            "CVAT for images 1.1",
            "an annotations.xml that lists pictures",
            cvat_images.marks,
            cvat_images.read,
        ),
        Format("cvat-video", "CVAT for video 1.1", "an annotations.xml with tracks", cvat_video.marks, cvat_video.read),
        Format(
            "studio",
            "Label Studio JSON",
            "a .json file that is a list of tasks",
            label_studio.marks,
            label_studio.read,
        ),
        Format("labelme", "labelme", "a .json file with “shapes” for each picture", labelme.marks, labelme.read),
    )
}
WRITTEN = {key: known for key, known in FORMATS.items() if known.write}
# Any XML file speaks for it, unless it speaks for another format.
_OF_ANY_XML = "voc"
_FILES_NAMED = 3


def detect(archive: Archive) -> Format:
    """The format that the archive has. Raises DatasetRefused, with what was looked for and found, when none fits or
    several do."""
    speaking = {known.key: known.marks(archive) for known in FORMATS.values()}
    others = {name for key, names in speaking.items() if key != _OF_ANY_XML for name in names}
    speaking[_OF_ANY_XML] = [name for name in speaking[_OF_ANY_XML] if name not in others]
    fitting = {key: names for key, names in speaking.items() if names}
    if len(fitting) == 1:
        return FORMATS[next(iter(fitting))]
    if fitting:
        both = " and ".join(f"{FORMATS[key].name} ({_listed(marks)})" for key, marks in fitting.items())
        raise DatasetRefused(
            f"The zip holds annotations in more than one format: {both}. Import it again and choose the format to use."
        )
    wanted = "; ".join(f"{known.looks_for} ({known.name})" for known in FORMATS.values())
    raise DatasetRefused(
        f"The zip holds no annotations that are understood here. It holds {_contents(archive.names)}. Looked for: "
        f"{wanted}."
    )


def _contents(names: list[str]) -> str:
    """How many files of which kinds, the most frequent first."""
    kinds = Counter(PurePosixPath(name.lower()).suffix or "no ending" for name in names)
    counted = [f"{number:,} × {kind}" for kind, number in kinds.most_common(_FILES_NAMED)]
    more = len(kinds) - _FILES_NAMED
    return ", ".join(counted) + (f" and files of {more} other kinds" if more > 0 else "") if names else "no file at all"


def _listed(names: list[str]) -> str:
    named = ", ".join(f"“{name}”" for name in names[:_FILES_NAMED])
    return f"{named}, … {len(names):,} files" if len(names) > _FILES_NAMED else named


def writer(key: str) -> Writer:
    """Return what writes the format of that key, which is one of WRITTEN."""
    write = WRITTEN[key].write
    assert write
    return write


def check_format(key: str, formats: dict[str, Format] = FORMATS) -> None:
    if key not in formats:
        known = ", ".join(f"{known.name} (“{known.key}”)" for known in formats.values())
        raise DatasetRefused(f"There is no format “{key[:20]}” here. Choose one of these: {known}.")
