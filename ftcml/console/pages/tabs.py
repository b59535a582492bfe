"""The console's pages. Each is a tab with one part that refreshes itself, so that page and part show the same."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET

from ftcml.accounts.models import Team
from ftcml.accounts.pages.tabs import refresh_seconds
from ftcml.accounts.services import ledger
from ftcml.accounts.services.team_request import PersonRequest
from ftcml.audit.services import access_log
from ftcml.console.models import MaintenancePage, OperatorAction, StorageMeasurement, StorageUse
from ftcml.console.pages.access import operator_required
from ftcml.console.pages.forms import JobFilter, TeamFilter
from ftcml.console.services import minutes, seasons, teams, trainings
from ftcml.console.services.overview import Overview
from ftcml.console.services.storage_use import Disk
from ftcml.core.requests.no_such_page import NoSuchPage
from ftcml.installation import alarms, quarantine
from ftcml.privacy.models import Erasure, Export
from training.models import TrainingSwitch
from training.services import queue
from training.states import ON_ITS_WAY
from training.trash import team_trash

ROWS_A_PAGE = 50
EVENTS_SHOWN = 100


@dataclass(frozen=True)
class Tab:
    """`read` returns what the tab's template shows, `is_working` among it where something on it moves."""

    title: str
    read: Callable[[PersonRequest], dict[str, Any]]


@operator_required
@require_GET
def page(request: PersonRequest, tab: str) -> HttpResponse:
    context = _context(request, tab)
    return render(request, "console/page.html", {"tab": "console", "tabs": TABS, **context})


@operator_required
@require_GET
@cache_control(private=True, no_cache=True)
@conditional_page
def part(request: PersonRequest, tab: str) -> HttpResponse:
    """The part of the tab that refreshes."""
    context = _context(request, tab)
    return render(request, context["template"], context)


def _context(request: PersonRequest, tab: str) -> dict[str, Any]:
    if tab not in TABS:
        raise NoSuchPage
    shown = TABS[tab].read(request)
    is_working = shown.pop("is_working", False)
    return {
        "console_tab": tab,
        "title": TABS[tab].title,
        "template": f"console/parts/{tab}.html",
        "refresh_seconds": refresh_seconds(is_working),
        **shown,
    }


def _paged(request: PersonRequest, rows: QuerySet[Any]) -> dict[str, Any]:
    """One page of the rows, and what templates/parts/pages.html needs to lead to the others."""
    paginator = Paginator(rows, ROWS_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    others = request.GET.copy()
    others.pop("page", None)
    return {
        "page": page,
        "page_numbers": paginator.get_elided_page_range(page.number),
        "filter_query": f"{others.urlencode()}&" if others else "",
    }


# --- the tabs -------------------------------------------------------------------------------------


def _workers(request: PersonRequest) -> dict[str, Any]:
    overview = Overview.now()
    switch, maintenance = TrainingSwitch.now(), MaintenancePage.now()
    return {
        "overview": overview,
        "alarms": alarms.current(),
        "switch": switch,
        "maintenance": maintenance,
        "is_working": overview.is_working,
    }


def _jobs(request: PersonRequest) -> dict[str, Any]:
    chosen = JobFilter(request.GET)
    chosen.is_valid()
    found = trainings.of_all_teams(chosen.cleaned_data.get("team"), chosen.cleaned_data.get("state", ""))
    paged = _paged(request, found)
    rows = [trainings.JobRow(job) for job in paged["page"]]
    waiting = Paginator(queue.queue().select_related("team"), ROWS_A_PAGE)
    return {
        **paged,
        "filter": chosen,
        "rows": rows,
        "queue": waiting.page(1),
        "is_working": waiting.count > 0 or any(row.job.state in ON_ITS_WAY for row in rows),
    }


def _teams(request: PersonRequest) -> dict[str, Any]:
    paged = _paged(request, Team.objects.all())
    return {**paged, "rows": teams.rows(list(paged["page"]))}


def _minutes(request: PersonRequest) -> dict[str, Any]:
    paged = _paged(request, Team.objects.all())
    return {**paged, "accounts": ledger.accounts(list(paged["page"])), "allowance": minutes.server_allowance()}


def _switches(request: PersonRequest) -> dict[str, Any]:
    return {"switch": TrainingSwitch.now(), "maintenance": MaintenancePage.now()}


def _storage(request: PersonRequest) -> dict[str, Any]:
    measurement = StorageMeasurement.now()
    largest_first = StorageUse.objects.select_related("team").order_by(
        (F("video_bytes") + F("dataset_bytes") + F("job_bytes") + F("trash_bytes")).desc(), "team"
    )
    return {
        **_paged(request, largest_first),
        "disk": Disk.now(),
        "measurement": measurement,
        "alarms": alarms.current(),
        "unknown": quarantine.waiting(),
        "trash_count": len(team_trash.oldest_first()),
        "trash_days": settings.TRASH_DAYS,
        "is_working": measurement.is_expected,
    }


def _audit(request: PersonRequest) -> dict[str, Any]:
    return _paged(request, OperatorAction.objects.all())


def _privacy(request: PersonRequest) -> dict[str, Any]:
    erased = Erasure.objects.all()[:ROWS_A_PAGE]
    asked = Export.objects.exclude(person=None).select_related("person")[:ROWS_A_PAGE]
    shown = list(seasons.rows())
    states = [
        *(one.state for one in erased),
        *(one.state for one in asked),
        *(one.state for one in shown),
    ]
    return {
        "erasures": erased,
        "exports": asked,
        "seasons": shown,
        "is_working": "RUNNING" in states,
    }


def _access(request: PersonRequest) -> dict[str, Any]:
    chosen = TeamFilter(request.GET)
    chosen.is_valid()
    return {**_paged(request, access_log.of_all(chosen.cleaned_data.get("team"))), "filter": chosen}


TABS = {
    "workers": Tab("Workers", _workers),
    "jobs": Tab("Models", _jobs),
    "teams": Tab("Teams", _teams),
    "minutes": Tab("Minutes", _minutes),
    "switches": Tab("Switches", _switches),
    "storage": Tab("Storage", _storage),
    "privacy": Tab("Privacy", _privacy),
    "audit": Tab("Audit log", _audit),
    "access": Tab("Access log", _access),
}


# --- one job --------------------------------------------------------------------------------------


@operator_required
@require_GET
def job_page(request: PersonRequest, job_id: uuid.UUID) -> HttpResponse:
    context = {"tab": "console", "tabs": TABS, "console_tab": "jobs", **_job(job_id)}
    job = context["job"]
    access_log.note(access_log.Kind.CONSOLE, job.team_id, str(job), access_log.Thing.MODEL)
    return render(request, "console/job.html", context)


@operator_required
@require_GET
@cache_control(private=True, no_cache=True)
@conditional_page
def job_part(request: PersonRequest, job_id: uuid.UUID) -> HttpResponse:
    """The part of the job's page that refreshes."""
    return render(request, "console/parts/job.html", _job(job_id))


def _job(job_id: uuid.UUID) -> dict[str, Any]:
    job = trainings.any_team_job(job_id)
    return {
        "row": trainings.JobRow(job),
        "job": job,
        "datasets": list(job.datasets.all()),
        "events": list(job.events.order_by("-id")[:EVENTS_SHOWN]),
        "log": trainings.log_of(job),
        "refresh_seconds": refresh_seconds(job.state in ON_ITS_WAY),
    }
