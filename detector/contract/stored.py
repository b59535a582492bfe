"""What a trainer writes as JSON and the server keeps as it is, entry by entry. reports.py says what the values mean."""

from typing import Literal, NotRequired, TypedDict

# The form of StoredDetections, gzipped JSON. Boxes are [ymin, xmin, ymax, xmax] as fractions.
# Scores have four digits; those below 0.05 are left out, and then their objects are not found or seen by them either.
# What is matched does not depend on a threshold: with a higher one the detections below it are left out, and no more.
DETECTIONS_FORMAT = 2


class StoredLabel(TypedDict):
    """A reports.LabelResult."""

    label: str
    objects: int
    ap50: float | None
    ap: float | None
    precision: float | None
    recall: float | None
    curve: list[list[float]]


class StoredSummary(TypedDict):
    """A reports.Summary. One before format 5 has no `max_detections` and no `nms_iou`."""

    threshold: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    curve: list[list[float]]
    labels: list[StoredLabel]
    confusion: list[list[int]]
    max_detections: NotRequired[int]
    nms_iou: NotRequired[float]


class StoredTruth(TypedDict):
    """An object of an evaluation frame.

    `score`: of the detection that found it, 0 where none did. `seen_as`: the label of the surest detection that takes
    it for something else, "" where none does. `seen_as_score`: that one's score.
    """

    label: str
    box: list[float]
    score: float
    seen_as: str
    seen_as_score: float


class StoredDetection(TypedDict):
    """What was found on an evaluation frame.

    `truth`: the place in "truths" of the object that it is matched with, -1 for a false alarm. `iou`: their overlap, 0
    for a false alarm.
    """

    label: str
    score: float
    box: list[float]
    kind: Literal["right", "wrong label", "false alarm"]
    truth: int
    iou: float


class StoredFrame(TypedDict):
    """One evaluation frame. `detections`: the surest first."""

    truths: list[StoredTruth]
    detections: list[StoredDetection]


class StoredDetections(TypedDict):
    """A whole file of detections: `frames` are all evaluation frames, in the order of the shards."""

    format: int
    step: int
    labels: list[str]
    frames: list[StoredFrame]
