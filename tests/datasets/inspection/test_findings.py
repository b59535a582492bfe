"""What is counted of a dataset's frames, and noted on them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from datasets.inspection.findings import Inspection, Tally, mark
from datasets.models import Frame
from datasets.split import Split
from ftcml.core.pictures.near_duplicates import NearDuplicates, Pair
from ftcml.core.pictures.object_sizes import INPUT_SIDE, SIZE_STEPS, SMALLEST_SIDE, smaller_side
from tests.factories import DatasetFactory

LABELS = ["ball", "cone", "cube"]
SHARES = st.floats(0.001, 0.5)


def frame(split: Split, boxes: list[tuple[str, float, float]]) -> Frame:
    """A frame whose boxes are (label, height, width), as fractions of it."""
    entries = [{"label": label, "box": [0, 0, height, width]} for label, height, width in boxes]
    return Frame(split=split, boxes=entries, fingerprint="0" * 64)


FRAMES = st.builds(
    frame,
    st.sampled_from(Split),
    st.lists(st.tuples(st.sampled_from(LABELS), st.floats(0.001, 1), st.floats(0.001, 1)), max_size=5),
)


@given(SHARES, SHARES, SHARES, SHARES)
def test_moving_a_box_keeps_its_size(top: float, left: float, height: float, width: float) -> None:
    """Height and width are parts of the model's square input, whatever the frame's shape."""
    box = [top, left, top + height, left + width]
    assert abs(smaller_side(box) - min(INPUT_SIDE * height, INPUT_SIDE * width)) < 0.001


def test_a_box_of_exactly_the_smallest_side_is_not_small() -> None:
    for width in (96, 640, 1920, 3000):
        side = SMALLEST_SIDE * width / INPUT_SIDE
        start = 0.1 * width
        assert smaller_side([0, start / width, 1, (start + side) / width]) == SMALLEST_SIDE


@given(st.lists(FRAMES, max_size=20))
def test_each_box_is_counted_once_in_the_class_of_its_size(frames: list[Frame]) -> None:
    tally = Tally(LABELS)
    for one in frames:
        tally.add(one)
    found = tally.inspection(heartbeat=lambda: None)
    borders = [0, *SIZE_STEPS, INPUT_SIDE + 1]
    for label in LABELS:
        sides = [smaller_side(box["box"]) for one in frames for box in one.boxes if box["label"] == label]
        expected = [sum(low <= side < high for side in sides) for low, high in pairwise(borders)]
        assert found.sizes[label] == expected
        assert found.small_share(label) == (expected[0] / len(sides) if sides else 0)


@given(FRAMES)
def test_a_frame_knows_its_labels_and_which_are_too_small(one: Frame) -> None:
    mark(one, LABELS)
    for number, label in enumerate(LABELS):
        boxes = [box["box"] for box in one.boxes if box["label"] == label]
        assert (f",{number}," in one.label_numbers) == bool(boxes)
        small = any(smaller_side(box) < SMALLEST_SIDE for box in boxes)
        assert (f",{number}," in one.small_label_numbers) == small


def test_one_label_is_never_taken_for_another_with_a_longer_number() -> None:
    labels = [f"label {number:02d}" for number in range(12)]
    one = frame(Split.TRAINING, [("label 11", 1, 1)])
    mark(one, labels)
    assert ",1," not in one.label_numbers


def test_what_is_stored_is_read_again_as_it_was() -> None:
    found = Inspection({"ball": [1, 0, 0, 0, 0, 2]}, NearDuplicates(5, 2, [Pair(3, 1, 0), Pair(0, 8, 20)]))
    assert Inspection.of(DatasetFactory.build(**found.stored())) == found


def test_a_dataset_that_was_not_looked_at_has_no_inspection() -> None:
    assert Inspection.of(DatasetFactory.build()) is None
