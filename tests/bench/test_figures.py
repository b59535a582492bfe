"""How figures become medians, targets and AP of small objects."""

import numpy as np
import pytest

from bench.accuracy import sets, small_objects, time_to_accuracy
from bench.accuracy.contestants import PEER, default_recipe
from bench.accuracy.time_to_accuracy import Standing, medians
from bench.server.report import Target
from datasets.tfrecords import Box, Record
from detector.contract import catalog
from detector.evaluation.detections import detections_file
from detector.evaluation.matching import match
from detector.frames.objects import Detected, Truth

OURS = default_recipe(catalog.DEFAULT)


def race(better: float | None, contestant: str = OURS) -> Standing:
    return Standing(contestant, 1, 200, 20.0, better, ap50=0.95, ap=0.62, small=None, evaluating=9.0)


def test_a_target_that_was_not_reached_is_missed() -> None:
    assert Target("seconds", 44.0, "at most", 45).kept
    assert not Target("seconds", None, "at most", 45).kept
    assert str(Target("AP", 0.5, "at least", 0.6)) == "MISSED  AP at least 0.6: 0.50"


def test_the_median_of_the_seeds_is_reached_when_most_of_them_get_there() -> None:
    assert medians([race(40), race(None), race(50)]).better == 50
    assert medians([race(40), race(None), race(None)]).better is None


def test_a_peer_that_does_not_get_there_in_time_is_later_than_the_time() -> None:
    standings = [medians([race(50)]), medians([race(None, PEER)])]

    by_promise = {target.promise: target for target in time_to_accuracy.targets(standings, limit=300)}

    assert by_promise[f"{OURS}, times sooner at 0.9 than the sooner peer"].figure == 6
    assert not by_promise[f"{OURS}, seconds to AP@.50 0.9"].kept


def test_ap_of_small_objects_leaves_large_ones_out(tmp_path) -> None:
    small, large = Box("cube", 0.1, 0.1, 0.2, 0.2), Box("cube", 0.3, 0.3, 0.9, 0.9)
    frame = Record("frame.jpg", b"", 100, 100, [small, large])
    corners = {box: [box.ymin, box.xmin, box.ymax, box.xmax] for box in (small, large)}

    def ap50(*found: Box) -> float | None:
        boxes = np.array([corners[box] for box in found], np.float32).reshape(-1, 4)
        detected = Detected(boxes, np.full(len(found), 0.9), np.zeros(len(found), int))
        nothing = Truth(100, 100, np.empty([0, 4]), np.empty(0, int))
        path = tmp_path / "detections.json.gz"
        path.write_bytes(detections_file(100, ["cube"], [match(nothing, detected)]))
        return small_objects.ap50([frame], ["cube"], path)

    assert ap50(small) == pytest.approx(1)
    assert ap50(large) == 0
    assert ap50() == 0


def test_the_crowd_is_crowded_and_much_of_it_is_small() -> None:
    crowd = sets.crowded(12)

    sides = [((b.ymax - b.ymin) * r.height, (b.xmax - b.xmin) * r.width) for r in crowd.records for b in r.boxes]
    small = [height * width < 32 * 32 for height, width in sides]
    assert crowd.labels == ["ball", "cone", "cube"]
    assert max(len(record.boxes) for record in crowd.records) > 20
    assert 0.25 < sum(small) / len(small) < 0.75


def test_every_seed_holds_out_other_frames_and_a_fifth_of_them() -> None:
    frames = sets.sample(20)

    held_out = [{record.filename for record in frames.split(seed)[1]} for seed in range(3)]

    assert [len(names) for names in held_out] == [4, 4, 4]
    assert len(set(map(frozenset, held_out))) == 3
