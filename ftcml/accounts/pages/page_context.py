"""What every page shows around its content."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from ftcml.accounts.pages.forms import SignInForm
from ftcml.accounts.pages.page_owner import PageOwner
from ftcml.accounts.services import room
from ftcml.accounts.services.mailing.own_address import may_have_one
from ftcml.accounts.services.sign_on import provider
from ftcml.accounts.services.team_request import SiteRequest
from ftcml.core import mail
from ftcml.installation.version import version


def header(request: HttpRequest) -> dict[str, Any]:
    """What every page shows. The teams, and who may project the room's page, are read only when the template asks."""
    team = getattr(request, "team", None)
    return {
        "team": team,
        "support_contact": settings.SUPPORT_CONTACT,
        "version": version(),
        "room_is_open": room.is_open(),
        "room_is_encrypted": room.is_encrypted(),
        "provider_name": settings.OIDC_NAME if provider.is_on() else "",
        "may_project_room": lambda: room.may_project(request.user, team),
        "has_own_address": lambda: mail.is_set() and request.user.is_authenticated and may_have_one(request.user),
        "page_of": lambda: PageOwner.of(cast(SiteRequest, request)) or "",
        "sign_in_again": lambda: SignInForm.again(request, {"username": request.user.get_username()}),
    }
