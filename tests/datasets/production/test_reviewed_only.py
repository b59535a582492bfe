"""Produce Dataset from reviewed frames only: the preview, the dialog and the dataset say the same."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from datasets.models import Dataset
from datasets.production.choices import ProductionChoices
from datasets.services.labeling import production
from ftcml.accounts.models import User
from tests.datasets.producing import import_what_waits
from tests.datasets.production.conftest import Filmed
from videos.labeling import marking
from videos.models import Box
from videos.reviewing import reviews

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_frames_that_a_second_person_approved_count(filmed: Filmed, coach: User) -> None:
    video = filmed(frames=40, finished=30, labels=("cone", "ball"))
    Box.objects.filter(label__name="ball", frame__number__lt=20).delete()
    reviews.approve(video, 0, 19, coach)
    asked = ProductionChoices((), reviewed_only=True, offered=("ball", "cone"))
    told = production.preview(video.team, [video], asked)
    assert (told.refusal, told.unfinished, told.unreviewed) == ("", 10, 10)
    assert told.training + told.evaluation + told.gap == 20
    dataset = production.request(video.team, None, "cones", [video], asked)
    marking.set_finished(video.frames.get(number=3), True, coach)  # which takes its review back
    import_what_waits()
    dataset.refresh_from_db()
    assert dataset.labels == ["cone"]
    assert {frame.source.number for frame in dataset.frames.all()} <= {*range(20)} - {3}


def test_the_choice_is_offered_where_frames_are_reviewed(
    member_client: Client, member_api: APIClient, filmed: Filmed, coach: User
) -> None:
    video = filmed(frames=12)
    address = f"/datasets/produce/?video={video.pk}"
    assert "Reviewed frames only" not in member_client.get(address).content.decode()
    reviews.approve(video, 0, 7, coach)
    assert "Reviewed frames only" in member_client.get(address).content.decode()
    said = {"video": str(video.pk), "description": "cones", "eval_percent": 20, "method": "blocks", "seed": 0}
    assert "reviewed" not in member_client.post("/datasets/produce/report/", said).content.decode()
    said |= {"reviewed_only": "on"}
    assert "4 frames aren&#x27;t reviewed." in member_client.post("/datasets/produce/report/", said).content.decode()
    preview = member_api.post(
        "/api/v1/datasets/produce/preview/", {"videos": [str(video.pk)], "reviewed_only": True}, format="json"
    )
    assert preview.json()["unreviewed"] == 4
    member_client.post("/datasets/produce/", said)
    import_what_waits()
    page = member_client.get(f"/datasets/{Dataset.objects.get().pk}/").content.decode()
    assert f"Produced from the reviewed frames of “{video}”." in page
