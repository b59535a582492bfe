"""The Datasets tab, its dialogs, and the pages and files of one dataset."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET, require_http_methods, require_POST

from datasets.inspection import inspecting
from datasets.inspection.findings import Inspection
from datasets.messages import page_words as messages
from datasets.messages.changes import changes
from datasets.models import Dataset, Frame
from datasets.pages.import_form import ImportForm
from datasets.pages.overview import Overview
from datasets.refusals import DatasetRefused
from datasets.services import combining, deletion, downloads, editing, imports, trash
from datasets.services.dataset_list import DatasetList
from datasets.services.gallery import Choice, Picture, frame_pairs, frames, neighbors, picture_file
from datasets.services.labeling import archives
from datasets.services.labeling.origin import origin, version_changes
from ftcml.accounts.pages.tabs import refresh_seconds, remember_look, remember_tab
from ftcml.accounts.services.access import get_all_for_team, get_for_team, get_selected, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.accounts.services.throttle import ImportThrottle, too_often
from ftcml.core import dialogs
from ftcml.core.files.uploads import takes_uploads
from ftcml.core.messages import not_ready
from ftcml.core.requests.tables import Part
from ftcml.core.trash.holders import holders
from videos.refusals import VideoRefused

DATASETS_A_PAGE = 20
PICTURES_A_PAGE = 24


@dataclass(frozen=True)
class Selection:
    """What is selected on the Datasets tab, and why a button cannot be used with it ("" when it can)."""

    datasets: list[Dataset]
    start_refusal: str
    download_refusal: str
    delete_refusal: str

    @classmethod
    def of(cls, datasets: list[Dataset]) -> "Selection":
        if not datasets:
            nothing = messages.SELECT_ONE
            return cls([], nothing, nothing, nothing)
        unready = next((dataset for dataset in datasets if dataset.state != Dataset.State.READY), None)
        if unready:
            sentence = not_ready(str(unready))
            return cls(datasets, sentence, sentence, "")
        one_at_a_time = "" if len(datasets) == 1 else messages.ONE_TO_DOWNLOAD
        return cls(datasets, combining.label_difference(datasets), one_at_a_time, "")


@require_GET
@team_required
def dataset_list(request: TeamRequest) -> HttpResponse:
    remember_tab(request, "datasets")
    return render(request, "datasets/list.html", {"tab": "datasets", **_table(request)})


@require_GET
@team_required
@cache_control(private=True, no_cache=True)
@conditional_page
def dataset_table(request: TeamRequest) -> HttpResponse:
    """Return the part of the tab that refreshes: buttons and table, for the rows selected in the query."""
    return render(request, "datasets/parts/table.html", _table(request))


def _table(request: TeamRequest) -> dict[str, Any]:
    datasets = DatasetList(request.team, request.GET)
    selected = get_selected(Dataset.objects, request.team, request.GET.getlist("dataset"))
    importing = Dataset.objects.for_team(request.team).filter(state=Dataset.State.PRODUCING)
    return {
        **Part.of(datasets, datasets.found(), DATASETS_A_PAGE, request.GET.get("page"), selected).context(),
        "selection": Selection.of(selected),
        "refresh_seconds": refresh_seconds(importing.exists()),
    }


@takes_uploads
@require_http_methods(["GET", "POST"])
@team_required
def import_dialog(request: TeamRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    refusal = ""
    if request.method == "POST" and form.is_valid() and not (refusal := too_often(ImportThrottle, request)):
        try:
            return _imported(request, form)
        except (DatasetRefused, VideoRefused) as error:
            refusal = str(error)
    context = {"form": form, "refusal": refusal, "max_bytes": settings.IMPORT_MAX_ARCHIVE_BYTES}
    return render(
        request, "datasets/parts/import_dialog.html", context, status=422 if request.method == "POST" else 200
    )


def _imported(request: TeamRequest, form: ImportForm) -> HttpResponse:
    """Have the archive made into what the person chose. Raises DatasetRefused or VideoRefused."""
    upload, description = form.cleaned_data["upload"], form.cleaned_data["description"]
    if form.is_for_frames:
        archives.request_frames(request.team, request.user, upload, description, form.choices.archive_format)
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("videos")})
    imports.request_import(request.team, request.user, upload, description, form.choices)
    return dialogs.done()


@require_POST
@team_required
def add_sample(request: TeamRequest) -> HttpResponse:
    """Have the sample dataset made for the team, if it has none yet."""
    try:
        refusal = too_often(ImportThrottle, request)
        if not refusal:
            imports.request_sample(request.team, request.user)
    except DatasetRefused as error:
        refusal = str(error)
    if refusal:
        return dialogs.refused(request, "No sample", refusal)
    return dialogs.changed()


@require_http_methods(["GET", "POST"])
@team_required
def delete_dialog(request: TeamRequest) -> HttpResponse:
    """Ask first, and say which datasets are in use. Then move the others to the trash."""
    ids = (request.GET if request.method == "GET" else request.POST).getlist("dataset")
    chosen = get_all_for_team(Dataset.objects, request.team, ids)
    if request.method == "GET":
        held = holders(chosen)
        possible = [dataset for dataset in chosen if dataset.pk not in held]
        refusals = [str(deletion.in_use(dataset, held[dataset.pk])) for dataset in chosen if dataset.pk in held]
        return dialogs.ask_to_delete(request, "datasets/parts/delete_dialog.html", possible, refusals)
    return dialogs.deleted(request, "dataset", "dataset", trash.move_all(chosen))


@require_GET
@team_required
def dataset_page(request: TeamRequest, dataset_id: str) -> HttpResponse:
    """Show what is worth knowing about the dataset, and its frames with their boxes."""
    dataset = get_for_team(Dataset.objects, request.team, dataset_id)
    if dataset.state == Dataset.State.READY:
        remember_look(request)
    choice = Choice.of(request.GET, dataset)
    paginator = Paginator(frames(dataset, choice), PICTURES_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    draft, copy = editing.draft(dataset), editing.saving(dataset)
    context = {
        "tab": "datasets",
        "dataset": dataset,
        "origin": origin(dataset),
        "version_changes": version_changes(dataset),
        "overview": Overview.of(dataset, choice),
        "choice": choice,
        "page": page,
        "pictures": [Picture.of(frame, dataset, draft) for frame in page],
        "can_edit": editing.is_editable(dataset) and copy is None,
        "changes": changes(draft, dataset.labels),
        "copy": copy,
        "filter_query": f"{choice.query}&" if choice.query else "",
        "page_numbers": paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        **_progress(dataset),
    }
    return render(request, "datasets/page.html", context)


@require_GET
@team_required
def dataset_inspection(request: TeamRequest, dataset_id: str) -> HttpResponse:
    """Return how far an import or a check is. Once it's done, load the page again."""
    dataset = get_for_team(Dataset.objects, request.team, dataset_id)
    progress = _progress(dataset)
    response = render(request, "datasets/parts/not_inspected.html", progress)
    if not progress["is_waiting"]:
        response["HX-Refresh"] = "true"
    return response


@require_GET
@team_required
def dataset_near_duplicates(request: TeamRequest, dataset_id: str) -> HttpResponse:
    """Return near-duplicates across the split, side by side. The page asks for them when they are opened."""
    dataset = get_for_team(Dataset.objects, request.team, dataset_id)
    inspection = Inspection.of(dataset)
    pairs = frame_pairs(dataset, inspection) if inspection else []
    pictures = [(Picture.of(pair.evaluation, dataset), Picture.of(pair.training, dataset)) for pair in pairs]
    return render(request, "datasets/parts/near_duplicates.html", {"dataset": dataset, "pairs": pictures})


def _progress(dataset: Dataset) -> dict[str, Any]:
    is_checked = inspecting.is_waiting(dataset)
    is_waiting = is_checked or dataset.state == Dataset.State.PRODUCING
    return {
        "dataset": dataset,
        "is_waiting": is_waiting,
        "looked_at": inspecting.looked_at(dataset) if is_checked else 0,
        "refresh_seconds": refresh_seconds(is_waiting),
    }


@require_GET
@team_required
@cache_control(private=True, max_age=86_400, immutable=True)
def dataset_frame(request: TeamRequest, dataset_id: str, frame_id: int) -> HttpResponseBase:
    """Return the picture of one frame."""
    dataset = get_for_team(Dataset.objects, request.team, dataset_id)
    return picture_file(get_object_or_404(dataset.shown_frames(), pk=frame_id))


@require_GET
@team_required
def frame_dialog(request: TeamRequest, dataset_id: str, frame_id: int) -> HttpResponse:
    """Show one frame as large as the window allows, with its boxes and links to the frames beside it."""
    dataset = get_for_team(Dataset.objects, request.team, dataset_id)
    return frame_answer(request, dataset, get_object_or_404(dataset.shown_frames(), pk=frame_id))


def frame_answer(request: TeamRequest, dataset: Dataset, frame: Frame, refusal: str = "") -> HttpResponse:
    """Return the dialog of one frame. `refusal`: why a change was refused."""
    choice = Choice.of(request.GET, dataset)
    context = {
        "dataset": dataset,
        "picture": Picture.of(frame, dataset, editing.draft(dataset)),
        "choice": choice,
        "beside": neighbors(frames(dataset, choice), frame),
        "can_edit": editing.is_editable(dataset) and editing.saving(dataset) is None,
        "refusal": refusal,
    }
    return render(request, "datasets/parts/picture_dialog.html", context)


@require_GET
@team_required
def dataset_download(request: TeamRequest, dataset_id: str) -> HttpResponseBase:
    """Return the dataset as a zip file in the format that `format` names."""
    dataset = get_for_team(Dataset.objects, request.team, dataset_id)
    try:
        return downloads.download(dataset, request.GET.get("format", downloads.STORED_FORMAT)).response()
    except DatasetRefused as refusal:
        context = {"title": "No download", "sentence": str(refusal)}
        return render(request, "failure.html", context, status=400)
