"""How many bits differ in the fingerprints of a picture and its changed copies, and of different pictures.

    make bench BENCH=near_duplicates                              the sample dataset's pictures
    make bench BENCH=near_duplicates DATA=/path/to/raccoon.zip    those of any Pascal VOC zip as well

The bound between near and far, ftcml/core/pictures/near_duplicates.py's NEAR, is to lie between the two.
"""

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image, ImageEnhance

from bench.accuracy import sets
from bench.accuracy.sets import FrameSet
from bench.server import report
from bench.server.report import Target
from datasets.sample.sample_dataset import FRAMES
from ftcml.core.pictures.near_duplicates import NEAR, fingerprint

_PICTURES_CHANGED = 80
CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "again as JPEG of quality 50": lambda picture: _again(picture, quality=50),
    "at half the size": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
    "brighter by 15 %": lambda picture: ImageEnhance.Brightness(picture).enhance(1.15),
}


@dataclass(frozen=True)
class Distances:
    """In bits. `changed`: by change, the most by which any copy differs from its picture.

    `near_pairs`: of different pictures, those in which at most NEAR bits differ; `closest_far_pair`: the least of all
    others.
    """

    pictures: str
    count: int
    changed: dict[str, int]
    near_pairs: int
    closest_far_pair: int


def measure(frames: FrameSet) -> Distances:
    pictures = [Image.open(io.BytesIO(record.jpeg)).convert("RGB") for record in frames.records]
    prints = [fingerprint(picture) for picture in pictures]
    changed = {
        words: max(_differing(fingerprint(change(picture)), own) for picture, own in _first(pictures, prints))
        for words, change in CHANGES.items()
    }
    between = [_differing(one, other) for place, one in enumerate(prints) for other in prints[:place]]
    far = [distance for distance in between if distance > NEAR]
    return Distances(frames.name, len(prints), changed, len(between) - len(far), min(far))


def _first(pictures: Sequence[Image.Image], prints: Sequence[str]) -> list[tuple[Image.Image, str]]:
    return list(zip(pictures, prints, strict=True))[:_PICTURES_CHANGED]


def _differing(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _again(picture: Image.Image, quality: int) -> Image.Image:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return Image.open(stream).convert("RGB")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a Pascal VOC zip with other pictures")
    options = parser.parse_args(arguments)
    report.print_machine()
    found = [sets.sample(FRAMES)] + ([sets.from_zip(options.data)] if options.data else [])
    distances = [measure(frames) for frames in found]
    report.print_table(
        f"Bits that differ, of which {NEAR} make a near pair",
        ("pictures", *(f"{words}, at most" for words in CHANGES), "near pairs", "closest other pair"),
        [
            (f"{d.pictures}, {d.count}", *map(str, d.changed.values()), str(d.near_pairs), str(d.closest_far_pair))
            for d in distances
        ],
    )
    targets = [target for one in distances for target in _targets(one)]
    return report.finish({"near_duplicates": [asdict(one) for one in distances]}, targets)


def _targets(distances: Distances) -> list[Target]:
    """Copies are near; what is not near is twice as far, so that little depends on the bound."""
    most = max(distances.changed.values())
    return [
        Target(f"bits by which copies differ, {distances.pictures}", most, "at most", NEAR),
        Target(
            f"bits of the closest other pair, {distances.pictures}", distances.closest_far_pair, "at least", 2 * NEAR
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
