"""Every bench runs from end to end with the tiny model, and its last line says what was promised.

They take five minutes of a processor and are of use to those alone who change the benches: `make test-benches`.
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


def test_recall_by_size_is_that_of_the_exported_file(figures_of) -> None:
    figures = figures_of("recall_by_size", "--model", TINY, "--frames", "8", "--evaluation-frames", "4", "--steps", "1")

    (measured,) = figures["recall_by_size"]
    assert measured["int8"]["objects"] == measured["network"]["objects"]
    assert 0 < measured["size"] < 4_000_000
    assert 0 < figures["processor_ms"][0] < 1000


def test_the_parts_of_an_evaluation_and_of_an_export_are_timed(figures_of) -> None:
    evaluation = figures_of("evaluation_parts", "--model", TINY, "--frames", "4", "--rounds", "1")["evaluation_parts"]
    export = figures_of("export_parts", "--model", TINY, "--frames", "4")["export_parts"]

    assert evaluation["everything"][0] >= evaluation["COCO metrics, twice"][0] > 0
    assert export["int8"][0] > 0


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
    figures = figures_of("recipes", *tiny, "--only", "mosaic of all frames")

    (tried,) = figures["recipes_crowded"]
    assert tried["trial"] == "mosaic of all frames"
    assert list(tried["reached"]) == ["1"]


def test_imports_are_compared_with_a_bare_loop_over_the_same_pictures(figures_of) -> None:
    """How near they come is not asked: another test may take the processor from one of them."""
    figures = figures_of("imports", "--frames", "20")

    upright, turned, _png = figures["imports"]
    assert upright["frames_per_second"] > 0
    assert upright["ratio"] is None
    assert turned["ratio"] > 0
    assert 0.05 < turned["peak_gb"] < 1


def test_videos_become_frames_and_frames_a_dataset(figures_of) -> None:
    """How fast is not asked: another test may take the processor meanwhile."""
    figures = figures_of("videos", "--seconds", "1", "--rounds", "1", "--frames", "60")

    measured = {target["promise"]: target["figure"] for target in figures["extraction"] + figures["production"]}
    assert 10 < measured["peak memory in MB"] < 500
    assert 1 < measured["MB of 1,000 frames"] < 1000
    assert measured["seconds to produce a dataset of 60 frames of 1080p"] > 0


def test_the_pages_of_videos_are_asked_for(figures_of) -> None:
    figures = figures_of("galleries", "--videos", "2", "--frames", "9", "--rounds", "2")

    assert {"Videos", "a video", "a picture of the gallery"} <= {one["page"] for one in figures["galleries"]}
    assert all(one["requests"] for one in figures["galleries"])


def test_the_first_frame_comes_before_the_last(figures_of) -> None:
    figures = figures_of("first_frame", "--runs", "1", "--seconds", "1")

    differing, one_in_five = figures["first_frame"]
    assert (differing["frames"], one_in_five["frames"]) == (30, 6)
    assert all(0 < one["first"] <= one["all"] for one in figures["first_frame"])


def test_a_dataset_is_produced_and_previewed(figures_of) -> None:
    seconds, preview = figures_of("production", "--frames", "60")["production"]

    assert 0 < seconds["figure"] < 60
    assert preview["figure"] > 0


def test_pages_are_asked_for_beside_a_slow_upload(figures_of) -> None:
    figures = figures_of("upload_load", "--browsers", "2", "--uploads", "1", "--seconds", "2")

    assert figures["load"]["requests"] > 0
    assert (figures["load"]["errors"], figures["sent"][0] > 0) == (0, True)


def test_damaged_videos_end_as_they_may(figures_of) -> None:
    figures = figures_of("fuzz_videos", "--count", "6")

    assert (figures["videos"], figures["failures"]) == (6, [])
    assert {"answers with an error of the server", "videos that ended as they must not"} <= {
        target["promise"] for target in figures["targets"] if target["kept"]
    }


def test_a_backup_takes_as_much_memory_whatever_it_holds(figures_of) -> None:
    figures = figures_of("backups", "--frames", "20", "60")

    assert [step["what"] for step in figures["backups"]] == ["the first backup", "the next one", "a restore"] * 2
    assert all(target["kept"] for target in figures["targets"])
