"""The dialogs and buttons that change a dataset: its name, its labels and where its frames go."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from datasets.edits import PLACES
from datasets.messages.changes import changes
from datasets.models import Dataset
from datasets.pages.datasets import frame_answer
from datasets.pages.edit_forms import LabelForm
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.services import editing
from ftcml.accounts.services.access import get_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core import dialogs
from ftcml.core.requests.renaming import RenameForm

# What the name of a copy ends with, where the person gives no other.
_CHANGED = " (changed)"


@require_http_methods(["GET", "POST"])
@team_required
def rename_dialog(request: TeamRequest, dataset_id: str) -> HttpResponse:
    """Give the dataset another name."""
    dataset = get_for_team(Dataset.objects, request.team, dataset_id)
    refusal = ""
    if request.method == "POST":
        form = RenameForm(Dataset, request.POST)
        try:
            if form.is_valid():
                editing.rename(dataset, form.cleaned_data["description"])
                return dialogs.done()
        except DatasetRefused as error:
            refusal = str(error)
    else:
        form = RenameForm(Dataset, initial={"description": dataset.description})
    context = {"dataset": dataset, "form": form, "refusal": refusal}
    return render(request, "datasets/parts/rename_dialog.html", context, status=_status(request))


@require_http_methods(["GET", "POST"])
@team_required
def label_dialog(request: TeamRequest, dataset_id: str) -> HttpResponse:
    """Rename a label, delete it, or merge it into another once the person has seen that there is one."""
    dataset = get_for_team(Dataset.objects, request.team, dataset_id)
    if request.method == "POST":
        return _change_label(request, dataset)
    label = request.GET.get("label", "")
    name = editing.draft(dataset).name_of(label)
    return _label_dialog(request, dataset, LabelForm(initial={"label": label, "name": name or label}), label)


def _change_label(request: TeamRequest, dataset: Dataset) -> HttpResponse:
    form = LabelForm(request.POST)
    label, action = request.POST.get("label", ""), request.POST.get("action", "")
    try:
        if action == "delete":
            editing.delete_label(dataset, label)
        elif form.is_valid():
            editing.rename_label(dataset, label, form.cleaned_data["name"], merges=action == "merge")
        else:
            return _label_dialog(request, dataset, form, label)
    except DatasetRefused as refusal:
        taken = str(refusal.reason.params["label"]) if refusal.reason.code == Code.LABEL_TAKEN else ""
        return _label_dialog(request, dataset, form, label, str(refusal), taken)
    return dialogs.done()


def _label_dialog(
    request: TeamRequest, dataset: Dataset, form: LabelForm, label: str, refusal: str = "", merges_into: str = ""
) -> HttpResponse:
    context = {"dataset": dataset, "form": form, "label": label, "refusal": refusal, "merges_into": merges_into}
    return render(request, "datasets/parts/label_dialog.html", context, status=_status(request))


@require_POST
@team_required
def place_frame(request: TeamRequest, dataset_id: str, frame_id: int) -> HttpResponse:
    """Note where a frame is to go, and show it again."""
    dataset = get_for_team(Dataset.objects, request.team, dataset_id)
    frame = get_object_or_404(dataset.shown_frames(), pk=frame_id)
    place, refusal = request.POST.get("place", ""), ""
    try:
        editing.place_frames(dataset, [frame], place if place in PLACES else frame.split)
    except DatasetRefused as error:
        refusal = str(error)
    dataset.refresh_from_db()
    response = frame_answer(request, dataset, frame, refusal)
    response["HX-Trigger"] = "list-changed"
    return response


@require_http_methods(["GET", "POST"])
@team_required
def save_dialog(request: TeamRequest, dataset_id: str) -> HttpResponse:
    """Say what will change and what becomes of the dataset; then have the changed copy made."""
    dataset = get_for_team(Dataset.objects, request.team, dataset_id)
    is_replaced = editing.is_replaced(dataset)
    refusal = ""
    if request.method == "POST":
        form = RenameForm(Dataset, request.POST)
        try:
            if is_replaced or form.is_valid():
                copy = editing.save(dataset, request.user, request.POST.get("description", ""))
                return HttpResponse(status=204, headers={"HX-Redirect": reverse("dataset", args=[copy.pk])})
        except DatasetRefused as error:
            refusal = str(error)
    else:
        form = RenameForm(Dataset, initial={"description": _copy_name(dataset)})
    context = {
        "dataset": dataset,
        "form": form,
        "refusal": refusal,
        "is_replaced": is_replaced,
        "changes": changes(editing.draft(dataset), dataset.labels),
        "trash_days": settings.TRASH_DAYS,
    }
    return render(request, "datasets/parts/save_dialog.html", context, status=_status(request))


@require_POST
@team_required
def discard_edits(request: TeamRequest, dataset_id: str) -> HttpResponse:
    """Forget the changes that aren't saved."""
    dataset = get_for_team(Dataset.objects, request.team, dataset_id)
    try:
        editing.discard(dataset)
    except DatasetRefused as refusal:
        return dialogs.refused(request, "Not discarded", str(refusal))
    return dialogs.changed()


def _copy_name(dataset: Dataset) -> str:
    room = (Dataset._meta.get_field("description").max_length or 0) - len(_CHANGED)
    return f"{dataset.description[:room].rstrip()}{_CHANGED}"


def _status(request: TeamRequest) -> int:
    return 422 if request.method == "POST" else 200
