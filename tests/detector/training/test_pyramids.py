"""Detectors with a feature pyramid train and are exported like any other."""

from pathlib import Path

import numpy as np
import pytest

from detector.contract import attempt_files, catalog, model_variants, reports
from detector.contract.reports import Result
from tests.detector import shapes
from tests.detector.export.test_tflite import assert_same_finds
from tests.detector.exported import LABELS, as_input, drawn_pictures

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(300)]


def attempt(folder: Path, starting_model: str, **changes: int) -> Path:
    """Of a tiny one, from nothing."""
    job = shapes.write_shards(folder, training_frames=8, evaluation_frames=2)
    return shapes.attempt(folder / "attempt", job, starting_model=starting_model, **changes)


def test_fpnlite_learns_and_has_every_variant(tmp_path):
    from detector.training import train

    folder = attempt(tmp_path, "Tiny test FPNLite 96x96", steps=10, checkpoint_interval=5)
    assert train.train(folder).outcome == "completed"
    first, last = (report.training_metrics["Loss/total_loss"] for report in attempt_files.reports(folder))
    assert last < first
    assert attempt_files.read(folder / attempt_files.RESULT, Result).started_from == catalog.RANDOM
    assert [variant.name for variant in attempt_files.read_variants(folder)] == [
        *model_variants.VARIANTS,
        *model_variants.DEVICE_FILES,
    ]


def test_fpn_trains(tmp_path, monkeypatch):
    """Its export is that of FPNLite."""
    from detector.training import train

    monkeypatch.setattr(train.Trainer, "export", lambda *_: 0)
    folder = attempt(tmp_path, "Tiny test FPN 96x96", steps=4, checkpoint_interval=4)
    assert train.train(folder).outcome == "completed"
    (report,) = attempt_files.reports(folder)
    assert np.isfinite(list(report.training_metrics.values())).all()
    assert report.evaluation_metrics[reports.MEAN_PRECISION] >= 0


def test_the_exported_file_finds_what_the_keras_model_finds(tmp_path):
    """FPNLite 320x320 as it starts, its scores raised until it is sure of something on every picture."""
    from detector import network
    from detector.export.tflite import export

    detector = network.build(catalog.starting_model("SSD MobileNet V2 FPNLite 320x320"), len(LABELS))
    pictures = drawn_pictures(3)
    surest = [float(np.max(detector.network(as_input(picture))["scores"])) for picture in pictures]
    predictor = detector.network.get_layer("predictor_class_pointwise")
    kernel, bias = predictor.get_weights()
    raise_first_label = np.tile([1.0 - min(surest), -30.0, -30.0], len(bias) // len(LABELS))
    predictor.set_weights([kernel, bias + raise_first_label])

    export(detector, LABELS, tmp_path / "model.tflite", "Pyramid")

    assert_same_finds(detector, tmp_path / "model.tflite", pictures)
