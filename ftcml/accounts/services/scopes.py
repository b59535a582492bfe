"""What each endpoint of the API asks of a token: the one place that holds a program to its token's scopes.

A page's session is its person's, who may do all that the person may.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from ftcml.accounts import messages
from ftcml.accounts.models import ApiToken, Scope


@dataclass(frozen=True)
class Scopes:
    """The scopes of one endpoint. `changing`: None where it changes nothing. `own`: of methods with another one."""

    changing: Scope | None = None
    reading: Scope = Scope.READ
    own: Mapping[str, Scope] | None = None

    def of(self, method: str) -> Scope | None:
        """Return what the method needs, None where the endpoint says nothing of it."""
        if self.own and method in self.own:
            return self.own[method]
        return self.reading if method in SAFE_METHODS else self.changing


READ = Scopes()
# It makes nothing, though what it is asked stands in a body.
ASK = Scopes(changing=Scope.READ)
LABEL = Scopes(changing=Scope.LABEL)
TRAIN = Scopes(changing=Scope.TRAIN)
# What coaches do, and what a program must not even read by the way.
ADMIN = Scopes(changing=Scope.ADMIN)
ADMIN_ALONE = Scopes(changing=Scope.ADMIN, reading=Scope.ADMIN)


def needed(view: object, method: str) -> Scope | None:
    """Return the scope that this method of an endpoint needs; None where nobody has said it."""
    scopes = getattr(view, "scopes", None)
    return scopes.of(method) if isinstance(scopes, Scopes) else None


class HasScope(BasePermission):
    """For the API: the token has the scope. An endpoint that names none is closed to every token."""

    def has_permission(self, request: Request, view: object) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        method = request.method or ""
        if not hasattr(view, method.lower()):
            return True  # and is told that there is no such method
        scope = needed(view, method)
        self.message = messages.lacks_scope(scope.value if scope else "")
        return scope in request.auth.scopes
