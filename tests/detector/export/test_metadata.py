"""What other programs read in the exported file, read here without the code that wrote it."""

import zipfile
from types import ModuleType
from typing import Any

import pytest

from tests.detector.exported import LABELS

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def schema() -> ModuleType:
    """MediaPipe's own. It comes with TensorFlow, so it is imported for a test alone."""
    from mediapipe.tasks.metadata import metadata_schema_py_generated

    return metadata_schema_py_generated


@pytest.fixture(scope="module")
def metadata(schema, exported) -> Any:
    from tensorflow.lite.python import schema_py_generated as tflite_schema

    model = tflite_schema.ModelT.InitFromObj(tflite_schema.Model.GetRootAs(exported.read_bytes()))
    (place,) = (entry.buffer for entry in model.metadata if entry.name == b"TFLITE_METADATA")
    packed = bytes(model.buffers[place].data)
    assert packed[4:8] == b"M001"
    return schema.ModelMetadataT.InitFromObj(schema.ModelMetadata.GetRootAs(packed))


@pytest.fixture(scope="module")
def outputs(metadata) -> list[Any]:
    return metadata.subgraphMetadata[0].outputTensorMetadata


def test_the_model_tells_its_name(metadata):
    assert metadata.name == b"Cones and cubes"
    assert metadata.description.decode().splitlines() == [
        "Finds what the test draws",
        "It gives at most 25 detections of a picture. Two boxes of one label that overlap by more than 0.60 "
        "(intersection over union) count as one.",
    ]


def test_pixels_are_scaled_to_one_around_zero(schema, metadata):
    (image,) = metadata.subgraphMetadata[0].inputTensorMetadata
    (unit,) = image.processUnits
    assert unit.optionsType == schema.ProcessUnitOptions.NormalizationOptions
    assert (list(unit.options.mean), list(unit.options.std)) == ([127.5], [127.5])
    assert (list(image.stats.min), list(image.stats.max)) == ([-1.0], [1.0])
    assert image.content.contentProperties.colorSpace == schema.ColorSpaceType.RGB


def test_the_label_file_lies_in_a_zip_behind_the_model(exported):
    """Uncompressed, because readers look at it where it lies."""
    with zipfile.ZipFile(exported) as archive:
        (entry,) = archive.infolist()
        assert entry.compress_type == zipfile.ZIP_STORED
        assert archive.read(entry).decode().split("\n") == LABELS


def test_the_categories_point_to_the_label_file(schema, exported, outputs):
    (label_file,) = outputs[1].associatedFiles
    assert label_file.type == schema.AssociatedFileType.TENSOR_VALUE_LABELS
    assert [label_file.name.decode()] == zipfile.ZipFile(exported).namelist()


def test_the_outputs_have_the_names_that_readers_look_for(metadata, outputs):
    assert [output.name for output in outputs] == [b"location", b"category", b"score", b"number of detections"]
    (group,) = metadata.subgraphMetadata[0].outputTensorGroups
    assert group.name == b"detection_result"
    assert group.tensorNames == [b"location", b"category", b"score"]


def test_boxes_are_top_left_bottom_right_in_fractions(schema, outputs):
    box = outputs[0].content.contentProperties
    assert list(box.index) == [1, 0, 3, 2]
    assert box.type == schema.BoundingBoxType.BOUNDARIES
    assert box.coordinateType == schema.CoordinateType.RATIO
