"""The banner that an operator writes: on top of every page, until it ends or the reader hides it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from ftcml.console.models import MaintenancePage

# What the browser keeps when a person has hidden a banner: static/js/every-page/banner.js sets it.
COOKIE = "hidden_banner"
_KEPT = "_maintenance_page"


@dataclass(frozen=True)
class Banner:
    """`key`: of this banner and this reader, for on a shared computer the next one hasn't hidden it."""

    sentence: str
    key: str


def keep(request: HttpRequest, page: MaintenancePage) -> None:
    """Keep the row that was read for this request, so that the banner costs no query."""
    setattr(request, _KEPT, page)


def banner(request: HttpRequest) -> dict[str, Any]:
    """Give templates `banner`. It's read where a whole page asks for it, not for parts of one."""
    return {"banner": lambda: _shown(request)}


def _shown(request: HttpRequest) -> Banner | None:
    page = getattr(request, _KEPT, None) or MaintenancePage.now()
    if not page.shows_banner:
        return None
    key = f"{page.banner_number}-{request.user.pk or 0}"
    return None if request.COOKIES.get(COOKIE) == key else Banner(page.banner, key)
