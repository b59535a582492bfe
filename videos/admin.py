"""The admin of videos, for operators: it shows, and changes nothing that workers rely on."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from videos.models import Activity, Label, Upload, Video


class _Shown(admin.ModelAdmin[Any]):
    """Rows to look at: people change them on the pages, where the rules are."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Video)
class VideoAdmin(_Shown):
    list_display = ("description", "team", "kind", "state", "frames_done", "created")
    list_filter = ("state", "kind")
    search_fields = ("description", "filename", "team__number")
    list_select_related = ("team",)


@admin.register(Label)
class LabelAdmin(_Shown):
    list_display = ("name", "team")
    list_select_related = ("team",)


@admin.register(Upload)
class UploadAdmin(_Shown):
    list_display = ("filename", "video", "offset", "size", "touched", "completed")
    list_select_related = ("video",)


@admin.register(Activity)
class ActivityAdmin(_Shown):
    list_display = ("at", "video", "person", "action")
    list_select_related = ("video", "person")
