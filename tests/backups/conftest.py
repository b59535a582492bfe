import pytest
from django.core.files.base import ContentFile
from django.db.backends.base.base import BaseDatabaseWrapper

from datasets.models import Dataset
from ftcml.core.files import storage
from ftcml.installation import identity
from tests.backups.empty_place import empty_place
from tests.one_of_everything import make_team
from tests.servers.s3_server import bucket, s3_server
from tests.training.conftest import start
from training.models import TrainingJob

pytest.register_assert_rewrite("tests.training.promises")

__all__ = ["bucket", "empty_place", "s3_server", "start"]


@pytest.fixture
def model(db) -> TrainingJob:
    """A model of a team that has one of everything, with its files."""
    job = make_team()[1]
    for dataset in Dataset.objects.all() | Dataset.kept.exclude(trashed_at=None):
        storage.put(dataset.label_map_name, ContentFile(b"labels"))
    identity.check()
    return job


@pytest.fixture
def second_database(monkeypatch: pytest.MonkeyPatch, django_db_blocker) -> None:
    """What is tested opens a database of its own beside the tests', which Django's tests don't allow."""
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", django_db_blocker._real_ensure_connection)
