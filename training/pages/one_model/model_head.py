"""What all pages of one model share: name, state, progress, result, next step, and the way to the other pages."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET

from ftcml.accounts.pages.tabs import refresh_seconds
from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from training import messages
from training.insight.headline import headline
from training.insight.next_step import facts_of, next_step
from training.insight.verdict import verdict_of
from training.messages.next_step_words import Action
from training.models import TrainingJob
from training.pages import notifications
from training.pages.shared_answers import shared
from training.services.model_note import measured, model_note
from training.services.progress import live
from training.services.waiting import waits
from training.states import ALIVE, ON_ITS_WAY, STOPPABLE

# The pages of a model, in the order in which they stand side by side: name of the address -> words.
PAGES = {
    "job-details": "Details",
    "job-graphs": "Graphs",
    "job-results": "Results",
    "job-images": "Images",
    "robot-code": "Robot code",
    "job-try-it": "Try it",
}
# The page that an action leads to.
_PAGE_OF = {"job-images": Action.IMAGES, "robot-code": Action.ROBOT_CODE, "job-try-it": Action.TRY_IT}


def shell(request: TeamRequest, job: TrainingJob, page: str) -> dict[str, Any]:
    """What the pages' shared part shows; `page` is one of PAGES."""
    verdict = verdict_of(job)
    facts = facts_of(job, verdict)
    present, known = live(job), measured(job)
    return {
        "tab": "models",
        "job": job,
        "live": present,
        "waits": waits([job]),
        "packaged": {job.pk} if facts.is_packaging else set(),
        "title": notifications.title(job, present),
        "since": notifications.now,  # a page that is not being opened does not ask
        "ends": notifications.ends([job], request.GET.get("since", "")),
        "hidden_seconds": notifications.HIDDEN_SECONDS if job.state in ALIVE else None,
        "verdict": verdict,
        "headline": headline(job),
        "next": next_step(facts, _PAGE_OF.get(page)),
        "page": page,
        "pages": PAGES,
        "is_alive": job.state in ALIVE,
        "can_stop": job.state in STOPPABLE,
        "can_train_more": facts.can_train_more,
        "is_packaging": facts.is_packaging,
        "measured": known.checkpoints,
        "model_note": messages.words(model_note(job, known.is_last)),
        "refresh_seconds": refresh_seconds(job.state in ON_ITS_WAY or facts.is_packaging),
    }


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
@shared
def job_head(request: TeamRequest, job_id: uuid.UUID, page: str) -> HttpResponse:
    """The part that refreshes on every page of a model."""
    job = get_for_team(TrainingJob.objects.with_results(), request.team, job_id)
    return render(request, "training/parts/job_head.html", shell(request, job, page))
