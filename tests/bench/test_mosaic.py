"""Frames that are four in one."""

import numpy as np
import pytest

from tests.detector import shapes

pytestmark = pytest.mark.tensorflow


def test_a_mosaic_has_the_objects_of_its_four_frames_where_they_are_seen() -> None:
    from bench.trials.mosaic import in_a_square

    colors = (10, 20, 30, 40)
    frames = tuple(
        {
            "image": np.full([8, 8, 3], color, np.uint8),
            "boxes": np.array([[0.0, 0.5, 1.0, 1.0]], np.float32),
            "classes": np.array([color]),
        }
        for color in colors
    )

    square = in_a_square(frames)

    assert square["image"].shape == (8, 8, 3)
    for color, box in zip(square["classes"].numpy(), (square["boxes"].numpy() * 8).astype(int), strict=True):
        top, left, bottom, right = box
        assert (bottom - top, right - left) == (4, 2)
        assert (square["image"].numpy()[top:bottom, left:right] == color).all()


@pytest.fixture
def frames(tmp_path):
    from detector.frames.inputs import Frames

    job = shapes.write_shards(tmp_path)
    return Frames(job.training_shards, job.training_frames, size=96)


def seen(frames, skipped: int, count: int, until: int) -> list[np.ndarray]:
    from bench.trials import mosaic

    dataset = mosaic.shuffled(0.5, until, frames, 5, skipped)
    return [frame["image"].numpy() for frame in dataset.take(count)]


def test_a_run_that_goes_on_sees_the_mosaics_of_an_unbroken_one(frames):
    unbroken = seen(frames, 0, 40, until=30)
    for skipped in (7, 29, 30, 33):
        assert np.array_equal(seen(frames, skipped, 5, until=30), unbroken[skipped : skipped + 5])


def test_about_half_the_frames_are_mosaics_at_first_and_none_later(frames):
    from detector.frames import inputs

    whole = {frame["image"].numpy().tobytes() for frame in inputs.shuffled(frames, 0, 0).take(frames.count)}
    are_whole = [image.tobytes() in whole for image in seen(frames, 0, 100, until=60)]
    assert 15 <= sum(are_whole[:60]) <= 45
    assert all(are_whole[60:])


def test_four_orders_of_the_frames_are_decoded_once(frames, monkeypatch):
    import tensorflow as tf

    from detector.frames import inputs

    decoded = tf.Variable(0)
    decoder = inputs._decoder

    def counting(size: int):
        decode = decoder(size)

        def counted(record: tf.Tensor) -> dict[str, tf.Tensor]:
            decoded.assign_add(1)
            return decode(record)

        return counted

    monkeypatch.setattr(inputs, "_decoder", counting)
    seen(frames, 0, 60, until=50)
    assert decoded.numpy() == frames.count


def test_frames_that_do_not_fit_in_memory_are_no_mosaics(frames, monkeypatch):
    from detector.frames import inputs

    monkeypatch.setattr(inputs, "BYTES_IN_MEMORY", 0)
    alone = [frame["image"].numpy() for frame in inputs.shuffled(frames, 5, 0).take(20)]
    assert np.array_equal(seen(frames, 0, 20, until=20), alone)
