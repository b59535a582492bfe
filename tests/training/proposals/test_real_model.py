"""A real model in a process of its own proposes what LiteRT finds."""

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from ftcml.core.files import storage
from ftcml.core.work import watched_child
from tests.detector.conftest import detector, exported, exporter  # noqa: F401
from tests.detector.exported import LABELS, SIZE, drawn_pictures, find_with_litert, sure
from tests.factories import TrainingJobFactory, VideoFactory, VideoFrameFactory, add_model
from training import tasks
from training.models import FrameDetections, ModelRun
from training.proposals import runs
from training.proposals.runs import RunChoices
from videos.labeling import proposing

# The child sees what is committed.
pytestmark = [pytest.mark.tensorflow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _as_a_worker_has_it(children_see_this_test: None, monkeypatch) -> None:
    watched_child.stopping.clear()
    monkeypatch.setattr("ftcml.installation.identity.work_must_wait", lambda: False)


def test_a_run_proposes_what_litert_finds(team, exported: Path) -> None:  # noqa: F811
    model = TrainingJobFactory(team=team, labels=LABELS)
    storage.put(add_model(model).name, exported)
    video = VideoFactory(team=team)
    pictures = drawn_pictures(3)
    for number, pixels in enumerate(pictures):
        stream = io.BytesIO()
        Image.fromarray(pixels).save(stream, "PNG")
        frame = VideoFrameFactory(video=video, number=number, width=SIZE, height=SIZE)
        storage.put(frame.picture_name, ContentFile(stream.getvalue()))
    run = runs.start(video, model, None, RunChoices())
    tasks.run_next_model()
    run.refresh_from_db()
    assert (run.state, run.frames_done, run.error) == (ModelRun.State.DONE, 3, "")

    for number, pixels in enumerate(pictures):
        expected = sure(find_with_litert(exported, pixels))
        places = [tuple(found.box * SIZE) for found in expected]
        boxes = proposing.open_proposals(video).filter(frame__number=number)
        assert expected
        assert boxes.count()
        for box in boxes:
            assert any((box.ymin, box.xmin) == pytest.approx(place[:2], abs=2) for place in places), "nothing invented"
    looks = FrameDetections.objects.values_list("look", flat=True)
    assert {len(look) for look in looks} == {2 * 576}, "of the widest layer"
