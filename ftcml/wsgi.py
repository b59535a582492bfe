import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftcml.settings")
django_application = get_wsgi_application()

from ftcml.serving.front import Front  # noqa: E402 (it reads the settings)

application = Front(django_application)
