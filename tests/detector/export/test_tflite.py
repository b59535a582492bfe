"""The exported file finds what the Keras model finds."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from detector.contract import catalog
from detector.contract.suppression import DEFAULT_DETECTIONS, Suppression
from tests.detector.exported import (
    LABELS,
    Found,
    as_input,
    chessboard,
    drawn_pictures,
    find_with_litert,
    photographs,
    same,
    sure,
)

if TYPE_CHECKING:
    from detector.network import Detector

pytestmark = pytest.mark.tensorflow

TINY = "Tiny test model 96x96"


def find_with_keras(detector: "Detector", picture: np.ndarray) -> list[Found]:
    from detector.evaluation.detect import detect

    boxes, scores, ids = detect(detector, as_input(picture), Suppression())
    return [Found(LABELS[ids[0][row]], float(scores[0][row]), boxes[0][row]) for row in range(DEFAULT_DETECTIONS)]


def assert_same_finds(detector: "Detector", file: Path, pictures: list[np.ndarray]) -> None:
    compared = 0
    for picture in pictures:
        expected, found = find_with_keras(detector, picture), find_with_litert(file, picture)
        compared += len(sure(expected))
        assert all(same(each, found) for each in sure(expected))
        assert all(same(each, expected) for each in sure(found))
    assert compared >= len(pictures)


def test_the_file_finds_on_photographs_what_the_keras_model_finds(detector, exported, raccoon_zip):
    assert_same_finds(detector, exported, photographs(raccoon_zip, 20))


def test_the_file_finds_on_drawings_what_the_keras_model_finds(detector, exported):
    assert_same_finds(detector, exported, drawn_pictures(6))


def test_class_ids_are_places_in_the_list_of_labels(exported):
    """The fixture made the detector surest of cones, less of cubes and blind for rings."""
    labels = [each.label for each in find_with_litert(exported, drawn_pictures(1)[0])]
    assert labels[0] == LABELS[0]
    assert set(labels) == {"cone", "cube"}


def test_the_outputs_stand_in_the_order_that_robots_read(exported):
    interpreter = Interpreter(str(exported))
    shapes = [part["shape"].tolist() for part in interpreter.get_output_details()]
    assert shapes == [[1, 25, 4], [1, 25], [1, 25], [1]]
    assert [part["dtype"] for part in interpreter.get_output_details()] == [np.float32] * 4
    assert interpreter.get_input_details()[0]["shape"].tolist() == [1, 320, 320, 3]
    assert interpreter.get_input_details()[0]["dtype"] == np.float32


def test_the_file_asks_for_no_newer_runtime_than_old_robots_have(exported):
    """Only operators in their first versions, so the runtimes of 2019 and later run it."""
    assert b"1.14.0" in exported.read_bytes()


def test_boxes_end_at_the_border_of_the_picture(exported):
    found = [each for picture in drawn_pictures(6) for each in find_with_litert(exported, picture)]
    assert all(0 <= side <= 1 for each in found for side in each.box)


def test_rows_behind_the_last_object_are_zeros(exported):
    """Also right after a picture with objects: a program that forgets to look at the count sees no ghosts."""
    detect_objects = Interpreter(str(exported)).get_signature_runner()
    assert detect_objects(image=as_input(drawn_pictures(1)[0]))["score"].max() > 0.5
    empty = detect_objects(image=as_input(chessboard()))
    count = int(empty["number of detections"][0])
    assert count < DEFAULT_DETECTIONS
    assert not empty["score"][0, count:].any()
    assert not empty["location"][0, count:].any()


def test_a_model_trained_in_half_precision_is_exported_in_single_precision(tmp_path):
    from detector import network
    from detector.export.tflite import export

    trained = network.build(catalog.starting_model(TINY), 2, "bfloat16")
    export(trained, ["cone", "cube"], tmp_path / "model.tflite", "Half precision")
    interpreter = Interpreter(str(tmp_path / "model.tflite"))
    types = {part["dtype"] for part in interpreter.get_tensor_details()}
    assert types <= {np.float32, np.int32}


def test_the_same_weights_make_the_same_file(tmp_path):
    from detector import network
    from detector.export.tflite import export

    detector = network.build(catalog.starting_model(TINY), 1)
    for name in ("one.tflite", "two.tflite"):
        export(detector, ["cone"], tmp_path / name, "Twice")
    assert (tmp_path / "one.tflite").read_bytes() == (tmp_path / "two.tflite").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.tflite", "two.tflite"]


def test_a_missing_label_name_is_refused(tmp_path):
    from detector import network
    from detector.export.tflite import export

    detector = network.build(catalog.starting_model(TINY), 2)
    with pytest.raises(ValueError, match="2 labels"):
        export(detector, ["cone"], tmp_path / "model.tflite", "Too few names")
    assert not list(tmp_path.iterdir())
