import pytest
from django.urls import reverse

from datasets.models import Dataset, Frame, Shard
from ftcml.accounts.models import User
from tests.datasets.archives import sound_frames

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_site(client):
    client.force_login(User.objects.create_superuser("root", password="correct horse"))
    return client


@pytest.mark.parametrize("model", [Dataset, Shard, Frame])
def test_lists_and_pages_open_and_can_be_searched(admin_site, import_zip, model) -> None:
    import_zip(sound_frames(3))
    name = f"admin:datasets_{model._meta.model_name}"
    assert admin_site.get(reverse(f"{name}_changelist"), {"q": "a set"}).status_code == 200
    assert admin_site.get(reverse(f"{name}_change", args=[model.objects.first().pk])).status_code == 200
    assert admin_site.get(reverse(f"{name}_add")).status_code == 403


def test_only_the_description_of_a_dataset_can_be_changed(admin_site, import_zip) -> None:
    dataset = import_zip(sound_frames(3))
    url = reverse("admin:datasets_dataset_change", args=[dataset.pk])
    admin_site.post(url, {"description": "better name", "state": "FAILED", "labels": "[]"})
    dataset.refresh_from_db()
    assert (dataset.description, dataset.state, dataset.labels) == ("better name", "READY", ["ball"])
