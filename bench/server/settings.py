"""Django's settings for a bench: the parts of the server that make datasets read their limits there."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django
from django.conf import settings


def use(data: Path | None = None) -> None:
    """Read the server's settings, once; without a data folder, with one that goes when this program ends.

    Raises RuntimeError where they were read before, with the data of the real server.
    """
    if settings.configured and Path(os.environ.get("FTCML_DATA", "")).resolve() != settings.DATA_DIR:
        raise RuntimeError("the settings were read before the bench named its data folder")
    if not settings.configured:
        if not data:
            data = Path(tempfile.mkdtemp(prefix="ftcml-bench-"))
            atexit.register(shutil.rmtree, data, ignore_errors=True)
        os.environ["FTCML_DATA"] = str(data)
        os.environ["DJANGO_SETTINGS_MODULE"] = "ftcml.settings"
    django.setup()
