import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftcml.settings")
django_application = get_wsgi_application()

# Only now: they need Django and its settings.
from ftcml.core.requests.readable_text import in_utf8_alone  # noqa: E402
from ftcml.serving.front import Front  # noqa: E402

application = in_utf8_alone(Front(django_application))
