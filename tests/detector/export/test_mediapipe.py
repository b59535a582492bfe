"""MediaPipe Tasks, a reader that is not ours, loads the exported file as it is."""

import ctypes.util
from pathlib import Path

import numpy as np
import pytest

from detector.contract.suppression import DEFAULT_DETECTIONS
from tests.detector.exported import Found, drawn_pictures, find_with_litert, photographs, same, sure

# MediaPipe's library is linked against them, also where it computes on the CPU alone.
_ABSENT = [name for name in ("EGL", "GLESv2") if not ctypes.util.find_library(name)]

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.skipif(
        bool(_ABSENT),
        reason=f"MediaPipe needs the system libraries {_ABSENT}: on Debian, apt-get install libegl1 libgles2",
    ),
]


def find_with_mediapipe(model: Path, pictures: list[np.ndarray]) -> list[list[Found]]:
    import mediapipe
    from mediapipe.tasks.python import BaseOptions
    from mediapipe.tasks.python.vision import ObjectDetector, ObjectDetectorOptions

    options = ObjectDetectorOptions(BaseOptions(model_asset_path=str(model)))
    with ObjectDetector.create_from_options(options) as detector:
        results = [
            detector.detect(mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=picture))
            for picture in pictures
        ]
    return [
        [found for detection in result.detections for found in _found(detection, picture.shape)]
        for result, picture in zip(results, pictures, strict=True)
    ]


def _found(detection, shape: tuple[int, ...]) -> list[Found]:
    """MediaPipe puts several labels at one place into one detection, with a box in whole pixels."""
    pixels, (height, width, _) = detection.bounding_box, shape
    box = np.array([pixels.origin_y, pixels.origin_x, pixels.origin_y + pixels.height, pixels.origin_x + pixels.width])
    fractions = box / [height, width, height, width]
    return [Found(category.category_name, category.score, fractions) for category in detection.categories]


def assert_same_finds(model: Path, pictures: list[np.ndarray], score: float = 0.01) -> None:
    for picture, found in zip(pictures, find_with_mediapipe(model, pictures), strict=True):
        expected = find_with_litert(model, picture)
        assert sure(expected)
        assert all(same(each, found, score) for each in sure(expected))
        assert all(same(each, expected, score) for each in sure(found))


def test_mediapipe_finds_the_same_on_drawings_and_names_the_labels(exported):
    assert_same_finds(exported, drawn_pictures(6))


def test_mediapipe_reads_every_variant(variant):
    # Its own build of LiteRT rounds at other places.
    assert_same_finds(variant, drawn_pictures(6), score=0.05)


def test_mediapipe_finds_the_same_on_photographs(exported, raccoon_zip):
    # Where there are more sure boxes than a file gives, which one is the last hangs on the last digit of a score.
    found = [(picture, find_with_litert(exported, picture)) for picture in photographs(raccoon_zip, 20)]
    seen = [picture for picture, detections in found if 0 < len(sure(detections)) < DEFAULT_DETECTIONS]
    assert len(seen) > 5
    assert_same_finds(exported, seen)
