from django.http import HttpRequest
from rest_framework.throttling import UserRateThrottle

from ftcml.accounts import messages
from ftcml.accounts.services.guessing import place_of


class ImportThrottle(UserRateThrottle):
    """How often one person may import, by the API and the pages together."""

    scope = "import"


class UploadThrottle(UserRateThrottle):
    """How often one person may begin to upload a video, by the API, the pages and a phone together."""

    scope = "upload"


class PhoneThrottle(UserRateThrottle):
    """How often one person may have a code shown that lets a phone upload."""

    scope = "phone"


class StartThrottle(UserRateThrottle):
    """How often one person may start a training, by the API and the pages together."""

    scope = "start"


class ProposeThrottle(UserRateThrottle):
    """How often one person may run a model over frames, by the API and the pages together."""

    scope = "propose"


class PeopleThrottle(UserRateThrottle):
    """How often one person may make accounts and passwords, each of which takes the processor a while."""

    scope = "people"


class SignOnThrottle(UserRateThrottle):
    """How often one address, or one person, may go to the sign-in provider and come back."""

    scope = "sign-on"


class MailThrottle(UserRateThrottle):
    """How often one person, or who isn't signed in at one address, may have mails sent."""

    scope = "mail"

    def get_ident(self, request: HttpRequest) -> str:
        """Return where a guest is, so that one network counts as one however many addresses it has."""
        return place_of(request)


class ExportThrottle(UserRateThrottle):
    """How often one person may have an export made, which keeps a worker and a disk busy."""

    scope = "export"


class WebhookThrottle(UserRateThrottle):
    """How often one person may change or try webhooks, by the API and the pages together."""

    scope = "webhook"


def too_often(throttle_class: type[UserRateThrottle], request: HttpRequest) -> str:
    """Return "" when the person may go on, which counts as one try, or the sentence that says when. For pages."""
    throttle = throttle_class()
    if throttle.allow_request(request, None):
        return ""
    return messages.too_often(-(-round(throttle.wait() or 60) // 60))
