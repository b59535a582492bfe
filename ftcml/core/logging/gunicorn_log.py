"""gunicorn's own lines, in the shape of all others. It wants a class, and logs before Django is set up."""

import os

from django.conf import settings
from gunicorn.config import Config
from gunicorn.glogging import Logger as GunicornLogger

from ftcml.core.logging import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftcml.settings")


class Logger(GunicornLogger):
    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        logs.configure(settings.LOGGING)
