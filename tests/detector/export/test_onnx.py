"""The ONNX files find what the network and the `.tflite` file find, and are what compilers for accelerators take."""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnx
import onnxruntime
import pytest
from django.conf import settings
from PIL import Image

from detector.contract import catalog
from detector.contract.suppression import Suppression
from tests.detector.exported import LABELS, Found, as_input, drawn_pictures, find_with_litert, same, sure

pytestmark = pytest.mark.tensorflow

DOCUMENT = settings.BASE_DIR / "docs" / "contributors" / "onnx.md"
FIND, CUT = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
# Each kind of head. FPNLite as it starts from weights, with all norms taken in; the others with their norms.
TINY = [model.name for model in catalog.starting_models() if model.name.startswith("Tiny test")]


class Everything(frozenset):
    def __contains__(self, name: object) -> bool:
        return True


@pytest.fixture(scope="module")
def files(exporter) -> dict[str, bytes]:
    from detector.export.onnx_files.onnx_model import OnnxModel

    model = OnnxModel.of(exporter)
    return {"raw": model.raw(), "nms": model.with_nms()}


def run(model: bytes, image: np.ndarray) -> dict[str, np.ndarray]:
    """What ONNX Runtime gives. `image`: [1, 3, S, S] as the picture has it."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    outputs = session.run(None, {"image": image.astype(np.float32)})
    return dict(zip((output.name for output in session.get_outputs()), outputs, strict=True))


def find_with_onnx(model: bytes, picture: np.ndarray) -> list[Found]:
    found = run(model, picture.transpose(2, 0, 1)[np.newaxis])
    return [
        Found(LABELS[found["labels"][0, row]], float(found["scores"][0, row]), found["boxes"][0, row])
        for row in range(int(found["count"][0]))
    ]


def printed(program: str, folder: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def shaken(model: str, folded: bool, monkeypatch: pytest.MonkeyPatch):
    """An untrained detector in which each scale, each offset and each statistic of a norm differs from all others."""
    from detector import network

    start = None
    if folded:
        monkeypatch.setattr(network.named_weights, "fill", lambda parts, start: None)
        start = SimpleNamespace(parts=Everything())
    detector = network.build(catalog.starting_model(model), 2, start=start)
    random = np.random.default_rng(3)
    for variable in detector.network.variables:
        if len(variable.shape) == 1:
            variable.assign(random.uniform(0.5, 1.5, variable.shape) - (0 if "variance" in variable.name else 0.4))
    return detector


@pytest.mark.parametrize("name", TINY)
def test_the_raw_file_says_of_every_anchor_what_the_network_says(name, monkeypatch):
    from detector.evaluation.detect import decoded
    from detector.export.metadata import ModelCard
    from detector.export.onnx_files.onnx_model import OnnxModel
    from detector.export.tflite import frozen

    detector = shaken(name, "FPNLite" in name, monkeypatch)
    model = OnnxModel(frozen(detector), detector, ModelCard(name, "", ["ball", "cube"], Suppression()))
    picture = np.random.default_rng(1).integers(0, 256, [96, 96, 3], np.uint8)
    boxes, scores = decoded(detector, detector.network(as_input(picture), training=False))
    found = run(model.raw(), picture.transpose(2, 0, 1)[np.newaxis])
    assert scores.numpy().std() > 0.01
    np.testing.assert_allclose(found["scores"], scores, atol=1e-4)
    np.testing.assert_allclose(found["boxes"], boxes, atol=1e-4)


def test_the_file_with_nms_finds_what_the_tflite_file_finds(files, exported):
    for picture in drawn_pictures(6):
        expected, found = find_with_litert(exported, picture), find_with_onnx(files["nms"], picture)
        assert sure(expected)
        assert all(same(each, found, score=1e-3) for each in sure(expected))
        assert all(same(each, expected, score=1e-3) for each in sure(found))
        assert abs(len(expected) - len(found)) <= 1  # a score of just 0.01 may fall to either side
        assert all(0 <= side <= 1 for each in found for side in each.box)


@pytest.mark.parametrize("seed", range(4))
def test_doubles_are_dropped_label_by_label_as_in_the_metrics(seed):
    """Boxes side by side and on each other: of some labels more than may be told, of others none."""
    from detector.evaluation.detect import suppress
    from detector.export.onnx_files.onnx_model import suppressor

    random = np.random.default_rng(seed)
    begin, sides = random.uniform(-0.1, 0.6, [1, 60, 2]), random.uniform(0.1, 0.5, [1, 60, 2])
    boxes = np.concatenate([begin, begin + sides], axis=2, dtype=np.float32)
    scores = random.uniform(0, [1, 0.5, 0.005], [1, 60, 3]).astype(np.float32)
    suppression = Suppression(max_detections=10 * (seed + 1), iou=0.3 + 0.1 * seed)
    session = onnxruntime.InferenceSession(suppressor(60, 3, suppression))
    found = session.run(None, {"all_boxes": boxes, "all_scores": scores})
    expected = [part.numpy() for part in suppress(boxes, scores, suppression)]
    count = int((expected[1] > 0).sum())
    assert 0 < count <= suppression.max_detections
    assert found[3] == [count]
    assert not found[0][:, count:].any()
    for one, other in zip(found[:3], (expected[0], expected[2], expected[1]), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.parametrize("form", ["raw", "nms"])
def test_a_file_has_what_compilers_and_programs_look_for(files, form):
    model = onnx.load_from_string(files[form])
    onnx.checker.check_model(model, full_check=True)
    assert (model.ir_version, [(one.domain, one.version) for one in model.opset_import]) == (7, [("", 12)])
    assert {node.domain for node in model.graph.node} == {""}
    assert ("NonMaxSuppression" in {node.op_type for node in model.graph.node}) == (form == "nms")
    (image,) = model.graph.input
    assert [side.dim_value for side in image.type.tensor_type.shape.dim] == [1, 3, 320, 320]
    properties = {entry.key: entry.value for entry in model.metadata_props}
    assert properties["labels"].split("\n") == LABELS
    assert properties["pixels"] == "red, green, blue, 0 to 255"


def test_people_can_ask_what_a_file_takes_and_gives(files, tmp_path: Path):
    from detector.export.inspection import NotAModel, report

    file, broken = tmp_path / "finder.onnx", tmp_path / "broken.onnx"
    file.write_bytes(files["raw"])
    broken.write_bytes(b"no model")
    text = report(file)
    assert "  input     image   float    [1, 3, 320, 320]\n  output 0  boxes   float    [1, 2034, 4]\n" in text
    assert "  operator sets ONNX 12, IR version 7\n  labels: cone, cube, ring\n" in text
    with pytest.raises(NotAModel, match=r"not a whole \.onnx file"):
        report(broken)


@pytest.fixture
def folder(files: dict[str, bytes], tmp_path: Path) -> Path:
    """What the programs of docs/contributors/onnx.md need."""
    (tmp_path / "model-onnx-nms.onnx").write_bytes(files["nms"])
    Image.fromarray(drawn_pictures(1)[0]).save(tmp_path / "picture.jpg", quality=95)
    return tmp_path


def test_the_printed_program_names_what_it_finds(folder: Path):
    assert printed(FIND, folder).startswith("cone 0.")


def test_the_printed_program_cuts_the_network_behind_its_last_convolutions(folder: Path, files):
    """As for an accelerator that runs the first part, while the processor runs the second."""
    printed(CUT, folder)
    network, last = (folder / name for name in ("network.onnx", "detections.onnx"))
    assert "Conv" not in {node.op_type for node in onnx.load(last).graph.node}
    image = drawn_pictures(1)[0].transpose(2, 0, 1)[np.newaxis]
    boxes = onnxruntime.InferenceSession(last).run(["boxes"], run(network.read_bytes(), image))[0]
    np.testing.assert_allclose(boxes, run(files["nms"], image)["boxes"], atol=1e-6)


def test_an_operator_that_no_network_had_is_named():
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    from detector.export.onnx_files.nodes import Nodes, Untranslatable
    from detector.export.onnx_files.translation import Translation

    @tf.function(input_signature=[tf.TensorSpec([1, 8, 8, 3], tf.float32)], autograph=False)
    def pool(image):
        return tf.reshape(tf.nn.max_pool2d(image, 2, 2, "SAME"), [1, -1, 3])

    frozen = convert_variables_to_constants_v2(pool.get_concrete_function())
    with pytest.raises(Untranslatable, match="MaxPool"):
        Translation(Nodes()).translate(frozen, "image", ["values"])
