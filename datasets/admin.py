"""Datasets in Django's admin: to look at, and to correct a description. Everything else follows from the files."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from datasets.models import Dataset, DatasetVideo, FixedLabels, Frame, Shard
from ftcml.accounts.admin import ReadOnlyAdmin


@admin.register(Dataset)
class DatasetAdmin(ReadOnlyAdmin):
    list_display = ("description", "team", "state", "created", "created_by", "frames_total")
    list_filter = ("state", "created")
    list_select_related = ("team", "created_by")
    search_fields = ("description", "=team__number", "team__name")
    date_hierarchy = "created"
    fields = (
        "id", "team", "description", "created", "created_by", "eval_percent", "state", "error",
        "reason_code", "reason_params", "labels", "counts", "repairs",
        "frames_done", "frames_total", "import_lease_until", "import_attempts",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name != "description")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)


@admin.register(Shard)
class ShardAdmin(ReadOnlyAdmin):
    list_display = ("name", "dataset", "split", "number", "frames")
    list_filter = ("split",)
    list_select_related = ("dataset",)
    search_fields = ("name", "dataset__description")


@admin.register(Frame)
class FrameAdmin(ReadOnlyAdmin):
    list_display = ("filename", "dataset", "split", "number", "width", "height")
    list_filter = ("split",)
    list_select_related = ("dataset",)
    search_fields = ("filename", "dataset__description")
    show_full_result_count = False


@admin.register(DatasetVideo)
class DatasetVideoAdmin(ReadOnlyAdmin):
    list_display = ("dataset", "video")
    list_select_related = ("dataset", "video")


@admin.register(FixedLabels)
class FixedLabelsAdmin(ReadOnlyAdmin):
    list_display = ("dataset", "video")
    list_select_related = ("dataset", "video")
