"""Make the smaller and faster variants of an exported model, and measure what each is worth."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.contract import attempt_files, model_variants
from detector.contract.model_variants import VARIANTS, Variant, model_name
from detector.evaluation import coco_metrics, comparison
from detector.export import device_files, litert
from detector.export.litert import Run
from detector.export.tflite import Exporter
from detector.frames import inputs
from detector.frames.inputs import Frames
from detector.frames.objects import Truth

# With 100 frames int8 was not more accurate than with 32, on two datasets, and calibrating took three times longer.
_CALIBRATION_FRAMES = 32
_COMPARED_FRAMES = 100


def export_variants(exporter: Exporter, folder: Path, training: Frames, evaluation: Frames) -> list[Variant]:
    """Write the other variants and the device files beside the float32 file in `folder`, and measure all.

    int8 is calibrated on training frames as they are.
    """
    calibration = inputs.pictures(training, training.step_for(_CALIBRATION_FRAMES))
    for name in VARIANTS[1:]:
        exporter.write(name, folder / model_name(name), calibration)
    device_files.write_all(exporter, folder)
    return measure(folder, len(exporter.label_names), calibration, evaluation)


def measure(folder: Path, label_count: int, learned: Sequence[NDArray[np.uint8]], evaluation: Frames) -> list[Variant]:
    """Measure the files of all variants and devices in `folder`, and write variants.json.

    `learned`: pictures [S, S, 3] of training frames. Without evaluation frames the variants are compared on those, and
    box by box alone: what a model finds where it has learned says nothing about how good it is.
    """
    step = evaluation.step_for(_COMPARED_FRAMES)
    pictures = inputs.pictures(evaluation, step) if evaluation.count else learned
    truths = inputs.truths(evaluation)[::step] if evaluation.count else []
    runners = {name: litert.runner(folder / model_name(name)) for name in VARIANTS}
    runners |= device_files.runners(folder)
    runs = litert.run(list(runners.values()), pictures)
    variants = model_variants.choose(
        [
            _measured(name, folder, result, runs[0], truths, label_count)
            for name, result in zip(runners, runs, strict=True)
        ]
    )
    attempt_files.write_variants(folder, variants)
    return variants


def _measured(name: str, folder: Path, run: Run, reference: Run, truths: Sequence[Truth], label_count: int) -> Variant:
    file = model_name(name)
    bounds = comparison.interval(truths, run.detected) if truths else None
    metrics = coco_metrics.metrics(truths, run.detected, label_count) if bounds else {}
    low, high = bounds or (None, None)
    return Variant(
        name=name,
        file=file,
        size=(folder / file).stat().st_size,
        latency_ms=run.latency_ms,
        ap50=metrics.get(coco_metrics.AP50),
        ap50_low=low,
        ap50_high=high,
        ap=metrics.get(coco_metrics.AP),
        compared_on="evaluation" if truths else "training",
        frames=len(run.detected),
        agreement=comparison.agreement(reference.detected, run.detected),
    )
