"""Notes what operators open and change in /admin/, where they see the rows of all teams."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from ftcml.audit.services import access_log

_ADMIN = "/admin/"
_OPEN = {"", "login/", "logout/", "jsi18n/", "password_change/"}


class AdminLooksMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        page = request.path_info.removeprefix(_ADMIN)
        if request.path_info.startswith(_ADMIN) and page not in _OPEN:
            if request.method == "GET" and response.status_code == 200:
                access_log.note(access_log.Kind.ADMIN, None, page)
            elif request.method == "POST" and response.status_code == 302:  # what could not be done is shown again
                access_log.note(access_log.Kind.ADMIN_CHANGE, None, page)
        return response
