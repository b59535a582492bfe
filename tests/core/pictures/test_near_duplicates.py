"""Which pictures look almost alike."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from datasets.sample import sample_dataset
from ftcml.core.pictures import near_duplicates
from ftcml.core.pictures.near_duplicates import BITS, MOST_NAMED, NEAR, UNREADABLE, Pair, fingerprint

FINGERPRINTS = st.one_of(
    st.sampled_from(["", UNREADABLE]),
    # Few of the bits are ever set, so that many of these are near to each other.
    st.integers(0, 2 ** (2 * NEAR) - 1).map(lambda bits: f"{bits:0{BITS // 4}x}"),
)


def find(training: list[str], evaluation: list[str]) -> near_duplicates.NearDuplicates:
    return near_duplicates.find(training, evaluation, heartbeat=lambda: None)


def distance(one: str, other: str) -> int:
    if {one, other} & {"", UNREADABLE}:
        return BITS
    return (int(one, 16) ^ int(other, 16)).bit_count()


@given(st.lists(FINGERPRINTS, max_size=30), st.lists(FINGERPRINTS, max_size=30), st.sampled_from([1, 7, 1024]))
def test_every_pair_is_found_in_blocks_of_any_size(training: list[str], evaluation: list[str], at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near_duplicates, "_AT_ONCE", at_once)
        found = find(training, evaluation)
    distances = [[distance(one, other) for other in training] for one in evaluation]
    assert found.pairs == sum(bits <= NEAR for row in distances for bits in row)
    least = {number: min(row, default=BITS) for number, row in enumerate(distances)}
    alike = {number: bits for number, bits in least.items() if bits <= NEAR}
    assert found.frames == len(alike)
    assert len(found.closest) == min(len(alike), MOST_NAMED)
    assert [pair.distance for pair in found.closest] == sorted(alike.values())[:MOST_NAMED]
    for pair in found.closest:
        assert pair.distance == alike[pair.evaluation] == distances[pair.evaluation][pair.training]


def test_the_nearest_come_first_and_most_are_only_counted() -> None:
    same = "0" * 64
    found = find([same], [f"{2**bits - 1:064x}" for bits in range(NEAR + 2)][::-1])
    assert (found.pairs, found.frames) == (NEAR + 1, NEAR + 1)
    assert found.closest[:2] == [Pair(NEAR + 1, 0, 0), Pair(NEAR, 0, 1)]
    assert len(found.closest) == MOST_NAMED


def test_a_set_of_one_picture_over_and_over_takes_no_memory_for_its_pairs() -> None:
    found = find(["a" * 64] * 3000, ["a" * 64] * 3000)
    assert (found.pairs, found.frames) == (9_000_000, 3000)


@pytest.fixture(scope="module")
def scenes() -> list[Image.Image]:
    return [Image.open(io.BytesIO(scene.read())).convert("RGB") for scene in sample_dataset.samples(12)]


def again(picture: Image.Image, quality: int) -> Image.Image:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return Image.open(stream).convert("RGB")


def test_a_picture_stored_again_smaller_or_brighter_is_still_near(scenes: list[Image.Image]) -> None:
    prints = [fingerprint(scene) for scene in scenes]
    for change in (
        lambda scene: again(scene, 50),
        lambda scene: scene.resize((320, 240)),
        lambda scene: ImageEnhance.Brightness(scene).enhance(1.15),
        lambda scene: scene.convert("L"),
    ):
        found = find(prints, [fingerprint(change(scene)) for scene in scenes])
        assert {(pair.evaluation, pair.training) for pair in found.closest} == {(n, n) for n in range(len(scenes))}


def test_other_scenes_are_far_from_it(scenes: list[Image.Image]) -> None:
    prints = [fingerprint(scene) for scene in scenes]
    for number, one in enumerate(prints):
        assert find(prints[:number] + prints[number + 1 :], [one]).frames == 0


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(["L", "RGB"]), st.integers(0, 9))
def test_a_picture_of_any_size_has_a_fingerprint(width: int, height: int, mode: str, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    assert len(bytes.fromhex(fingerprint(Image.fromarray(pixels).convert(mode)))) == BITS // 8
