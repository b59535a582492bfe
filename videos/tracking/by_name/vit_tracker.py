"""ViTTrack, a small network that follows objects: where an operator has installed its file."""

from pathlib import Path
from typing import Any

import cv2

from videos.tracking.corners import cut
from videos.tracking.tracker import Corners, Found, Pixels

_LEAST_SCORE = 0.3


class VitTracker:
    """`file`: the network, in ONNX, as OpenCV's model zoo has it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._tracker: Any = None

    def start(self, picture: Pixels, corners: Corners) -> None:
        height, width = picture.shape[:2]
        left, top, right, bottom = (round(side) for side in cut(corners, width, height))
        library: Any = cv2  # without usable types
        parameters = library.TrackerVit_Params()
        parameters.net = str(self._file)
        self._tracker = library.TrackerVit_create(parameters)
        self._tracker.init(picture, (left, top, right - left, bottom - top))

    def step(self, picture: Pixels) -> Found | None:
        is_found, (left, top, width, height) = self._tracker.update(picture)
        score = float(self._tracker.getTrackingScore())
        corners = cut((left, top, left + width, top + height), picture.shape[1], picture.shape[0])
        if not is_found or score < _LEAST_SCORE or corners[2] - corners[0] < 1 or corners[3] - corners[1] < 1:
            return None
        return Found(corners, score)
