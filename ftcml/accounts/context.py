"""What every page shows around its content."""

import tomllib
from functools import cache

from django.conf import settings
from django.http import HttpRequest


@cache
def version() -> str:
    """The version of this server, from the one place that states it."""
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


def header(request: HttpRequest) -> dict:
    """What the page header shows. The teams are read only when the template asks for them."""
    team = getattr(request, "team", None)
    return {"team": team, "support_contact": settings.SUPPORT_CONTACT, "version": version()}
