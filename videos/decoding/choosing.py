"""Which frames of a video are taken: one in so many, or about so many that differ most."""

from dataclasses import dataclass

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

WANTED = 200
# Of each picture so many gray dots are compared, so that a film of any length fits into little memory.
_ACROSS, _DOWN = 32, 18
# Of more frames than this every second is passed over, then every second of those, and so on: in slow motion
# neighbors hardly differ.
_MOST_COMPARED = 4096
# How much the time between two frames counts: first and last differ as two pictures do whose dots differ by this part
# of the way from black to white. So a still film gives frames from all over it, and a lively one what happens.
_WEIGHT_OF_TIME = 0.25


@dataclass(frozen=True)
class EveryNth:
    """The first frame, and then each `nth`; 1 for all."""

    nth: int = 1


@dataclass(frozen=True)
class Differing:
    """As many frames as `wanted` that differ most, or all where there are fewer."""

    wanted: int = WANTED


Choice = EveryNth | Differing


class Looks:
    """How the frames of a video look, in little memory; made while it is decoded once."""

    def __init__(self, wanted: int) -> None:
        self._most = max(_MOST_COMPARED, 4 * wanted)
        self._step = 1
        self._frames = 0
        self._dots: list[NDArray[np.uint8]] = []

    @property
    def frames(self) -> int:
        return self._frames

    def add(self, frame: VideoFrame) -> None:
        """Look at the next frame."""
        if self._frames % self._step == 0:
            if len(self._dots) >= self._most:
                self._dots, self._step = self._dots[::2], self._step * 2
            if self._frames % self._step == 0:
                self._dots.append(_dots(frame))
        self._frames += 1

    def chosen(self, wanted: int) -> list[int]:
        """The numbers of the frames that differ most, in order: the first, then always the one least like the others.

        The same for the same video.
        """
        if self._frames <= wanted:
            return list(range(self._frames))
        points = self._points()
        distance = np.full(len(points), np.inf, np.float32)
        picked = [0]
        while len(picked) < min(wanted, len(points)):
            distance = np.minimum(distance, ((points - points[picked[-1]]) ** 2).sum(axis=1))
            distance[picked[-1]] = -1
            picked.append(int(distance.argmax()))
        return sorted(place * self._step for place in picked)

    def _points(self) -> NDArray[np.float32]:
        """[frames, dots and time]: far from each other where frames differ."""
        dots = np.stack(self._dots).reshape(len(self._dots), -1).astype(np.float32) / (255 * (_ACROSS * _DOWN) ** 0.5)
        time = np.linspace(0, _WEIGHT_OF_TIME, len(dots), dtype=np.float32)
        return np.column_stack([dots, time])


def _dots(frame: VideoFrame) -> NDArray[np.uint8]:
    """The picture's brightness in few dots: of its first plane, which nearly all videos keep it in."""
    name, plane = frame.format.name, frame.planes[0]
    if name.startswith(("yuv", "gray", "nv12")):
        kind = np.dtype(np.uint8 if frame.format.components[0].bits == 8 else np.uint16)
        rows = np.frombuffer(memoryview(plane), kind).reshape(plane.height, -1)[:, : plane.width]
        shrunk = np.asarray(cv2.resize(rows, (_ACROSS, _DOWN), interpolation=cv2.INTER_AREA), kind)
        return (shrunk >> (frame.format.components[0].bits - 8)).astype(np.uint8)
    return frame.reformat(_ACROSS, _DOWN, "gray").to_ndarray().astype(np.uint8)
