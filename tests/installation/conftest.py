from tests.datasets.conftest import import_zip
from tests.servers.s3_server import away_storage, bucket, s3_server
from tests.training.conftest import start

__all__ = ["away_storage", "bucket", "import_zip", "s3_server", "start"]
