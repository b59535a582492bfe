"""Each starting model is the network of its name, and prefers the weights of the zoo where they are installed."""

from pathlib import Path

import numpy as np
import pytest

from detector.contract import catalog, zoo_archives
from detector.weights import zoo_layout

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(300)]

ANCHORS = {
    # 3 in each cell of the first map, 6 in the others.
    "SSD MobileNet v2 320x320": 3 * 20**2 + 6 * (10**2 + 5**2 + 3**2 + 2**2 + 1),
    "SSD MobileNet V2 FPNLite 320x320": 6 * (40**2 + 20**2 + 10**2 + 5**2 + 3**2),
    "SSD MobileNet V1 FPN 640x640": 6 * (80**2 + 40**2 + 20**2 + 10**2 + 5**2),
    "SSD MobileNet V2 FPNLite 640x640": 6 * (80**2 + 40**2 + 20**2 + 10**2 + 5**2),
    "SSD MobileNet V2 far field 320x320": 4 * 40**2 + 6 * 20**2,
}
FAR = "SSD MobileNet V2 far field 320x320"


def install_random(archive: zoo_archives.Archive, folder: Path) -> None:
    """Put weights of the zoo's names and shapes, with random numbers, where the installer would."""
    rng = np.random.default_rng(0)
    shapes = {variable.name: variable.shape for variable in zoo_layout.variables(archive.architecture)}
    arrays = {name: rng.normal(0, 0.05, shape).astype(np.float32) for name, shape in shapes.items()}
    arrays |= {name: 1 + np.abs(array) for name, array in arrays.items() if name.endswith(("variance", "gamma"))}
    np.savez(zoo_archives.file_of(archive, folder), **arrays)


def test_the_anchors_of_every_starting_model_are_counted_here():
    assert set(ANCHORS) == {model.name for model in catalog.starting_models() if not model.name.startswith("Tiny")}


@pytest.mark.parametrize("name", sorted(ANCHORS.keys() - {FAR}))
def test_weights_of_the_zoo_fill_every_part_and_come_first(name, tmp_path, monkeypatch):
    """There is a box and a score a label for each anchor, and folded into the convolutions, the batch norms do what
    they do when they stand by themselves."""
    from detector import network
    from detector.model import parts

    chosen = catalog.starting_model(name)
    archive = zoo_archives.of_starting_model(name)
    install_random(archive, tmp_path)
    start = network.starting_weights(chosen, tmp_path)
    size = chosen.input_size
    picture = np.random.default_rng(1).uniform(-1, 1, (1, size, size, 3)).astype(np.float32)

    folded = network.build(chosen, 2, start=start)
    with monkeypatch.context() as patch:
        patch.setattr(network, "Norms", lambda folded: parts.Norms())
        with_norms = network.build(chosen, 2, start=start)

    assert start.name == f"TF2 Detection Zoo {archive.name}"
    assert {part.name for part in folded.parts} == start.parts
    assert folded.network.output_shape == {"boxes": (None, ANCHORS[name], 4), "scores": (None, ANCHORS[name], 2)}
    assert folded.anchors.shape == (ANCHORS[name], 4)
    ours, theirs = folded.network(picture), with_norms.network(picture)
    for output in ("boxes", "scores"):
        assert np.abs(ours[output] - theirs[output]).max() < 1e-4 * max(1.0, np.abs(theirs[output]).max())


def test_the_far_field_starts_from_the_blocks_that_it_has_and_finds_small_objects():
    from detector import network

    detector = network.build(catalog.starting_model(FAR), 2)

    started = {part.name.split("/")[1] for part in detector.parts if part.name in detector.weights.parts}
    assert started == {"conv_0", *(f"block_{number}" for number in (0, 1, 3, 4, 5, 6, 7, 8, 10))}
    outputs = detector.network(np.zeros((1, 320, 320, 3), np.float32))
    assert (outputs["boxes"].shape, outputs["scores"].shape) == ((1, ANCHORS[FAR], 4), (1, ANCHORS[FAR], 2))
    assert detector.network.count_params() < 400_000
    # In pixels: squares, the smallest as wide as a cell of the finest map, and some of half the frame.
    sides = detector.anchors[:, 2:] * detector.input_size
    assert (sides[:, 0] == sides[:, 1]).all()
    assert (sides.min(), sides.max() > 160) == (8, True)


def test_a_model_for_which_there_are_no_weights_starts_from_nothing(tmp_path):
    from detector import network

    chosen = catalog.starting_model("SSD MobileNet V1 FPN 640x640")
    assert catalog.sources(chosen, tmp_path) == []
    assert network.starting_weights(chosen, tmp_path).name == catalog.RANDOM


def test_a_job_that_started_from_nothing_stays_with_it_when_weights_were_installed(tmp_path):
    from detector import network

    chosen = catalog.starting_model("SSD MobileNet V1 FPN 640x640")
    install_random(zoo_archives.of_starting_model(chosen.name), tmp_path)
    assert network.starting_weights(chosen, tmp_path, name=catalog.RANDOM).values == {}
