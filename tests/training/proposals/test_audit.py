"""An audit of labels names boxes that are missing, that show nothing, and that have a wrong label."""

import numpy as np
import pytest

from tests.factories import BoxFactory, LabelFactory, VideoFrameFactory
from tests.training.proposals.conftest import PLAIN, as_it_ended, at
from training.models import ModelRun
from training.proposals import features, runs
from training.proposals.runs import RunChoices

pytestmark = pytest.mark.django_db


def test_each_kind_of_finding(video, model, finds, team) -> None:
    cone, cube = (LabelFactory(team=team, name=name) for name in ("cone", "cube"))
    found, looks = {}, {}
    for frame in video.frames.all():
        # Cones are on the left and look one way, cubes on the right and look another way.
        place(frame, cone, 0)
        place(frame, cube, 540)
        found[frame.number] = [at(0), at(540, "cube")]
        looks[frame.number] = PLAIN.copy()
        looks[frame.number][:, :10, 0] = 1
        looks[frame.number][:, 10:, 1] = 1
    video.frames.update(finished=True)
    wrong = video.frames.get(number=2).boxes.get(label=cube)
    wrong.label = cone
    wrong.save()
    found[4] = [*found[4], at(300, score=0.8)]
    lonely = place(video.frames.get(number=5), cone, 200)
    unlabeled = VideoFrameFactory(video=video, number=6)
    finds({**found, 6: [at(0)]}, looks)

    run = as_it_ended(runs.start(video, model, None, RunChoices(ModelRun.Purpose.AUDIT)))
    told = [(one.kind, one.frame.number, one.label, one.other_label) for one in run.findings.order_by("frame__number")]
    assert told == [
        ("other_label", 2, "cone", "cube"),
        ("not_labeled", 4, "cone", ""),
        ("not_found", 5, "cone", ""),
    ]
    assert [one.box_key for one in run.findings.order_by("frame__number")] == [wrong.key, None, lonely.key]
    assert not unlabeled.boxes.exists()
    assert runs.newest_audit(video) == run


def place(frame, label, left: float):
    return BoxFactory(frame=frame, label=label, xmin=left, ymin=100, xmax=left + 100, ymax=200)


def test_a_box_looks_like_the_cells_that_it_covers() -> None:
    cells = np.zeros((10, 10, 2), np.float32)
    cells[:, :5, 0] = cells[:, 5:, 1] = 1
    assert features.of_box(cells, (0, 0, 100, 100), 640, 360) == pytest.approx([1, 0], abs=0.01)
    assert features.of_box(cells, (160, 0, 480, 360), 640, 360) == pytest.approx([0.7071, 0.7071], abs=0.01)
    dot = (638.0, 358.0, 638.5, 358.5)
    assert features.of_box(cells, dot, 640, 360) == pytest.approx([0, 1], abs=0.01)
