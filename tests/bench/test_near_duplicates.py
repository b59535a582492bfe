from bench.accuracy import sets
from bench.imports import near_duplicates


def test_changed_copies_are_nearer_to_their_picture_than_other_pictures() -> None:
    found = near_duplicates.measure(sets.sample(6))

    assert found.count == 6
    assert found.changed.keys() == near_duplicates.CHANGES.keys()
    assert found.near_pairs == 0
    assert max(found.changed.values()) < found.closest_far_pair
