"""What costs the server much is slowed down on the pages as in the API, with a sentence that says until when."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from detector.contract import catalog
from ftcml.accounts.services.throttle import ImportThrottle, StartThrottle
from tests.factories import DatasetFactory
from training.models import TrainingJob

TOO_OFTEN = "Too many tries in a short time. Try again in 60 minutes."


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet(monkeypatch) -> None:
    cache.clear()
    for throttle in (ImportThrottle, StartThrottle):
        monkeypatch.setitem(throttle.THROTTLE_RATES, throttle.scope, "1/hour")


def test_imports(member_client: Client) -> None:
    def answer() -> str:
        form = {
            "description": "cones",
            "eval_percent": 20,
            "split_seed": 0,
            "upload": SimpleUploadedFile("cones.zip", b"not a zip"),
        }
        return member_client.post(reverse("dataset-import"), form).content.decode()

    assert "isn&#x27;t a zip file" in answer()
    assert TOO_OFTEN in answer()


def test_starts(member_client: Client, team) -> None:
    dataset = DatasetFactory(team=team)

    def press(job_id: str) -> str:
        choices = {"starting_model": catalog.DEFAULT, "training_steps": 100, "max_minutes": 5, "description": "finder"}
        form = {**choices, "dataset": str(dataset.pk), "job_id": job_id}
        return member_client.post(reverse("start-training"), form).content.decode()

    press("00000000-0000-4000-8000-000000000001")
    assert TOO_OFTEN in press("00000000-0000-4000-8000-000000000002")
    assert TrainingJob.objects.count() == 1
