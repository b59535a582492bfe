"""Detectors with a feature pyramid train and are exported like any other."""

from pathlib import Path

import numpy as np
import pytest

from tests.detector import shapes
from tests.detector.exported import LABELS, as_input, drawn_pictures
from tests.detector.test_export import assert_same_finds
from training.detector import catalog, spec
from training.detector.spec import Result

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(300)]


ALL_VARIANTS = "Tiny test FPNLite 96x96"


@pytest.fixture(scope="module", params=[ALL_VARIANTS, "Tiny test FPN 96x96"])
def folder(request, tmp_path_factory) -> Path:
    """Of a whole run of a tiny one, from nothing."""
    from training.detector import train, variants

    place = tmp_path_factory.mktemp("pyramid")
    job = shapes.write_shards(place, training_frames=8, evaluation_frames=2)
    attempt = shapes.attempt(place / "attempt", job, starting_model=request.param, steps=10, checkpoint_interval=5)
    with pytest.MonkeyPatch.context() as patch:
        if request.param != ALL_VARIANTS:
            patch.setattr(variants, "export_variants", lambda *_: None)
        assert train.train(attempt).outcome == "completed"
    return attempt


def test_it_learns_from_nothing(folder):
    first, last = (report.training_metrics["Loss/total_loss"] for report in spec.reports(folder))
    assert last < first
    assert spec.read(folder / spec.RESULT, Result).started_from == catalog.RANDOM


def test_the_model_is_there(folder):
    assert (folder / spec.MODEL).stat().st_size > 100_000


@pytest.mark.parametrize("folder", [ALL_VARIANTS], indirect=True)
def test_every_variant_of_the_model_is_there(folder):
    assert [variant.name for variant in spec.read_variants(folder)] == list(spec.VARIANTS)


def test_the_exported_file_finds_what_the_keras_model_finds(tmp_path):
    """FPNLite 320x320 as it starts, its scores raised until it is sure of something on every picture."""
    from training.detector import model
    from training.detector.export import export

    detector = model.build(catalog.starting_model("SSD MobileNet V2 FPNLite 320x320"), len(LABELS))
    pictures = drawn_pictures(3)
    surest = [float(np.max(detector.network(as_input(picture))["scores"])) for picture in pictures]
    predictor = detector.network.get_layer("predictor_class_pointwise")
    kernel, bias = predictor.get_weights()
    raise_first_label = np.tile([1.0 - min(surest), -30.0, -30.0], len(bias) // len(LABELS))
    predictor.set_weights([kernel, bias + raise_first_label])

    export(detector, LABELS, tmp_path / "model.tflite", "Pyramid")

    assert_same_finds(detector, tmp_path / "model.tflite", pictures)
