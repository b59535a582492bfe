"""The file of detections of a checkpoint: stored.DETECTIONS_FORMAT."""

import gzip
import json
from collections.abc import Sequence
from typing import Literal

import numpy as np

from detector.contract import stored
from detector.contract.stored import StoredDetection, StoredDetections, StoredFrame, StoredTruth
from detector.evaluation.matching import Matched

# Below this a detection is not worth its place in the file; metrics and summary count it all the same.
_SCORE_IN_FILE = 0.05


def detections_file(step: int, label_names: Sequence[str], matched: Sequence[Matched]) -> bytes:
    """The gzipped JSON; the same bytes for the same detections.

    It is whole in itself: an object that only a detection below 0.05 has found is not found in it.
    """
    content: StoredDetections = {
        "format": stored.DETECTIONS_FORMAT,
        "step": step,
        "labels": list(label_names),
        "frames": [_frame(one, label_names) for one in matched],
    }
    return gzip.compress(json.dumps(content, separators=(",", ":")).encode(), mtime=0)


def _frame(matched: Matched, label_names: Sequence[str]) -> StoredFrame:
    count = matched.counted(_SCORE_IN_FILE)
    return {
        "truths": [_truth(matched, place, count, label_names) for place in range(len(matched.truth.classes))],
        "detections": [_detection(matched, place, label_names) for place in range(count)],
    }


def _truth(matched: Matched, place: int, count: int, label_names: Sequence[str]) -> StoredTruth:
    """The object at a place. `count`: of the detections that are in the file."""
    truth, found = matched.truth, matched.found
    found_by, seen_by = int(matched.found_by[place]), int(matched.seen_by[place])
    is_found, is_seen = 0 <= found_by < count, 0 <= seen_by < count
    return {
        "label": label_names[truth.classes[place]],
        "box": _box(truth.boxes[place]),
        "score": float(found.scores[found_by]) if is_found else 0.0,
        "seen_as": label_names[found.classes[seen_by]] if is_seen else "",
        "seen_as_score": float(found.scores[seen_by]) if is_seen else 0.0,
    }


def _detection(matched: Matched, place: int, label_names: Sequence[str]) -> StoredDetection:
    found, object_place = matched.found, int(matched.objects[place])
    mistake: Literal["wrong label", "false alarm"] = "wrong label" if object_place >= 0 else "false alarm"
    return {
        "label": label_names[found.classes[place]],
        "score": float(found.scores[place]),
        "box": _box(found.boxes[place]),
        "kind": "right" if matched.right[place] else mistake,
        "truth": object_place,
        "iou": round(float(matched.ious[place]), 4),
    }


def _box(box: np.ndarray) -> list[float]:
    return [round(float(side), 4) for side in box]
