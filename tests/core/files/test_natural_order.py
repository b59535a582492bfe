"""Names in the order in which people number them."""

import random

from ftcml.core.files.natural_order import natural_key


def test_numbers_count_as_numbers() -> None:
    names = ["a/IMG_2.jpg", "a/img_10.jpg", "b 1.5.png", "b 1.10.png", "b.png", "①.jpg", "２.jpg", "10.jpg", "Ω9.jpg"]
    random.Random(1).shuffle(names)
    assert sorted(names, key=natural_key) == [
        "①.jpg", "２.jpg", "10.jpg", "a/IMG_2.jpg", "a/img_10.jpg", "b 1.5.png", "b 1.10.png", "b.png", "Ω9.jpg",
    ]  # fmt: skip


def test_the_order_is_always_the_same() -> None:
    assert sorted(["b1", "B1", "b01"], key=natural_key) == sorted(["b01", "b1", "B1"], key=natural_key)
