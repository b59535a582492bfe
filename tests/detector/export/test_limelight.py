"""The file for a Limelight or a Coral is in the form that their programs ask for, and finds what the model finds."""

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from detector.__main__ import main
from detector.contract import attempt_files, model_variants
from tests.detector.exported import LABELS, SIZE, Found, drawn_pictures, find_with_litert, iou, sure

pytestmark = pytest.mark.tensorflow

MODEL = "limelight_neural_detector_8bit.tflite"


@pytest.fixture(scope="module")
def folder(exporter, exported, tmp_path_factory) -> Path:
    """Where the float32 file is beside the int8 one and the zip made of it."""
    from detector.export import device_files

    folder = tmp_path_factory.mktemp("limelight")
    (folder / attempt_files.MODEL).symlink_to(exported)
    exporter.write("int8", folder / model_variants.model_name("int8"), calibration=drawn_pictures(8))
    device_files.write_all(exporter, folder)
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> Interpreter:
    with zipfile.ZipFile(folder / "model-limelight.zip") as archive:
        interpreter = Interpreter(model_content=archive.read(MODEL))
    interpreter.allocate_tensors()
    return interpreter


def found_in_bytes(model: Interpreter, picture: np.ndarray) -> list[Found]:
    """As Coral's library reads a detector: by the names of the signature."""
    model.set_tensor(model.get_input_details()[0]["index"], picture[np.newaxis])
    model.invoke()
    outputs = model._get_full_signature_list()["serving_default"]["outputs"]
    count, scores, ids, boxes = (model.get_tensor(outputs[f"output_{number}"])[0] for number in range(4))
    return [Found(LABELS[int(ids[row])], float(scores[row]), boxes[row]) for row in range(int(count))]


def test_the_picture_goes_in_as_bytes(model: Interpreter) -> None:
    [image] = model.get_input_details()
    assert (image["name"], image["dtype"], image["shape"].tolist()) == (
        "serving_default_input:0", np.uint8, [1, SIZE, SIZE, 3],
    )  # fmt: skip
    scale, zero = image["quantization"]
    assert scale == pytest.approx(1 / 127.5)
    assert zero == 127


def test_four_floats_come_out_as_from_the_object_detection_api(model: Interpreter) -> None:
    outputs = model.get_output_details()
    assert [output["name"] for output in outputs] == [f"StatefulPartitionedCall:{number}" for number in (3, 2, 1, 0)]
    assert [output["shape"].tolist()[2:] for output in outputs] == [[4], [], [], []]
    assert outputs[3]["shape"].tolist() == [1]
    assert {output["dtype"] for output in outputs} == {np.float32}


def test_it_finds_what_float32_finds(model: Interpreter, folder: Path) -> None:
    def overlap(found: list[Found], expected: Found) -> float:
        return max((iou(each.box, expected.box) for each in found if each.label == expected.label), default=0)

    overlaps = [
        overlap(found_in_bytes(model, picture), expected)
        for picture in drawn_pictures(6)
        for expected in sure(find_with_litert(folder / attempt_files.MODEL, picture))
    ]
    assert min(overlaps) > 0.7
    assert np.mean(overlaps) > 0.9


def test_the_bytes_mean_what_the_network_learned(model: Interpreter, folder: Path) -> None:
    """Behind the first convolution, where float32 and bytes differ by rounding alone and not by half a step."""
    float32 = Interpreter(str(folder / attempt_files.MODEL))
    picture = np.full((SIZE, SIZE, 3), 127, np.uint8)
    picture[::2] = 129
    first = {}
    for name, interpreter in (("float32", float32), ("bytes", model)):
        first[name] = first_convolution(interpreter, picture, in_bytes=name == "bytes")
    middle = np.s_[0, 20:60, 20:60]
    assert np.abs(first["bytes"][middle] - first["float32"][middle]).mean() < 0.001


def first_convolution(interpreter: Interpreter, picture: np.ndarray, in_bytes: bool) -> np.ndarray:
    """What it should give by the weights in the file, in numbers of the network: one pixel's neighborhood at a time."""
    tensors = {part["index"]: part for part in interpreter.get_tensor_details()}
    interpreter.allocate_tensors()
    operator = next(op for op in interpreter._get_ops_details() if op["op_name"] == "CONV_2D")
    image, kernel, bias = (tensors[index] for index in operator["inputs"][:3])
    weights, offset = (interpreter.get_tensor(part["index"]) for part in (kernel, bias))
    values = picture / 127.5 - 1
    if in_bytes:
        scale, zero = image["quantization"]
        values = (picture.astype(int) - 128 - zero) * scale
        weights = weights * kernel["quantization_parameters"]["scales"].reshape(-1, 1, 1, 1)
        offset = offset * bias["quantization_parameters"]["scales"]
    windows = np.lib.stride_tricks.sliding_window_view(values, (3, 3), axis=(0, 1))[::2, ::2]
    return np.einsum("yxcij,oijc->yxo", windows, weights)[np.newaxis] + offset


def test_the_zip_has_the_labels_and_inspect_prints_all_of_it(
    folder: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["detector", "inspect", str(folder / "model-limelight.zip")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code is None
    printed = capsys.readouterr().out
    assert (
        "  input     serving_default_input:0    uint8    [1, 320, 320, 3]  means (value - 127) * 0.00784314\n"
        in printed
    )
    assert "  output 0  StatefulPartitionedCall:3  float32  [1, 25, 4]\n" in printed
    assert "    gives output_0 = StatefulPartitionedCall:0\n" in printed
    assert "int8 values and int8 weights, a scale for each channel" in printed
    assert "labels.txt: 14 bytes\n  0  cone\n  1  cube\n  2  ring\n" in printed


def test_what_is_no_model_is_not_inspected(tmp_path: Path) -> None:
    from detector.export import inspection

    for name in ("model.tflite", "model.zip"):
        (tmp_path / name).write_bytes(b"no model")
        with pytest.raises(inspection.NotAModel):
            inspection.report(tmp_path / name)


def test_a_coral_gets_a_file_of_its_own_where_the_compiler_is_installed(
    exporter, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The compiler is a program that does as Google's does by its manual: it writes NAME_edgetpu.tflite."""
    from detector.export import limelight

    compiler = tmp_path / "edgetpu_compiler"
    compiler.write_text('#!/bin/sh\nprintf compiled > "$2/$(basename "$3" .tflite)_edgetpu.tflite"\n')
    compiler.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (tmp_path / model_variants.model_name("int8")).symlink_to(folder / model_variants.model_name("int8"))

    limelight.write(exporter, tmp_path)
    with zipfile.ZipFile(tmp_path / "model-limelight.zip") as archive:
        assert archive.read("limelight_neural_detector_8bit_edgetpu.tflite") == b"compiled"

    compiler.write_text("#!/bin/sh\nexit 1\n")
    limelight.write(exporter, tmp_path)
    with zipfile.ZipFile(tmp_path / "model-limelight.zip") as archive:
        assert archive.namelist() == [MODEL, "labels.txt"]
