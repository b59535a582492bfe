"""Exported files as a robot runs them: what they find, and how long a frame takes on one core."""

import time
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from detector.export.metadata import OUTPUTS
from detector.export.tflite import as_input
from detector.frames.objects import Detected
from machine import processors

# On those behind them it only counts what is found, so all cores may help.
_TIMED_FRAMES = 30
# Variants take turns after so many frames: a moment in which the machine is busy slows all of them.
_FRAMES_A_TURN = 10
_WARM_UP_FRAMES = 2


@dataclass
class Run:
    """`detected`: frame by frame. `seconds`: of each frame that was timed, without the first ones of each turn."""

    detected: list[Detected] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def latency_ms(self) -> float:
        return round(1000 * float(np.median(self.seconds)), 1)


class Runner(Protocol):
    """An exported file in the program that runs it, on one core."""

    def detect(self, picture: NDArray[np.uint8]) -> tuple[Detected, float]:
        """What is found on a picture [S, S, 3], and the seconds that the model took."""
        ...


class LiteRunner:
    """A `.tflite` file of ours in LiteRT."""

    def __init__(self, model: bytes) -> None:
        with warnings.catch_warnings():
            # TensorFlow asks to use the same code from its new package, which the server can do without.
            warnings.simplefilter("ignore", UserWarning)
            self._interpreter = tf.lite.Interpreter(model_content=model, num_threads=1)
        self._interpreter.allocate_tensors()
        image = self._interpreter.get_input_details()[0]
        self._input, self._takes_bytes = image["index"], image["dtype"] == np.uint8
        outputs = [output["index"] for output in self._interpreter.get_output_details()]
        self._outputs = dict(zip(OUTPUTS, outputs, strict=True))

    def detect(self, picture: NDArray[np.uint8]) -> tuple[Detected, float]:
        values = picture[np.newaxis] if self._takes_bytes else as_input(picture)
        self._interpreter.set_tensor(self._input, values)
        began = time.perf_counter()
        self._interpreter.invoke()
        seconds = time.perf_counter() - began
        found = {name: self._interpreter.get_tensor(index)[0] for name, index in self._outputs.items()}
        count = int(found["number of detections"])
        boxes, scores, classes = (found[name][:count] for name in ("location", "score", "category"))
        return Detected(boxes, scores, classes.astype(int)), seconds


def runner(path: Path) -> Runner:
    """What runs a `.tflite` file."""
    return LiteRunner(path.read_bytes())


def run(runners: Sequence[Runner], pictures: Sequence[NDArray[np.uint8]]) -> list[Run]:
    """Run every file on all pictures [S, S, 3], at least one: by turns where it counts how long that takes."""
    runs = [Run() for _ in runners]
    for first in range(0, min(len(pictures), _TIMED_FRAMES), _FRAMES_A_TURN):
        turn = pictures[first : min(first + _FRAMES_A_TURN, _TIMED_FRAMES)]
        for each, so_far in zip(runners, runs, strict=True):
            for number in range(-_WARM_UP_FRAMES, len(turn)):
                detected, seconds = each.detect(turn[max(number, 0)])
                if number >= 0:
                    so_far.detected.append(detected)
                    so_far.seconds.append(seconds)
    with ThreadPoolExecutor(processors.cores()) as pool:
        untimed = pool.map(lambda each: [each.detect(picture)[0] for picture in pictures[_TIMED_FRAMES:]], runners)
        for so_far, rest in zip(runs, untimed, strict=True):
            so_far.detected += rest
    return runs
