"""A detector that finds things without training, and its exported file."""

from pathlib import Path

import numpy as np
import pytest

from tests.detector.exported import LABELS
from training.detector import catalog

# Added to the scores' logits. The starting weights score every label alike, so this tells the labels apart: surest of
# the first, less of the second, blind for the third.
LEANING = (3.4, 2.8, -30.0)


@pytest.fixture(scope="session")
def detector():
    from training.detector import model

    detector = model.build(catalog.starting_model(catalog.DEFAULT), len(LABELS))
    for number in range(6):
        predictor = detector.network.get_layer(f"class_{number}")
        kernel, bias = predictor.get_weights()
        predictor.set_weights([kernel, bias + np.tile(LEANING, len(bias) // len(LABELS))])
    return detector


@pytest.fixture(scope="session")
def exported(detector, tmp_path_factory) -> Path:
    from training.detector.export import export

    path = tmp_path_factory.mktemp("exported") / "model.tflite"
    export(detector, LABELS, path, "Cones and cubes", "Finds what the test draws")
    return path
