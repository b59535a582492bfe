"""The sample dataset: what a newcomer trains first."""

import io

import pytest
from PIL import Image

from datasets.formats.common.samples import Sample
from datasets.sample import sample_dataset


@pytest.fixture(scope="module")
def frames() -> list[Sample]:
    return list(sample_dataset.samples(20))


def test_a_frame_is_a_picture_with_boxes_inside_it(frames) -> None:
    for frame in frames:
        assert Image.open(io.BytesIO(frame.read())).size == frame.size == (640, 480)
        for box in frame.boxes:
            assert 0 <= box.xmin < box.xmax <= 640
            assert 0 <= box.ymin < box.ymax <= 480


def test_every_tenth_frame_shows_no_game_piece(frames) -> None:
    assert [number for number, frame in enumerate(frames) if not frame.objects] == [9, 19]


def test_both_labels_are_there_in_plenty(frames) -> None:
    labels = [box.label for frame in frames for box in frame.boxes]
    assert set(labels) == {"ball", "cube"}
    assert labels.count("ball") > 10
    assert labels.count("cube") > 10


def test_the_same_seed_draws_the_same_pictures(frames) -> None:
    again, other = next(sample_dataset.samples(1)), next(sample_dataset.samples(1, seed=4))
    assert again.read() == frames[0].read()
    assert again.boxes == frames[0].boxes
    assert again.read() != other.read()
