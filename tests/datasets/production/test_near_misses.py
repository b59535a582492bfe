"""Which labels are pointed out as slips of each other."""

import pytest

from datasets.production.near_misses import NearMiss, is_near, near_misses


def test_slips_are_told_by_the_label_with_most_boxes() -> None:
    assert near_misses({"dcuk": 1, "Duck": 4, "duck": 40, "cube": 30}) == [
        NearMiss("Duck", "duck"),
        NearMiss("dcuk", "duck"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("duck", "dcuk"), ("cone", "cones"), ("red cone", "red_cone"), ("RedCone", "red cone"),
        ("pixel", "pxel"), ("white pixel", "whit pixle"), ("SAMPLE", "sample"), ("tag 7", "Tag-7"),
    ],
)  # fmt: skip
def test_near(one: str, other: str) -> None:
    assert is_near(one, other)
    assert is_near(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("red", "bed"), ("tag 1", "tag 2"), ("cube", "cone"), ("duck", "truck"), ("blue", "red"), ("tag12", "tag 1")],
)
def test_not_near(one: str, other: str) -> None:
    assert not is_near(one, other)
