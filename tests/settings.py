"""The server's settings, for tests. pytest-django reads them before any conftest.py, so the environment is set here."""

import atexit
import os
import shutil
import tempfile

# Tests never touch the data of a running server.
os.environ["FTCML_DATA"] = tempfile.mkdtemp(prefix="ftcml-tests-")
atexit.register(shutil.rmtree, os.environ["FTCML_DATA"], ignore_errors=True)
os.environ.pop("DATABASE_URL", None)
if "FTCML_TEST_DATABASE_URL" in os.environ:  # tests/databases names the database to test on instead of SQLite
    os.environ["DATABASE_URL"] = os.environ["FTCML_TEST_DATABASE_URL"]
os.environ["FTCML_TEST_CATALOG"] = "1"
os.environ["REDIS_URL"] = "redis://127.0.0.1:1/0"  # nothing listens; tests that need a broker start their own
# Processes that tests start read the real settings, from this environment.
os.environ["DJANGO_SETTINGS_MODULE"] = "ftcml.settings"

from ftcml.settings import *  # noqa: E402, F403

SHARED_ANSWER_SECONDS = -1  # each test looks at what it has changed
