"""Django's admin opens the list and one row of every model; what the program alone writes cannot be edited there."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from datasets.models import Frame, Shard
from ftcml.accounts.models import ApiToken
from ftcml.console.models import MaintenancePage, OperatorAction, StorageMeasurement, StorageUse
from training.integrity import sweeping
from training.models import Checkpoint, MeasuredSpeed, MetricPoint, ModelFile, TrainerLog, TrainingSwitch

MODELS = sorted((model for model in admin.site._registry), key=lambda model: model._meta.label)


@pytest.fixture
def a_row_of_every_kind(start, coach) -> None:
    job = start()
    ApiToken.issue(coach.memberships.get())
    Checkpoint.objects.create(job=job, step=100, lease_number=1)
    MetricPoint.objects.create(job=job, split="train", tag="learning_rate", step=100, value=0.01)
    ModelFile.objects.create(job=job, variant="float32", name="there", size=1)
    MeasuredSpeed.objects.create(worker="hall", accelerator="cpu", starting_model="any", seconds_per_frame=0.1)
    TrainerLog.objects.create(job=job, tail="step 100")
    sweeping.sweep()
    TrainingSwitch.objects.update_or_create(pk=1, defaults={"is_on": False, "reason": "the hall is closed"})
    MaintenancePage.objects.create(pk=1)
    OperatorAction.objects.create(operator="olga", kind="grant", subject="FTC 7001")
    StorageMeasurement.objects.create(pk=1)
    StorageUse.objects.create(team=job.team)
    dataset = job.datasets.get()
    Shard.objects.create(dataset=dataset, split="training", number=0, frames=1, name="shard")
    Frame.objects.create(dataset=dataset, split="training", number=0, filename="a.jpg", width=1, height=1)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_the_list_and_a_row_open(admin_client, a_row_of_every_kind, model) -> None:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model.objects.first()
    assert admin_client.get(reverse(f"{name}_changelist")).status_code == 200
    if row:
        assert admin_client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200


def test_every_model_of_the_project_is_there() -> None:
    """But for those of ftcml.installation, whose rows are alarms on the console."""
    ours = {
        model
        for app in apps.get_app_configs()
        if app.name.startswith("ftcml.") or app.name in ("videos", "datasets", "training")
        if app.name != "ftcml.installation"
        for model in app.get_models()
    }
    assert ours <= set(MODELS)


def test_a_job_is_not_edited_behind_the_back_of_the_verbs(admin_client, start) -> None:
    job = start()
    answer = admin_client.post(reverse("admin:training_trainingjob_change", args=[job.pk]), {"state": "SUCCEEDED"})
    assert answer.status_code == 403
    job.refresh_from_db()
    assert job.state == "QUEUED"


@pytest.mark.parametrize("model", [TrainingSwitch, MaintenancePage, OperatorAction], ids=lambda model: model.__name__)
def test_what_the_console_writes_down_is_not_changed_beside_it(admin_client, model) -> None:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert admin_client.get(reverse(f"{name}_add")).status_code == 403
    row = model.objects.create(pk=1)
    for action in ("change", "delete"):
        assert admin_client.post(reverse(f"{name}_{action}", args=[1]), {"post": "yes"}).status_code == 403
    assert model.objects.get() == row
