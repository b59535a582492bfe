"""Frames as the dataset page shows them: which ones, in which order, and their boxes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import FileResponse

from datasets.edits import Edits
from datasets.inspection.findings import Inspection, numbers_of
from datasets.messages import page_words as messages
from datasets.messages.changes import PLACES
from datasets.models import Dataset, Frame
from datasets.split import Split
from ftcml.core.files import streams
from ftcml.core.pictures.object_sizes import SMALLEST_SIDE
from ftcml.core.pictures.shown import Neighbors, ShownBox, as_json

COLORS = 8

# What the page can be narrowed to: value in the address -> words.
SPLITS = {"": "Training and evaluation", Split.TRAINING.value: "Training", Split.EVALUATION.value: "Evaluation"}
ANY_BOXES = {"": "With or without boxes", "negative": "Without boxes"}
# The same, and what only an inspection tells apart.
ANY_SIZES = {**ANY_BOXES, "small": f"With a box under {SMALLEST_SIDE} pixels"}


@dataclass(frozen=True)
class Choice:
    """Which frames are shown; "" where nothing is chosen. The parts narrow each other."""

    split: str = ""
    label: str = ""
    boxes: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str], dataset: Dataset) -> "Choice":
        """Return what the address asks for. A value that doesn't exist counts as not chosen."""
        is_inspected = Inspection.of(dataset) is not None
        asked = {name: query.get(name, "") for name in ("split", "label", "boxes")}
        return cls(
            split=asked["split"] if asked["split"] in SPLITS else "",
            label=asked["label"] if is_inspected and asked["label"] in dataset.labels else "",
            boxes=asked["boxes"] if asked["boxes"] in (ANY_SIZES if is_inspected else ANY_BOXES) else "",
        )

    @property
    def query(self) -> str:
        """Return the choice as it stands in an address, "" for all frames."""
        return urlencode({name: value for name, value in vars(self).items() if value})

    def links(self, part: str, words: Mapping[str, str]) -> list["Link"]:
        """Return a link for each value of `part`. The rest of the choice stays."""
        others = {value: replace(self, **{part: value}) for value in words}
        return [Link(words[value], choice.query, choice == self) for value, choice in others.items()]


@dataclass(frozen=True)
class Link:
    words: str
    query: str
    is_here: bool


@dataclass(frozen=True)
class Picture:
    """A frame as a page shows it. `place`: where it goes once changes are saved, "" where it stays."""

    frame: Frame
    boxes: list[ShownBox]
    place: str = ""

    @property
    def name(self) -> str:
        """Return the file's name without the folders of its archive."""
        return PurePosixPath(self.frame.filename).name

    @property
    def boxes_as_json(self) -> str:
        """Return what the page's script draws over the picture."""
        return as_json(self.boxes)

    @property
    def change(self) -> str:
        """Return what saving the changes does to the frame, in words; "" for nothing."""
        return PLACES.get(self.place, "")

    @property
    def other_split(self) -> Split:
        return Split.EVALUATION if self.frame.split == Split.TRAINING else Split.TRAINING

    @classmethod
    def of(cls, frame: Frame, dataset: Dataset, draft: Edits | None = None) -> "Picture":
        """Return the frame of a dataset. `draft`: changes that aren't saved yet."""
        numbers = {label: number for number, label in enumerate(dataset.labels)}
        boxes = [ShownBox(entry["label"], entry["box"], numbers[entry["label"]] % COLORS) for entry in frame.boxes]
        place = draft.place_of(frame.pk, frame.split) if draft else frame.split
        return cls(frame, boxes, "" if place == frame.split else place)


def frames(dataset: Dataset, choice: Choice) -> QuerySet[Frame]:
    """Return the dataset's chosen frames, training before evaluation."""
    chosen = dataset.shown_frames().order_by("-split", "number")
    label = numbers_of({choice.label}, dataset.labels)
    if choice.split:
        chosen = chosen.filter(split=choice.split)
    if choice.label:
        chosen = chosen.filter(label_numbers__contains=label)
    if choice.boxes == "negative":
        chosen = chosen.filter(boxes=[])
    if choice.boxes == "small":
        chosen = chosen.filter(small_label_numbers__contains=label).exclude(small_label_numbers="")
    return chosen


def neighbors(chosen: QuerySet[Frame], frame: Frame) -> Neighbors[Frame]:
    """Return the frames before and after a frame among those chosen, in the order of `frames`."""
    before = chosen.filter(Q(split=frame.split, number__lt=frame.number) | Q(split__gt=frame.split))
    after = chosen.filter(Q(split=frame.split, number__gt=frame.number) | Q(split__lt=frame.split))
    return Neighbors(before.count() + 1, chosen.count(), before.last(), after.first())


@dataclass(frozen=True)
class FramePair:
    """An evaluation frame and the training frame that it looks like; `distance` as in near_duplicates.py."""

    evaluation: Frame
    training: Frame
    distance: int


def frame_pairs(dataset: Dataset, inspection: Inspection) -> list[FramePair]:
    """Return the named near-duplicates across the split, the nearest first."""
    pairs = inspection.near_duplicates.closest
    evaluation = _by_number(dataset, Split.EVALUATION, [pair.evaluation for pair in pairs])
    training = _by_number(dataset, Split.TRAINING, [pair.training for pair in pairs])
    return [FramePair(evaluation[pair.evaluation], training[pair.training], pair.distance) for pair in pairs]


def _by_number(dataset: Dataset, split: Split, numbers: list[int]) -> dict[int, Frame]:
    return {frame.number: frame for frame in dataset.frames.filter(split=split, number__in=numbers)} if numbers else {}


def picture_file(frame: Frame) -> FileResponse:
    """Return the picture itself. Raises FileLost where its file is missing."""
    return streams.picture(frame.picture_name, messages.DELETED_MEANWHILE)
