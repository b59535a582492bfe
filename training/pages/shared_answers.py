"""One answer for everybody who watches the same training: a room of a hundred asks for it fifty times a second."""

import time
import uuid
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import wraps
from threading import Lock
from typing import Any

from django.conf import settings
from django.forms.models import model_to_dict
from django.http import HttpResponse

from ftcml.accounts.services.access import get_for_team
from ftcml.accounts.services.team_request import TeamRequest
from training.models import TrainingJob
from training.pages import notifications

_MOST_KEPT = 200


@dataclass
class _Kept:
    """An answer, while others wait for `lock` or may have it."""

    began: float
    lock: Lock = field(default_factory=Lock)
    content: bytes | None = None
    content_type: str = ""


class Answers:
    """What was answered a moment ago, by what was asked. Who asks the same meanwhile waits for that answer."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._kept: dict[Hashable, _Kept] = {}

    def get(self, asked: Hashable, seconds: float, make: Callable[[], HttpResponse]) -> HttpResponse:
        """The kept answer, or the one that `make` gives. Only an answer without a mistake is kept."""
        kept = self._at(asked, seconds)
        with kept.lock:
            if kept.content is not None:
                return HttpResponse(kept.content, content_type=kept.content_type)
            answer = make()
            if answer.status_code == 200:
                kept.content, kept.content_type = answer.content, answer["Content-Type"]
            return answer

    def _at(self, asked: Hashable, seconds: float) -> _Kept:
        now = self._clock()
        with self._lock:
            kept = self._kept.get(asked)
            if kept is None or now - kept.began > seconds:
                kept = self._kept[asked] = _Kept(now)
            if len(self._kept) > _MOST_KEPT:
                self._kept = {key: one for key, one in self._kept.items() if now - one.began <= seconds}
            return kept


answers = Answers()


def shared(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the members of a team share a view's answers about a job for a moment, or until the job changes.

    For views that ask nothing of a request but its team and its query. Belongs below `team_required`.
    """

    @wraps(view)
    def wrapped(request: TeamRequest, job_id: uuid.UUID, **rest: Any) -> HttpResponse:
        job = get_for_team(TrainingJob.objects, request.team, job_id)
        state = str(model_to_dict(job, exclude=["datasets"]))
        asked = (request.team.pk, request.path_info, request.META.get("QUERY_STRING", ""), state, notifications.now())
        return answers.get(asked, settings.SHARED_ANSWER_SECONDS, lambda: view(request, job_id, **rest))

    return wrapped
