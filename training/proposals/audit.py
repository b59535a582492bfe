"""What in labeled frames is worth a second look: missing boxes, boxes that show nothing, and wrong labels."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from training.models import Detection, LabelFinding, ModelRun
from training.proposals import features
from training.proposals.features import Vector
from training.proposals.finder import Seen
from training.proposals.proposing import distinct
from training.proposals.run_leases import Lease
from videos.labeling.proposing import corners_of, overlap
from videos.models import Frame

_Kind = LabelFinding.Kind
Corners = tuple[float, float, float, float]

# A detection and a box that have less in common (intersection over union) are about different objects. A model places
# boxes less exactly than people: a lower bound than that of metrics.
_SAME = 0.3
# The model is sure of it.
_SURE = 0.5
# The model doesn't even guess it.
_GUESS = 0.15
# A class center of fewer boxes says little.
_FEWEST_BOXES = 5
# So much nearer (cosine) another label's center has to be.
_NEARER_BY = 0.02
MOST_FINDINGS = 200


@dataclass(frozen=True)
class DrawnBox:
    """A box of a labeled frame. `look`: how it looks to the model."""

    key: UUID
    label: str
    corners: Corners
    look: Vector


@dataclass(frozen=True)
class LabeledFrame:
    """A labeled frame, with its boxes and what the model finds in it."""

    frame: int
    boxes: list[DrawnBox]
    found: list[Detection]

    @classmethod
    def of(cls, frame: Frame, seen: Seen) -> "LabeledFrame":
        size = (frame.width, frame.height)
        boxes = [
            DrawnBox(box.key, box.label.name, corners_of(box), features.of_box(seen.features, corners_of(box), *size))
            for box in frame.boxes.select_related("label")
        ]
        return cls(frame.pk, boxes, seen.detections)


def write(run: ModelRun, frames: Sequence[LabeledFrame], lease: Lease) -> None:
    """Write what was found, the most telling first, as the run's findings. Raises LeaseLost."""
    found = [*_missing(run, frames), *_not_found(run, frames), *_other_labels(run, frames)]
    found.sort(key=lambda finding: -finding.weight)
    with lease.transaction():
        LabelFinding.objects.filter(run=run).delete()
        LabelFinding.objects.bulk_create(found[:MOST_FINDINGS])


def _missing(run: ModelRun, frames: Sequence[LabeledFrame]) -> Iterator[LabelFinding]:
    """What the model is sure of, and nobody drew: of any label, for a box with a wrong one is another finding."""
    for frame in frames:
        for place in distinct(frame.found):
            detection = frame.found[place]
            is_drawn = any(overlap(detection.corners, box.corners) >= _SAME for box in frame.boxes)
            if detection.score >= _SURE and not is_drawn:
                yield LabelFinding(
                    run=run, frame_id=frame.frame, kind=_Kind.NOT_LABELED, label=detection.label,
                    corners=list(detection.corners), weight=detection.score,
                )  # fmt: skip


def _not_found(run: ModelRun, frames: Sequence[LabeledFrame]) -> Iterator[LabelFinding]:
    """What a person drew and the model doesn't even guess, where it was taught that label."""
    for frame in frames:
        for box in frame.boxes:
            scores = [one.score for one in frame.found if overlap(one.corners, box.corners) >= _SAME]
            best = max(scores, default=0.0)
            if box.label in run.job.labels and best < _GUESS:
                yield _of_box(run, frame, box, _Kind.NOT_FOUND, weight=_SURE - best)


def _other_labels(run: ModelRun, frames: Sequence[LabeledFrame]) -> Iterator[LabelFinding]:
    """Boxes that look more like another label's: nearer to the center of its boxes than to that of their own.

    A box doesn't count for the center that it's compared with.
    """
    looks: dict[str, list[Vector]] = defaultdict(list)
    for frame in frames:
        for box in frame.boxes:
            looks[box.label].append(box.look)
    sums = {label: np.sum(found, axis=0) for label, found in looks.items() if len(found) >= _FEWEST_BOXES}
    for frame in frames:
        for box in frame.boxes:
            if box.label not in sums or len(sums) == 1:
                continue
            near = {
                label: _likeness(box.look, total - box.look if label == box.label else total)
                for label, total in sums.items()
            }
            nearest = max(near, key=lambda label: near[label])
            nearer_by = near[nearest] - near[box.label]
            if nearer_by > _NEARER_BY:
                yield _of_box(run, frame, box, _Kind.OTHER_LABEL, min(1.0, 0.5 + nearer_by), nearest)


def _likeness(look: Vector, total: Vector) -> float:
    """The cosine of the angle between a look and a center."""
    return float(look @ total) / max(float(np.linalg.norm(total)), 1e-6)


def _of_box(
    run: ModelRun, frame: LabeledFrame, box: DrawnBox, kind: LabelFinding.Kind, weight: float, other: str = ""
) -> LabelFinding:
    return LabelFinding(
        run=run, frame_id=frame.frame, kind=kind, box_key=box.key, label=box.label, other_label=other,
        corners=list(box.corners), weight=weight,
    )  # fmt: skip
