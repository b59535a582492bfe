"""Short rendered clips: a disc of one color, or a square with a pattern, moves over a quiet floor."""

import cv2
import numpy as np

from videos.tracking.tracker import Corners, Pixels

WIDTH, HEIGHT, SIDE = 240, 160, 48


class Clip:
    """`places`: where the object's left top corner is in each frame; None where it is gone. `bend`: pixels."""

    def __init__(self, places: list[tuple[int, int] | None], flat: bool, bend: float = 0) -> None:
        rng = np.random.default_rng(3)
        coarse = rng.uniform(90, 150, (20, 30, 1)).repeat(3, axis=2)
        self._floor = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
        self._places, self._flat, self._bend = places, flat, bend
        self._pattern = cv2.resize(rng.integers(0, 255, (9, 9, 3), np.uint8), (SIDE, SIDE), interpolation=0)

    def __len__(self) -> int:
        return len(self._places)

    def picture(self, number: int) -> Pixels:
        picture, place = self._floor.copy(), self._places[number]
        if place is None:
            return picture
        if self._flat:
            middle = (place[0] + SIDE // 2, place[1] + SIDE // 2)
            cv2.circle(picture, middle, SIDE // 2, (30, 190, 235), -1, cv2.LINE_AA)
        else:
            picture[place[1] : place[1] + SIDE, place[0] : place[0] + SIDE] = self._bent(number)
        return cv2.GaussianBlur(picture, (3, 3), 0)

    def _bent(self, number: int) -> Pixels:
        """The pattern, with its rows swung to both sides by a wave that runs down."""
        down, across = np.mgrid[:SIDE, :SIDE].astype(np.float32)
        swung = across + self._bend * np.sin(down / 7 + number / 2)
        return np.asarray(cv2.remap(self._pattern, swung, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), np.uint8)

    def box(self, number: int) -> Corners:
        place = self._places[number]
        assert place is not None
        left, top = place
        return float(left), float(top), float(left + SIDE), float(top + SIDE)


def across(frames: int = 20) -> list[tuple[int, int] | None]:
    """From left to right, with a small wave."""
    return [(20 + 6 * number, 50 + round(10 * np.sin(number / 3))) for number in range(frames)]
