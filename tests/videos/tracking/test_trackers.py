"""Trackers follow an object through a clip, and say when it's gone."""

import pytest

from tests.videos.tracking.clips import Clip, across
from videos.tracking.by_name import catalog, opencv_trackers
from videos.tracking.by_name.guarded import Guarded
from videos.tracking.color_follower import ColorFollower
from videos.tracking.corners import overlap
from videos.tracking.pattern_tracker import PatternTracker
from videos.tracking.tracker import Found, Tracker


class Stubborn:
    """Says forever that the object is where it was, as MIL does."""

    def start(self, picture, corners) -> None:
        self._corners = corners

    def step(self, picture) -> Found:
        return Found(self._corners, 1.0)


def followed(tracker: Tracker, clip: Clip) -> list[Found | None]:
    tracker.start(clip.picture(0), clip.box(0))
    return [tracker.step(clip.picture(number)) for number in range(1, len(clip))]


@pytest.mark.parametrize(("kind", "flat"), [(ColorFollower, True), (PatternTracker, False)])
def test_our_trackers_stay_on_the_object(kind, flat) -> None:
    clip = Clip(across(), flat)

    found = followed(kind(), clip)

    assert all(one and overlap(one.corners, clip.box(number)) > 0.8 for number, one in enumerate(found, start=1))


@pytest.mark.parametrize("name", opencv_trackers.NAMES)
def test_each_tracker_of_the_reference_follows_a_pattern(name) -> None:
    clip = Clip(across(4), flat=False)

    last = followed(catalog.tracker(name), clip)[-1]

    assert last is None or overlap(last.corners, clip.box(3)) > 0.3


@pytest.mark.parametrize("flat", [True, False])
def test_a_tracker_that_never_gives_up_is_not_believed(flat) -> None:
    clip = Clip([*across(3), None, None], flat)

    assert followed(Guarded(Stubborn()), clip)[-1] is None


def test_vittrack_is_offered_once_its_file_is_there(tmp_path) -> None:
    file = tmp_path / "vittrack.onnx"
    assert catalog.VIT not in catalog.names(file)

    file.touch()

    assert catalog.names(file)[0] == catalog.AUTOMATIC
    assert catalog.VIT in catalog.names(file)
