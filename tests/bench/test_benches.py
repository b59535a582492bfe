"""Every bench runs from end to end with the tiny model, and its last line says what was promised.

They take three minutes of a processor and are of use to those alone who change the benches: `make test-benches`.
"""

import pytest

from tests.bench.conftest import TINY

pytestmark = [pytest.mark.benches, pytest.mark.tensorflow, pytest.mark.timeout(300)]


def test_throughput_is_a_ratio_to_the_peer(figures_of) -> None:
    figures = figures_of("throughput", "--only", TINY, "--engine", "pipeline", "--rounds", "1", "--seconds", "0.01")

    ours, peer = figures["throughput"]
    assert (ours["engine"], peer["engine"]) == ("default recipe with input pipeline", "peer")
    assert ours["ratio"] == ours["images_per_second"] / peer["images_per_second"] > 0


def test_time_to_accuracy_of_a_crowd_tells_how_well_small_objects_are_found(figures_of) -> None:
    race = ("--model", TINY, "--set", "crowded", "--crowded-frames", "20", "--only", "default recipe")
    figures = figures_of("time_to_accuracy", *race, "--seeds", "1", "--steps", "1", "--interval", "1")

    (standing,) = figures["time_to_accuracy_crowded"]
    assert standing["contestant"] == f"{TINY}, default recipe"
    assert standing.keys() >= {"good", "better", "ap50", "ap", "evaluating"}
    assert standing["small"] is not None


def test_memory_is_that_of_a_whole_job(figures_of) -> None:
    figures = figures_of("memory", "--model", TINY, "--batch", "4", "--steps", "1", "--frames", "20")

    (found,) = figures["memory"]
    assert found["frames"] == 20
    assert 0.1 < found["peak_gb"] < 4


def test_start_up_has_the_first_step_with_and_without_a_spare(figures_of) -> None:
    """Which is sooner is not asked: another test may take the processor from one of them."""
    figures = figures_of("start_up", "--model", TINY, "--runs", "1")

    assert 0 < figures["seconds_with_spare"] < 300
    assert 0 < figures["seconds_without_spare"] < 300


def test_a_recipe_is_tried_with_one_change(figures_of) -> None:
    tiny = ("--model", TINY, "--set", "crowded", "--crowded-frames", "20", "--steps", "1", "--interval", "1")
    figures = figures_of("recipes", *tiny, "--only", "mosaic")

    (tried,) = figures["recipes_crowded"]
    assert tried["trial"] == "mosaic, every other frame"
    assert list(tried["reached"]) == ["1"]


def test_imports_are_compared_with_a_bare_loop_over_the_same_pictures(figures_of) -> None:
    """How near they come is not asked: another test may take the processor from one of them."""
    figures = figures_of("imports", "--frames", "20")

    upright, turned, _png = figures["imports"]
    assert upright["frames_per_second"] > 0
    assert upright["ratio"] is None
    assert turned["ratio"] > 0
    assert 0.05 < turned["peak_gb"] < 1
