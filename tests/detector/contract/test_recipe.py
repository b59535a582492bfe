"""How fast a model learns."""

from detector.contract import catalog
from detector.contract.recipe import recipe

SSD = catalog.starting_model(catalog.DEFAULT)
FPNLITE = catalog.starting_model("SSD MobileNet V2 FPNLite 320x320")
FPNLITE_640 = catalog.starting_model("SSD MobileNet V2 FPNLite 640x640")


def test_few_frames_make_the_batch_small_and_ssd_learns_from_them_more_slowly() -> None:
    rates = [recipe(SSD, batch, "everything").learning_rate for batch in (32, 16, 8, 4)]
    assert rates == [0.04, 0.04 / 4, 0.04 / 16, 0.04 / 32]


def test_a_pyramids_rate_falls_with_its_batch_alone() -> None:
    assert recipe(FPNLITE, 16, "everything").learning_rate == 0.02
    assert recipe(FPNLITE_640, 8, "everything").learning_rate == 0.01
