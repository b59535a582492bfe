import pytest

from ftcml.core.files import bucket as bucket_module
from tests.datasets.conftest import import_zip
from tests.servers.s3_server import away_storage, bucket, s3_server
from tests.training.conftest import start

__all__ = ["away_storage", "bucket", "import_zip", "s3_server", "start"]


@pytest.fixture
def quick_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """One try, without the pauses between several."""
    monkeypatch.setitem(bucket_module._CONFIG, "retries", {"total_max_attempts": 1})
