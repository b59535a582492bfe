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
from datasets.formats.tf_records import limelight_writing, tf_examples
from datasets.formats.voc import voc
from datasets.formats.yolo import yolo
from datasets.messages import inflections
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.repairs import Repairs

# A file to write: its path in the archive, and its content piece by piece, to be taken before the next file.
Entry = tuple[str, Iterable[bytes]]
Writer = Callable[[Iterable[Sample], list[str]], Iterator[Entry]]


@dataclass(frozen=True)
class Format:
    """`key`: in the database, the API and the address; messages/ has its name and what it looks for.

    `marks`: the files of an archive that speak for this format. `read` raises DatasetRefused. `write` takes samples
    whose size and split are known, and the dataset's sorted labels; None for a format that is read alone.
    """

    key: str
    marks: Callable[[Archive], list[str]]
    read: Callable[[Archive, Repairs], Found]
    write: Writer | None = None

    @property
    def name(self) -> str:
        return inflections.format_name(self.key)

    @property
    def looks_for(self) -> str:
        """What its annotations are, as part of a sentence."""
        return inflections.FORMATS[self.key][1]


FORMATS: dict[str, Format] = {
    known.key: known
    for known in (
        Format("voc", voc.marks, voc.read, voc.write),
        Format("coco", coco.marks, coco.read, coco.write),
        Format("yolo", yolo.marks, yolo.read, yolo.write),
        Format(
            "records",
            tf_examples.marks,
            tf_examples.read,
            tf_examples.write,
        ),
        Format(
            "cvat",
            cvat_images.marks,
            cvat_images.read,
        ),
        Format("cvat-video", cvat_video.marks, cvat_video.read),
        Format(
            "studio",
            label_studio.marks,
            label_studio.read,
        ),
        Format("labelme", labelme.marks, labelme.read),
    )
}
# TFRecord in the folders of another program: it needs no name of its own to be read.
_LIMELIGHT = Format("limelight", tf_examples.marks, tf_examples.read, limelight_writing.write)
WRITTEN = {known.key: known for known in (*FORMATS.values(), _LIMELIGHT) if known.write}
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
        marks = [[key, names[:_FILES_NAMED], len(names)] for key, names in fitting.items()]
        raise DatasetRefused(Code.SEVERAL_FORMATS, found=marks)
    kinds = Counter(PurePosixPath(name.lower()).suffix for name in archive.names)
    most = [[kind, number] for kind, number in kinds.most_common(_FILES_NAMED)]
    raise DatasetRefused(Code.NOTHING_UNDERSTOOD, kinds=most, more=max(0, len(kinds) - _FILES_NAMED))


def writer(key: str) -> Writer:
    """Return what writes the format of that key, which is one of WRITTEN."""
    write = WRITTEN[key].write
    assert write
    return write


def check_format(key: str, formats: dict[str, Format] = FORMATS) -> None:
    if key not in formats:
        raise DatasetRefused(Code.UNKNOWN_FORMAT, format=key[:20], known=list(formats))
