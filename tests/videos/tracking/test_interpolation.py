"""Boxes between keyframes: whatever the keyframes are, lines between them, and nothing where the object is gone."""

from hypothesis import given
from hypothesis import strategies as st

from videos.tracking import interpolation

LAST = 30
_sides = st.floats(0, 500)
_boxes = st.tuples(_sides, _sides, _sides, _sides).map(
    lambda sides: (*map(min, sides[:2], sides[2:]), *(max(a, b) + 1 for a, b in zip(sides[:2], sides[2:], strict=True)))
)
_keyframes = st.dictionaries(st.integers(0, LAST), st.none() | _boxes, max_size=6)


@given(_keyframes)
def test_each_frame_has_at_most_one_box_which_lies_between_its_keyframes(keyframes) -> None:
    frames = list(interpolation.between(keyframes, LAST))
    boxes = dict(frames)

    assert len(frames) == len(boxes)
    for number in range(LAST + 1):
        before = max((key for key in keyframes if key <= number), default=None)
        if before is None or keyframes[before] is None:
            assert number not in boxes
            continue
        one = keyframes[before]
        after = min((key for key in keyframes if key > number), default=None)
        other = keyframes[after] if after is not None and keyframes[after] else one
        assert all(
            min(a, b) - 1e-6 <= side <= max(a, b) + 1e-6 for a, b, side in zip(one, other, boxes[number], strict=True)
        )
        assert before != number or boxes[number] == one


def test_an_object_that_leaves_keeps_its_box_until_then() -> None:
    box, later = (0.0, 0.0, 10.0, 10.0), (20.0, 0.0, 30.0, 10.0)

    boxes = dict(interpolation.between({0: box, 2: None, 4: later}, 5))

    assert boxes == {0: box, 1: box, 4: later, 5: later}
