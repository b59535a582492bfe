"""Frames as the dataset page shows them: the picture's size and its boxes in pixels."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db.models import QuerySet
from django.http import FileResponse, Http404

from datasets.formats.catalog import FORMATS
from datasets.models import Dataset, Frame, Split
from ftcml import storage

COLOURS = 8
# The height of a label's text, as a part of a quarter of the gallery's 4:3 window.
TEXTS_ACROSS = 4

# What the page can be narrowed to: name in the address -> (words, condition)
FILTERS: dict[str, tuple[str, dict]] = {
    "": ("All frames", {}),
    "training": ("Training", {"split": Split.TRAINING}),
    "evaluation": ("Evaluation", {"split": Split.EVALUATION}),
    "negative": ("Negative (no box)", {"boxes": []}),
}


@dataclass(frozen=True)
class Box:
    """A labelled box, in pixels of its picture. `colour` numbers a CSS class, the same for a label everywhere."""

    label: str
    x: int
    y: int
    width: int
    height: int
    colour: int


@dataclass(frozen=True)
class Picture:
    frame: Frame
    boxes: list[Box]
    text_size: int

    @property
    def name(self) -> str:
        """The file's name without the folders of the archive it came in."""
        return PurePosixPath(self.frame.filename).name

    @classmethod
    def of(cls, frame: Frame, dataset: Dataset) -> "Picture":
        boxes = [_in_pixels(entry, frame, dataset.labels) for entry in frame.boxes]
        return cls(frame, boxes, text_size=round(max(frame.width / 4, frame.height / 3) / TEXTS_ACROSS))


def _in_pixels(entry: dict, frame: Frame, labels: list[str]) -> Box:
    ymin, xmin, ymax, xmax = entry["box"]
    return Box(
        label=entry["label"],
        x=round(xmin * frame.width),
        y=round(ymin * frame.height),
        width=round((xmax - xmin) * frame.width),
        height=round((ymax - ymin) * frame.height),
        colour=labels.index(entry["label"]) % COLOURS,
    )


def origin(dataset: Dataset) -> str:
    """What a READY dataset was made from, as sentences; "" where it is older than that is written down."""
    known = FORMATS.get(dataset.archive_format)
    if known is None:
        return ""
    drawn = f"{dataset.eval_percent} % of the frames were drawn for evaluation, by the number {dataset.split_seed}."
    kept = "The archive's own split into training and evaluation was kept."
    return f"Imported from {known.name}. {kept if dataset.keeps_split else drawn}"


def pictures(dataset: Dataset, shown: str) -> QuerySet[Frame]:
    """The dataset's frames, training before evaluation; all of them for a filter that does not exist."""
    _, condition = FILTERS.get(shown, FILTERS[""])
    return dataset.frames.filter(**condition).order_by("-split", "number")


def picture_file(frame: Frame) -> FileResponse:
    """The picture itself. Raises Http404 where its file is gone."""
    try:
        return FileResponse(storage.open_file(frame.picture_name), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404("The dataset was deleted in the meantime.") from None
