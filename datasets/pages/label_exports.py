"""Exports labeled frames of the videos that the address names."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from datasets.refusals import DatasetRefused
from datasets.services.labeling import label_exports
from ftcml.accounts.services.access import get_all_for_team, team_required
from ftcml.accounts.services.team_request import TeamRequest
from videos.models import Video


@require_GET
@team_required
def export_labels(request: TeamRequest) -> HttpResponseBase:
    """Return the labeled frames of the videos as a zip file in the format that `format` names."""
    videos = get_all_for_team(Video.objects, request.team, request.GET.getlist("video"))
    try:
        return label_exports.export(videos, request.GET.get("format", "")).response()
    except DatasetRefused as refusal:
        context = {"title": "Nothing to export", "sentence": str(refusal)}
        return render(request, "failure.html", context, status=400)
