"""Labels that one person deletes while another gives them to boxes: the box is saved, and the label stays."""

import uuid
from threading import Thread

import pytest
from django.db import connection, transaction

from ftcml.accounts.models import Team
from tests.factories import LabelFactory, UserFactory, VideoFactory, VideoFrameFactory
from videos.labeling import labels, marking, proposing, saving
from videos.labeling.edits import BoxEdit, FrameEdit, GivenLook
from videos.models import Frame, Label
from videos.refusals import VideoRefused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


class Deleting(Thread):
    """Another person deletes a label at the same time."""

    def __init__(self, label: Label) -> None:
        super().__init__()
        self._label = label
        self.refusal = ""

    def run(self) -> None:
        try:
            labels.delete(self._label)
        except VideoRefused as refused:
            self.refusal = str(refused)
        finally:
            connection.close()


def saved(frame: Frame, label: Label) -> None:
    look = GivenLook(label.pk, label.name, (10, 20, 110, 220), "drawn", True, None)
    saving.save(frame.video, UserFactory(), [FrameEdit(frame.number, [BoxEdit(uuid.uuid4(), None, look)])])


def given(frame: Frame, label: Label) -> None:
    marking.set_boxes(frame, [marking.GivenBox(label.name, 10, 20, 110, 220)], None, finished=True)


def proposed(frame: Frame, label: Label) -> None:
    box = proposing.Proposal(uuid.uuid4(), label.name, (10, 20, 110, 220), 0.9)
    proposing.propose(frame.video, {frame.pk: proposing.FrameProposals([box])})


@pytest.mark.parametrize("give", [saved, given, proposed])
def test_a_label_that_a_box_is_about_to_get_is_not_deleted(team: Team, give) -> None:
    frame = VideoFrameFactory(video=VideoFactory(team=team))
    label = LabelFactory(team=team, name="cone")
    with transaction.atomic():
        give(frame, label)
        other = Deleting(Label.objects.get(pk=label.pk))
        other.start()
        other.join(0.3)  # it waits for the end of the transaction
    other.join(30)
    assert other.refusal == "“cone” is in use (boxes: 1). Give those another label first."
    assert frame.boxes.get().label == label
