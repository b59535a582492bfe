from django.http import HttpRequest
from rest_framework.throttling import UserRateThrottle

from ftcml.accounts import messages


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


class WebhookThrottle(UserRateThrottle):
    """How often one person may change or try webhooks, by the API and the pages together."""

    scope = "webhook"


def too_often(throttle_class: type[UserRateThrottle], request: HttpRequest) -> str:
    """Return "" when the person may go on, which counts as one try, or the sentence that says when. For pages."""
    throttle = throttle_class()
    if throttle.allow_request(request, None):
        return ""
    return messages.too_often(-(-round(throttle.wait() or 60) // 60))
