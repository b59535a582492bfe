"""Which detections of a model become proposals, and how they come into the frames."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from django.db import transaction

from training.models import Detection, FrameDetections, ModelRun
from videos.labeling import proposing
from videos.labeling.proposing import FrameProposals, Proposal, overlap
from videos.models import Video

# Two labels for one place: the surer one is proposed.
_SAME_PLACE = 0.7


def propose(run: ModelRun, rows: Sequence[FrameDetections]) -> int:
    """Propose what is sure enough, and return how many boxes came into frames. Call it in a transaction.

    A box that this model has proposed before isn't proposed again: a person has accepted, moved or deleted it.
    """
    wanted = {row.frame_id: _places(row, run.minimum_confidence) for row in rows}
    proposed = {row.frame_id: _for_frame(row, wanted[row.frame_id]) for row in rows}
    written = proposing.propose(run.video, proposed)
    for row in rows:
        row.proposed += [place for place in wanted[row.frame_id] if key_of(row, place) in written]
    FrameDetections.objects.bulk_update([row for row in rows if wanted[row.frame_id]], ["proposed"])
    return len(written)


def distinct(detections: Sequence[Detection]) -> list[int]:
    """Return the places of those that aren't a surer one's second label. The surest comes first."""
    kept: list[int] = []
    for place, detection in enumerate(detections):
        if not any(overlap(detection.corners, detections[other].corners) >= _SAME_PLACE for other in kept):
            kept.append(place)
    return kept


def withdraw(video: Video) -> int:
    """Remove what no one has accepted, which may be proposed again, and return how many boxes that were."""
    with transaction.atomic():
        FrameDetections.objects.filter(frame__video=video).update(proposed=[])
        return proposing.withdraw(video)


def _places(row: FrameDetections, minimum: float) -> list[int]:
    found = row.detections()
    return [place for place in distinct(found) if found[place].score >= minimum and place not in row.proposed]


def _for_frame(row: FrameDetections, places: Sequence[int]) -> FrameProposals:
    found = row.detections()
    boxes = [
        Proposal(key_of(row, place), found[place].label, found[place].corners, found[place].score) for place in places
    ]
    return FrameProposals(boxes, kept=[key_of(row, place) for place in range(len(found))])


def key_of(row: FrameDetections, place: int) -> UUID:
    """The key of a detection's box: made twice it is one box."""
    return uuid5(row.job_id, f"{row.frame_id} {place}")
