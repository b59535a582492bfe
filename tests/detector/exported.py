"""Pictures, and what different programs find in them, in one form: for the tests of the exported file."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image, ImageDraw

LABELS = ["cone", "cube", "ring"]
SIZE = 320


@dataclass(frozen=True)
class Found:
    """`box`: (top, left, bottom, right), fractions of the sides."""

    label: str
    score: float
    box: np.ndarray


def iou(one: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union of two boxes."""
    shared = np.clip(np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]), 0, None).prod()
    return float(shared / ((one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod() - shared))


def same(expected: Found, found: list[Found], score: float = 0.01) -> bool:
    """Is there one of the same label at the same place and just as sure?"""
    return any(
        each.label == expected.label and iou(each.box, expected.box) > 0.9 and abs(each.score - expected.score) < score
        for each in found
    )


def sure(found: list[Found]) -> list[Found]:
    return [each for each in found if each.score > 0.5]


def photographs(archive: Path, count: int) -> list[np.ndarray]:
    """The first photographs of a Pascal VOC zip, uint8 [SIZE, SIZE, 3]."""
    with zipfile.ZipFile(archive) as pictures:
        names = sorted(name for name in pictures.namelist() if name.endswith(".jpg"))[:count]
        opened = [Image.open(io.BytesIO(pictures.read(name))) for name in names]
        return [np.asarray(picture.convert("RGB").resize((SIZE, SIZE))) for picture in opened]


def drawn_pictures(count: int) -> list[np.ndarray]:
    """Figures with a head, a body and legs, each elsewhere and of another size, uint8 [SIZE, SIZE, 3]."""
    random = np.random.default_rng(7)
    return [_figure(int(random.integers(10, 180)), float(random.uniform(0.4, 1.0))) for _ in range(count)]


def chessboard() -> np.ndarray:
    """Fields of 16 pixels, in which the detector finds next to nothing, uint8 [SIZE, SIZE, 3]."""
    rows, columns = np.indices([SIZE, SIZE]) // 16
    return np.repeat(((rows + columns) % 2 * 255).astype(np.uint8)[..., np.newaxis], 3, axis=-1)


def _figure(left: int, scale: float) -> np.ndarray:
    picture = Image.new("RGB", (SIZE, SIZE), (120, 150, 120))
    draw = ImageDraw.Draw(picture)
    head, body, leg, other_leg = (40, 10, 90, 70), (20, 65, 110, 190), (30, 190, 60, 290), (70, 190, 100, 290)
    for (x1, y1, x2, y2), color in ((head, "peru"), (body, "navy"), (leg, "black"), (other_leg, "black")):
        draw.ellipse((left + x1 * scale, 10 + y1 * scale, left + x2 * scale, 10 + y2 * scale), fill=color)
    return np.asarray(picture)


def as_input(picture: np.ndarray) -> np.ndarray:
    """Float32 [1, SIZE, SIZE, 3] in [-1, 1]."""
    return picture[np.newaxis].astype(np.float32) / 127.5 - 1


def find_with_litert(model: Path, picture: np.ndarray) -> list[Found]:
    """What LiteRT gives, its outputs taken by their place as robots do."""
    interpreter = Interpreter(str(model))
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], as_input(picture))
    interpreter.invoke()
    boxes, ids, scores, count = (interpreter.get_tensor(part["index"])[0] for part in interpreter.get_output_details())
    rows = range(int(count))
    return [Found(LABELS[int(ids[row])], float(scores[row]), boxes[row]) for row in rows]
