"""What the trainer reads from shards."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from datasets.tfrecords import write_shard
from detector.contract import catalog
from detector.contract.recipe import recipe
from tests.detector import shapes

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    return shapes.write_shards(tmp_path_factory.mktemp("shards"))


@pytest.fixture
def frames(job):
    from detector.frames.inputs import Frames

    return Frames(job.training_shards, job.training_frames, size=96)


def batches(frames, first_step: int, count: int, seed: int = 5) -> list[np.ndarray]:
    """The images of `count` batches of 8, from a step on."""
    from detector.frames.inputs import training_batches
    from detector.frames.targets import Matcher, corners
    from detector.model import anchors

    matcher = Matcher(corners(anchors.ssd([6, 3, 2, 1])), (10.0, 10.0, 5.0, 5.0), 0.5)
    the_recipe = recipe(catalog.starting_model(shapes.TINY), 8, "nothing")
    found = training_batches(frames, 8, matcher, the_recipe, seed, first_step)
    return [images.numpy() for images, _, _ in found.take(count)]


def test_a_run_that_goes_on_sees_what_an_unbroken_one_would(frames):
    unbroken = batches(frames, first_step=0, count=7)
    went_on = batches(frames, first_step=5, count=2)
    assert np.array_equal(unbroken[5], went_on[0])
    assert np.array_equal(unbroken[6], went_on[1])


def test_another_seed_gives_other_batches(frames):
    assert not np.array_equal(batches(frames, 0, 1, seed=5), batches(frames, 0, 1, seed=6))


def test_every_frame_comes_once_an_epoch(frames):
    from detector.frames import inputs

    epoch = [frame["image"].numpy().tobytes() for frame in inputs.shuffled(frames, 0, 0).take(24)]
    assert len(set(epoch)) == frames.count


def test_no_iteration_has_a_thread_that_waits_by_the_time_of_day(frames):
    """TensorFlow's tuning while it runs: after the clock was set back, an iteration would end hours later."""
    from detector.frames import inputs

    for dataset in (inputs.shuffled(frames, 0, 0), inputs.shuffled(frames, 0, 0).map(lambda frame: frame).prefetch(2)):
        assert dataset.options().autotune.enabled is False


def test_frames_that_do_not_fit_in_memory_are_read_anew(frames, monkeypatch):
    from detector.frames import inputs

    monkeypatch.setattr(inputs, "BYTES_IN_MEMORY", 0)
    assert not frames.fit_into(inputs.BYTES_IN_MEMORY)
    assert np.array_equal(batches(frames, 0, 7)[5], batches(frames, 5, 1)[0])


def test_the_objects_are_read_as_they_were_written(frames):
    from detector.frames.inputs import truths

    first, ninth = (truths(frames)[number] for number in (1, 9))
    assert (first.height, first.width) == (128, 128)
    assert first.boxes.shape == (2, 4)
    assert set(first.classes) <= {0, 1}
    assert len(ninth.boxes) == 0


def test_all_boxes_are_counted(frames):
    from detector.frames.inputs import check

    assert check(frames, label_count=2) == sum(0 if n % 10 == 9 else 1 + n % 2 for n in range(24))


def refusal(frames, label_count: int = 2) -> str:
    from detector.contract.failure import TrainingFailed
    from detector.frames.inputs import check

    with pytest.raises(TrainingFailed) as failure:
        check(frames, label_count)
    return str(failure.value)


def test_a_label_that_is_not_on_the_list_is_refused(frames):
    assert "isn't in the dataset's list" in refusal(frames, label_count=1)


def test_a_missing_frame_is_noticed(frames):
    assert "should have 25 frames, but its files have 24" in refusal(replace(frames, count=25))


def test_a_missing_shard_is_noticed(frames):
    assert "can't be read" in refusal(replace(frames, shards=["/nowhere/training.record"]))


def test_a_damaged_shard_is_noticed(tmp_path: Path):
    from detector.frames.inputs import Frames

    shard = tmp_path / "damaged.record"
    write_shard(shard, [shapes.frame(np.random.default_rng(0), 1)], shapes.LABELS)
    shard.write_bytes(shard.read_bytes()[:-100])
    assert "can't be read" in refusal(Frames([str(shard)], 1, 96))
