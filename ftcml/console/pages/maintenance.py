"""While the maintenance page is on, everyone but operators gets its message. Running trainings need no pages."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse

from ftcml.console.models import MaintenancePage
from ftcml.console.pages import banner

# The operators' doors, and what monitoring asks.
_OPEN = ("/console", "/admin", "/healthz", "/readyz", "/metrics")


class MaintenanceMiddleware:
    """Costs one query for each request of a page or of the API, whose row has the banner too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._open = (*_OPEN, reverse("sign-in"), reverse("sign-out"), settings.STATIC_URL)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(self._open):
            return self.get_response(request)
        page = MaintenancePage.now()
        banner.keep(request, page)
        if not page.is_on or (request.user.is_authenticated and request.user.is_operator):
            return self.get_response(request)
        return _answer(request, page.sentence)


def _answer(request: HttpRequest, sentence: str) -> HttpResponse:
    """In the form that the asker reads: JSON for programs, a notice for a part of a page, else a page."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": sentence}, status=503)
    is_part = "HX-Request" in request.headers
    template = "console/parts/maintenance_notice.html" if is_part else "console/maintenance.html"
    # Without the request: no name and team are asked for.
    return HttpResponse(render_to_string(template, {"sentence": sentence}), status=503, headers={"X-Notice": "1"})
