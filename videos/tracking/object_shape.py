"""The shape of the object in a person's box, told from what is around the box by its colors (GrabCut)."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from videos.tracking.corners import cut, overlap
from videos.tracking.tracker import Corners, Pixels

# So much of the box's size is looked at around it, scaled down to at most so many pixels.
_AROUND, _MOST_PIXELS = 0.35, 128
_ROUNDS = 3
_FEWEST = 0.15  # of the box


@dataclass(frozen=True)
class Shape:
    """An object's shape in one picture.

    Attributes:
        inside: a mask of the whole picture, 1 where the object is.
        outline: its corners, [n, 2].
        fits: how well the shape fills the box on all sides, from 0 to 1: the rest may be hidden, or not told apart.
    """

    inside: NDArray[np.uint8]
    outline: NDArray[np.float32]
    fits: float


def shape_of(picture: Pixels, corners: Corners) -> Shape:
    height, width = picture.shape[:2]
    seen = cut(corners, width, height)
    mask, hull = _told_apart(picture, seen)
    inside = np.zeros((height, width), np.uint8)
    outline = rounded(corners)
    fits = 0.0
    if hull is not None:
        inside[:] = mask
        (left, top), (right, bottom) = hull.min(axis=0), hull.max(axis=0)
        fits = overlap((float(left), float(top), float(right), float(bottom)), corners)
        if fits > FITTING:
            outline = _stretched(hull, corners)
    if not inside.any():
        cv2.fillPoly(inside, [np.round(outline).astype(np.int32)], 1)
    return Shape(inside, outline, fits)


FITTING = 0.75


def rounded(corners: Corners) -> NDArray[np.float32]:
    """An outline between an ellipse and the box's corners: for shapes that aren't known."""
    left, top, right, bottom = corners
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    across, down = (np.sign(f(turns)) * np.abs(f(turns)) ** 0.7 for f in (np.cos, np.sin))
    x, y = (left + right) / 2 + across * (right - left) / 2, (top + bottom) / 2 + down * (bottom - top) / 2
    return np.stack([x, y], axis=1).astype(np.float32)


def _told_apart(picture: Pixels, corners: Corners) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
    """A mask of the whole picture, and the hull of its largest patch; None where nothing stands out."""
    height, width = picture.shape[:2]
    across, down = _AROUND * (corners[2] - corners[0]), _AROUND * (corners[3] - corners[1])
    left, top = max(0, int(corners[0] - across)), max(0, int(corners[1] - down))
    right, bottom = min(width, int(corners[2] + across) + 1), min(height, int(corners[3] + down) + 1)
    whole = np.zeros((height, width), np.uint8)
    part = picture[top:bottom, left:right]
    scale = min(1.0, _MOST_PIXELS / max(1, *part.shape[:2]))
    small = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else part
    x, y = round((corners[0] - left) * scale), round((corners[1] - top) * scale)
    w, h = round((corners[2] - corners[0]) * scale), round((corners[3] - corners[1]) * scale)
    if w < 6 or h < 6 or (w >= small.shape[1] and h >= small.shape[0]):
        return whole, None
    mask = np.zeros(small.shape[:2], np.uint8)
    cv2.setRNGSeed(1)
    cv2.grabCut(small, mask, (x, y, w, h), np.zeros((1, 65)), np.zeros((1, 65)), _ROUNDS, cv2.GC_INIT_WITH_RECT)
    found = ((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.uint8)
    found = cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(found)
    if count < 2:
        return whole, None
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    if stats[largest, cv2.CC_STAT_AREA] < _FEWEST * w * h:
        return whole, None
    patch = (labels == largest).astype(np.uint8)
    whole[top:bottom, left:right] = cv2.resize(patch, part.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    lines, _ = cv2.findContours(patch, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.convexHull(max(lines, key=len))[:, 0].astype(np.float32)
    return whole, (hull + 0.5) / scale + np.array([left, top], np.float32)


def _stretched(hull: NDArray[np.float32], corners: Corners) -> NDArray[np.float32]:
    """The same shape, so that the person's box is exactly around it."""
    low, high = hull.min(axis=0), hull.max(axis=0)
    start, end = np.array(corners[:2]), np.array(corners[2:])
    return np.asarray(start + (hull - low) / np.maximum(high - low, 1) * (end - start), np.float32)
