"""What a robot does with a downloaded model: it loads the file with LiteRT and looks at a picture."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image


@dataclass(frozen=True)
class Seen:
    """The four outputs: boxes [1, N, 4] (ymin, xmin, ymax, xmax), classes [1, N], scores [1, N], how many count."""

    boxes: np.ndarray
    classes: np.ndarray
    scores: np.ndarray
    count: int


def look(model: Path, picture: Image.Image) -> Seen:
    """The detections in the picture, the best first."""
    interpreter = Interpreter(str(model))
    interpreter.allocate_tensors()
    place = interpreter.get_input_details()[0]
    _, height, width, _ = place["shape"]
    pixels = np.asarray(picture.convert("RGB").resize((width, height)), np.float32) / 127.5 - 1
    interpreter.set_tensor(place["index"], pixels[np.newaxis])
    interpreter.invoke()
    boxes, classes, scores, count = (interpreter.get_tensor(o["index"]) for o in interpreter.get_output_details())
    return Seen(boxes, classes, scores, int(count[0]))
