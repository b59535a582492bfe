"""Django's settings for a bench: the parts of the server that make datasets read their limits there."""

import atexit
import os
import shutil
import tempfile

import django
from django.conf import settings


def use() -> None:
    """Read the server's settings, with a data folder that goes when this program ends; once."""
    if not settings.configured:
        data = tempfile.mkdtemp(prefix="ftcml-bench-")
        atexit.register(shutil.rmtree, data, ignore_errors=True)
        os.environ["FTCML_DATA"] = data
        os.environ["DJANGO_SETTINGS_MODULE"] = "ftcml.settings"
    django.setup()
