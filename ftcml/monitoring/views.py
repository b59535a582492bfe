"""For the programs that watch this server: does it answer, can it work, and what does it count?"""

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from ftcml.core.requests.no_such_page import NoSuchPage
from ftcml.monitoring import metrics, readiness


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """That there is an answer is the answer."""
    return JsonResponse({"ok": True})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    checks = readiness.checks()
    is_ready = all(check.ok for check in checks)
    body = {"ok": is_ready, "checks": [asdict(check) for check in checks]}
    return JsonResponse(body, status=200 if is_ready else 503)


@require_safe
@never_cache
def prometheus(request: HttpRequest) -> HttpResponse:
    """Return the metrics, to operators and to programs with the token."""
    if not (_is_operator(request) or _has_token(request)):
        raise NoSuchPage
    return HttpResponse(metrics.text(), content_type=CONTENT_TYPE_LATEST)


def _is_operator(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_operator


def _has_token(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    return bool(token) and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")
