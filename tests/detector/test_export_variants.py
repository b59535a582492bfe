"""The smaller variants are what their names say, and find what the float32 file finds."""

import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from tests.detector import shapes
from tests.detector.exported import LABELS, drawn_pictures, find_with_litert, iou, sure
from training.detector import catalog, spec
from training.detector.spec import Agreement, JobSpec, Variant

pytestmark = pytest.mark.tensorflow

SHARE_OF_FLOAT32 = {"float16": 0.55, "dynamic": 0.35, "int8": 0.35}


def plain(model: Path) -> Interpreter:
    """Without XNNPACK, which hides the operators that it runs."""
    interpreter = Interpreter(
        str(model), experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
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
    assert [part["shape"].tolist() for part in results] == [[1, 10, 4], [1, 10], [1, 10], [1]]


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


class TestMeasured:
    """What export_variants leaves in a folder, of a model that has learned nothing."""

    @pytest.fixture(scope="class")
    @classmethod
    def job(cls, tmp_path_factory) -> JobSpec:
        return shapes.write_shards(tmp_path_factory.mktemp("shards"))

    @pytest.fixture(scope="class")
    @classmethod
    def folder(cls, job, tmp_path_factory) -> Path:
        from training.detector import model
        from training.detector.export import export
        from training.detector.inputs import Frames
        from training.detector.variants import export_variants

        folder = tmp_path_factory.mktemp("measured")
        untrained = model.build(catalog.starting_model(shapes.TINY), len(job.label_names))
        exporter = export(untrained, job.label_names, folder / spec.MODEL, "Measured")
        training = Frames(job.training_shards, job.training_frames, untrained.input_size)
        evaluation = Frames(job.evaluation_shards, job.evaluation_frames, untrained.input_size)
        assert export_variants(exporter, folder, training, evaluation) == spec.read_variants(folder)
        return folder

    @pytest.fixture
    def variants(self, folder) -> list[Variant]:
        return spec.read_variants(folder)

    def test_all_are_there_with_their_size_and_speed(self, variants, folder):
        assert [variant.name for variant in variants] == list(spec.VARIANTS)
        for variant in variants:
            assert variant.size == (folder / variant.file).stat().st_size
            assert variant.latency_ms > 0
            assert sum(each.is_default for each in variants) == 1

    def test_float32_agrees_with_itself(self, variants):
        agreement = variants[0].agreement
        assert agreement == Agreement(agreement.objects, agreement.objects, agreement.objects, 0)

    def test_accuracy_is_measured_on_evaluation_frames(self, variants):
        for variant in variants:
            assert (variant.compared_on, variant.frames) == ("evaluation", 10)
            assert 0 <= variant.ap50_low <= variant.ap50_high <= 1
            assert 0 <= variant.ap <= variant.ap50 <= 1

    def test_without_evaluation_frames_boxes_are_compared_on_training_frames(self, job, folder):
        from training.detector import inputs, variants

        training, none = inputs.Frames(job.training_shards, job.training_frames, 96), inputs.Frames([], 0, 96)
        measured = variants.measure(folder, len(job.label_names), inputs.pictures(training, step=5), none)
        for variant in measured:
            assert (variant.compared_on, variant.frames) == ("training", 5)
            assert (variant.ap, variant.ap50, variant.ap50_low, variant.ap50_high) == (None,) * 4
            assert variant.is_default == (variant.name == "float32")
