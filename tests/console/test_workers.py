"""An operator drains a training worker, and has it take trainings again."""

from django.test import Client

from ftcml.console.models import OperatorAction
from ftcml.installation.version import version
from training.models import TrainingWorker


def test_a_worker_is_drained_and_takes_trainings_again(operator_client: Client, training_worker) -> None:
    worker = TrainingWorker.objects.get()
    assert version() in operator_client.get("/console/").content.decode()
    dialog = operator_client.get(f"/console/workers/{worker.pk}/drain/").content.decode()
    assert "No other worker is ready." in dialog

    assert operator_client.post(f"/console/workers/{worker.pk}/drain/", {"how": "hand-over"}).status_code == 204
    page = operator_client.get("/console/").content.decode()
    assert all(words in page for words in ("drained", "at rest", "Take Trainings Again"))

    assert operator_client.post(f"/console/workers/{worker.pk}/undrain/").status_code == 204
    assert "at rest" not in operator_client.get("/console/").content.decode()
    assert list(OperatorAction.objects.order_by("id").values_list("kind", "subject", "details")) == [
        ("drain", "worker-1", "Hand its present training over"),
        ("undrain", "worker-1", ""),
    ]


def test_a_way_that_is_none_is_refused_and_an_older_worker_shows_it(operator_client: Client, training_worker) -> None:
    worker = TrainingWorker.objects.get()
    assert operator_client.post(f"/console/workers/{worker.pk}/drain/", {"how": "at once"}).status_code == 422
    TrainingWorker.objects.update(version="0.4.0")
    page = operator_client.get("/console/").content.decode()
    assert "0.4.0" in page
    assert "differs" in page
