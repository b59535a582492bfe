"""The processor time that exported files need for a frame, on one core: other work on the machine hardly changes it."""

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.accuracy.sets import Shards

_WARM_UP_FRAMES = 3


def processor_ms(files: Sequence[Path], shards: Shards) -> list[float]:
    """Return the median milliseconds of each `.tflite` file on the evaluation frames, on which they take turns."""
    from detector.export.tflite import as_input
    from detector.frames import inputs

    interpreters = [_interpreter(file) for file in files]
    taken: list[list[float]] = [[] for _ in files]
    sizes = {interpreter.get_input_details()[0]["shape"][1] for interpreter in interpreters}
    pictures = {
        size: inputs.pictures(inputs.Frames([shards.evaluation], shards.evaluation_frames, int(size)), 1)
        for size in sizes
    }
    for number in range(shards.evaluation_frames):
        for interpreter, times in zip(interpreters, taken, strict=True):
            image = interpreter.get_input_details()[0]
            interpreter.set_tensor(image["index"], as_input(pictures[image["shape"][1]][number]))
            began = time.process_time()
            interpreter.invoke()
            times.append(1000 * (time.process_time() - began))
    return [statistics.median(times[min(_WARM_UP_FRAMES, len(times) - 1) :]) for times in taken]


def _interpreter(file: Path) -> Any:
    import tensorflow as tf

    interpreter = tf.lite.Interpreter(str(file), num_threads=1)
    interpreter.allocate_tensors()
    return interpreter
