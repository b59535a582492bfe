"""The QR code in a terminal, read as a camera would, by a reader that knows nothing of its writer."""

import re

import cv2
import numpy as np
import pytest

from ftcml.core import qr

WHITE_ON_BLACK, RESET = "\033[38;5;231;48;5;16m", "\033[0m"
# Brightness of the upper and the lower half of a character cell.
HALVES = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}


@pytest.mark.parametrize(
    "address", ["http://10.0.0.5:8000", "http://192.168.100.200:18000", "http://laptop.local:8000"]
)
def test_a_camera_reads_the_address(address):
    assert read(qr.for_terminal(address)) == address


def test_its_colors_do_not_depend_on_the_terminals_own():
    for line in qr.for_terminal("http://10.0.0.5:8000").splitlines():
        assert re.fullmatch(rf"{re.escape(WHITE_ON_BLACK)}[█▀▄ ]+{re.escape(RESET)}", line)


def test_it_fits_into_a_terminal_of_80_by_24():
    lines = qr.for_terminal("http://192.168.100.200:18000").splitlines()
    assert len(lines) <= 24
    assert all(len(line) - len(WHITE_ON_BLACK) - len(RESET) <= 80 for line in lines)


def read(shown: str) -> str:
    """What stands in the code that a terminal shows so."""
    lines = [line.removeprefix(WHITE_ON_BLACK).removesuffix(RESET) for line in shown.splitlines()]
    rows = [[HALVES[character][half] for character in line] for line in lines for half in (0, 1)]
    picture = np.kron(np.array(rows, np.uint8), np.ones((8, 8), np.uint8))
    return cv2.QRCodeDetector().detectAndDecode(picture)[0]
