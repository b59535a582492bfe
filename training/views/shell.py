"""What all pages of one model share: its name, its state, its buttons, and the way to the other pages."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET

from ftcml.accounts.access import get_for_team, team_required
from ftcml.accounts.tabs import refresh_seconds
from training import news
from training.advice import advice
from training.lineage import more_refusal
from training.models import TrainingJob
from training.progress import live
from training.selection import MODEL_IS_COMING, model_is_coming
from training.states import ALIVE, ON_ITS_WAY, STOPPABLE
from training.views.shared import shared

# The pages of a model, in the order in which they stand side by side: name of the address -> words.
PAGES = {
    "job-details": "Details",
    "job-graphs": "Graphs",
    "job-results": "Results",
    "job-images": "Images",
    "robot-code": "Robot code",
    "job-try-it": "Try it",
}


def shell(request: HttpRequest, job: TrainingJob, page: str) -> dict:
    """What the pages' shared part shows; `page` is one of PAGES."""
    is_coming = model_is_coming([job])
    present = live(job)
    return {
        "tab": "models",
        "job": job,
        "live": present,
        "title": news.title(job, present),
        "since": news.now,  # a page that is not being opened does not ask
        "ends": news.ends([job], request.GET.get("since", "")),
        "hidden_seconds": news.HIDDEN_SECONDS if job.state in ALIVE else None,
        "advice": advice(job),
        "page": page,
        "pages": PAGES,
        "is_alive": job.state in ALIVE,
        "can_stop": job.state in STOPPABLE,
        "can_train_more": not more_refusal(job),
        "model_note": MODEL_IS_COMING if is_coming else "",
        "refresh_seconds": refresh_seconds(job.state in ON_ITS_WAY or is_coming),
    }


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
@shared
def job_head(request: HttpRequest, job_id: uuid.UUID, page: str) -> HttpResponse:
    """The part that refreshes on every page of a model."""
    job = get_for_team(TrainingJob.objects, request.team, job_id)
    return render(request, "training/parts/job_head.html", shell(request, job, page))
