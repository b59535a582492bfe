from django.http import HttpRequest
from rest_framework.throttling import UserRateThrottle


class ImportThrottle(UserRateThrottle):
    """How often one person may import, by the API and the pages together."""

    scope = "import"


class StartThrottle(UserRateThrottle):
    """How often one person may start a training, by the API and the pages together."""

    scope = "start"


class PeopleThrottle(UserRateThrottle):
    """How often one person may make accounts and passwords, each of which takes the processor a while."""

    scope = "people"


def too_often(throttle_class: type[UserRateThrottle], request: HttpRequest) -> str:
    """For pages: "" when the person may go on, which counts as one try; else the sentence that says when."""
    throttle = throttle_class()
    if throttle.allow_request(request, None):
        return ""
    minutes = -(-round(throttle.wait() or 60) // 60)
    return f"That was very often in a short time. Try again in {minutes} minute{'' if minutes == 1 else 's'}."
