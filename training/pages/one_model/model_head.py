"""What all pages of one model share: its name, its state, its buttons, and the way to the other pages."""

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
from training.insight.advice import advice
from training.models import TrainingJob
from training.pages import notifications
from training.pages.shared_answers import shared
from training.services.lineage import more_refusal
from training.services.model_note import model_note
from training.services.progress import live, packaged
from training.services.selection import MODEL_IS_COMING
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


def shell(request: TeamRequest, job: TrainingJob, page: str) -> dict[str, Any]:
    """What the pages' shared part shows; `page` is one of PAGES."""
    being_packaged = packaged([job])
    is_coming = bool(being_packaged)
    present = live(job)
    return {
        "tab": "models",
        "job": job,
        "live": present,
        "waits": waits([job]),
        "packaged": being_packaged,
        "title": notifications.title(job, present),
        "since": notifications.now,  # a page that is not being opened does not ask
        "ends": notifications.ends([job], request.GET.get("since", "")),
        "hidden_seconds": notifications.HIDDEN_SECONDS if job.state in ALIVE else None,
        "advice": advice(job),
        "page": page,
        "pages": PAGES,
        "is_alive": job.state in ALIVE,
        "can_stop": job.state in STOPPABLE,
        "can_train_more": not more_refusal(job),
        "model_note": MODEL_IS_COMING if is_coming else messages.words(model_note(job)),
        "refresh_seconds": refresh_seconds(job.state in ON_ITS_WAY or is_coming),
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
