"""The dialog that drains a training worker, and the click that has it take trainings again."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from ftcml.accounts.services.team_request import PersonRequest
from ftcml.console.pages.access import operator_required
from ftcml.console.pages.asking import asked, typed
from ftcml.console.pages.forms import DrainForm
from ftcml.console.services import workers
from ftcml.core.dialogs import done
from training.models import Drain


@operator_required
@require_http_methods(["GET", "POST"])
def drain(request: PersonRequest, worker_id: int) -> HttpResponse:
    chosen = workers.worker(worker_id)
    form = DrainForm(typed(request), initial={"how": Drain.FINISH})
    context = {"worker": chosen, "another_takes_over": workers.takes_over(chosen)}
    return asked(
        request,
        form,
        "drain_dialog",
        context,
        lambda given: workers.drain(request.user, chosen, Drain(given["how"])),
    )


@operator_required
@require_POST
def take_jobs_again(request: PersonRequest, worker_id: int) -> HttpResponse:
    """One click."""
    workers.take_jobs_again(request.user, workers.worker(worker_id))
    return done()
