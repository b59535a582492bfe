"""A pyramid that moves to another backbone says nearly what it said before."""

import numpy as np
import pytest

from detector.contract import catalog
from detector.frames.inputs import Frames
from tests.detector import shapes

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(300)]

FPNLITE = "SSD MobileNet V2 FPNLite 320x320"


def test_a_fit_makes_of_other_numbers_what_can_be_made_of_them():
    from detector.training.fitted_pyramid import least_squares

    rng = np.random.default_rng(1)
    before = rng.normal(size=(500, 6))
    now = before @ rng.normal(size=(6, 6)) + 3
    wanted = before @ rng.normal(size=(6, 3)) + 2
    matrix, offset = least_squares(now, wanted)
    assert now @ matrix + offset == pytest.approx(wanted, abs=0.1)


def test_numbers_that_are_all_alike_give_the_mean():
    from detector.training.fitted_pyramid import least_squares

    wanted = np.array([[1.0], [3.0]])
    matrix, offset = least_squares(np.ones((2, 4)), wanted)
    assert np.ones((2, 4)) @ matrix + offset == pytest.approx(np.full((2, 1), 2.0))


def test_boxes_and_scores_come_nearer_to_those_of_the_pyramid_on_its_own_backbone(tmp_path):
    from detector import network
    from detector.training.fitted_pyramid import fit_pyramid
    from detector.weights import sources

    job = shapes.write_shards(tmp_path, training_frames=4, evaluation_frames=2)
    training = Frames(job.training_shards, job.training_frames, 320)
    model = catalog.starting_model(FPNLITE)
    own_backbone = catalog.packaged("handtrack-320")
    assert own_backbone
    whole = network.build(model, 1, start=sources.read(own_backbone))
    joined = network.build(model, 1)
    images = np.random.default_rng(0).uniform(-1, 1, (1, 320, 320, 3)).astype(np.float32)
    wanted = whole.network(images)["scores"].numpy()
    before = np.abs(joined.network(images)["scores"].numpy() - wanted).mean()
    backbone = joined.network.get_weights()[0].copy()

    fit_pyramid(joined, training)

    assert np.abs(joined.network(images)["scores"].numpy() - wanted).mean() < before / 2
    assert (joined.network.get_weights()[0] == backbone).all()
