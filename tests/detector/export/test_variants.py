"""The smaller variants are what their names say, and find what the float32 file finds."""

import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from tests.detector.exported import LABELS, as_input, drawn_pictures, find_with_litert, iou, sure

pytestmark = pytest.mark.tensorflow

SHARE_OF_FLOAT32 = {"float16": 0.55, "dynamic": 0.35, "int8": 0.35}


def plain(model: Path, keeps_values: bool = False) -> Interpreter:
    """Without XNNPACK, which hides the operators that it runs. `keeps_values`: those between operators too."""
    interpreter = Interpreter(
        str(model),
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        experimental_preserve_all_tensors=keeps_values,
    )
    interpreter.allocate_tensors()
    return interpreter


def types_of_convolutions(model: Path) -> Counter:
    """(type of what goes in, type of the weights) of each convolution -> how many there are."""
    interpreter = plain(model)
    types = {part["index"]: np.dtype(part["dtype"]).name for part in interpreter.get_tensor_details()}
    return Counter(
        tuple(types[index] for index in operator["inputs"][:2])
        for operator in interpreter._get_ops_details()
        if operator["op_name"] in ("CONV_2D", "DEPTHWISE_CONV_2D")
    )


def test_a_variant_is_smaller(variant, exported):
    assert variant.stat().st_size < SHARE_OF_FLOAT32[variant.stem] * exported.stat().st_size


def test_a_variant_asks_for_no_newer_runtime_than_docs_say(variant):
    oldest = {"float16": b"1.15.0", "dynamic": b"2.4.0", "int8": b"2.1.0"}
    assert oldest[variant.stem] in variant.read_bytes()


def test_a_variant_takes_and_gives_floats(variant):
    interpreter = Interpreter(str(variant))
    (image,), results = interpreter.get_input_details(), interpreter.get_output_details()
    assert (image["dtype"], image["shape"].tolist()) == (np.float32, [1, 320, 320, 3])
    assert [part["dtype"] for part in results] == [np.float32] * 4
    assert [part["shape"].tolist() for part in results] == [[1, 25, 4], [1, 25], [1, 25], [1]]


def test_a_variant_has_the_labels(variant):
    assert zipfile.ZipFile(variant).read("labels.txt").decode().split("\n") == LABELS


def test_a_variant_finds_what_float32_finds(variant, exported):
    for picture in drawn_pictures(6):
        expected, found = sure(find_with_litert(exported, picture)), find_with_litert(variant, picture)
        assert expected
        for each in expected:
            overlaps = [iou(each.box, other.box) for other in found if other.label == each.label]
            assert max(overlaps, default=0) > 0.7


def test_int8_calculates_in_int8(variant):
    convolutions = types_of_convolutions(variant)
    if variant.stem == "int8":
        assert set(convolutions) == {("int8", "int8")}
    else:
        assert {values for values, _ in convolutions} == {"float32"}


def test_behind_the_network_int8_calculates_in_float32(variant):
    """A side of a box that can only be one of 256 places is useless for what is small."""
    interpreter = plain(variant)
    types = {part["index"]: part["dtype"] for part in interpreter.get_tensor_details()}
    names = [operator["op_name"] for operator in interpreter._get_ops_details()]
    operators = interpreter._get_ops_details()[names.index("TFLite_Detection_PostProcess") :]
    touched = [index for operator in operators for index in (*operator["inputs"], *operator["outputs"])]
    assert {types[index] for index in touched} == {np.float32}


@pytest.mark.parametrize("variant", ["int8"], indirect=True)
def test_the_ranges_of_int8_are_those_of_the_values_that_it_stands_for(variant, exported):
    """Of a residual's summands too, in whose memory the sum lies afterwards."""
    reference = plain(exported, keeps_values=True)
    floats = {part["name"]: part["index"] for part in reference.get_tensor_details()}
    scales = {part["name"]: part["quantization_parameters"]["scales"] for part in plain(variant).get_tensor_details()}
    measured = {name: index for name, index in floats.items() if "norm2/BiasAdd;" in name and name in scales}
    ends = dict.fromkeys(measured, (0.0, 0.0))
    for picture in drawn_pictures(8):
        reference.set_tensor(reference.get_input_details()[0]["index"], as_input(picture))
        reference.invoke()
        for name, index in measured.items():
            values, (low, high) = reference.get_tensor(index), ends[name]
            ends[name] = (min(low, values.min()), max(high, values.max()))
    assert len(measured) > 10
    for name, (low, high) in ends.items():
        assert scales[name][0] == pytest.approx((high - low) / 255, rel=1e-3)
