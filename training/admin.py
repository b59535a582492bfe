"""For operators. What the verbs keep consistent (states, leases, metrics) is shown, not edited."""

from contextlib import suppress

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from ftcml.accounts.admin import ReadOnlyAdmin
from training.models import (
    Checkpoint,
    FrameDetections,
    JobEvent,
    LabelFinding,
    LastRobotCode,
    LastSweep,
    LiveLoss,
    MeasuredSpeed,
    MetricPoint,
    ModelFile,
    ModelRun,
    QuickAssistant,
    TrainerLog,
    TrainingJob,
    TrainingSwitch,
    TrainingWorker,
)


class Rows(admin.TabularInline):
    """The rows of a job, to read."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class JobDatasetRows(Rows):
    model = TrainingJob.datasets.through


class JobEventRows(Rows):
    model = JobEvent
    fields = ("created", "old_state", "new_state", "by", "why", "reason_code", "reason_params")
    readonly_fields = ("why",)


class CheckpointRows(Rows):
    model = Checkpoint
    fields = ("step", "created", "lease_number", "folder", "detections_name")


class ModelFileRows(Rows):
    model = ModelFile
    fields = ("variant", "name", "size", "latency_ms", "ap50", "nms_iou", "is_default", "less_accurate")
    readonly_fields = ("is_default",)


@admin.register(TrainingJob)
class TrainingJobAdmin(ReadOnlyAdmin):
    list_display = (
        "description", "team", "state", "parent", "first_step", "steps_completed", "steps_requested",
        "max_detections", "training_seconds", "created",
    )  # fmt: skip
    list_filter = ("state", "starting_model", "accelerator")
    list_select_related = ("team", "parent")
    search_fields = ("description", "team__number", "id")
    date_hierarchy = "created"
    readonly_fields = ("state_reason",)
    inlines = (JobDatasetRows, JobEventRows, CheckpointRows, ModelFileRows)


@admin.register(Checkpoint)
class CheckpointAdmin(ReadOnlyAdmin):
    list_display = ("job", "step", "created", "lease_number")
    list_select_related = ("job",)


@admin.register(ModelFile)
class ModelFileAdmin(ReadOnlyAdmin):
    list_display = ("job", "variant", "size", "latency_ms", "ap50", "is_default", "less_accurate")
    list_filter = ("variant",)
    list_select_related = ("job",)


@admin.register(ModelRun)
class ModelRunAdmin(ReadOnlyAdmin):
    list_display = ("job", "video", "team", "purpose", "state", "frames_done", "frames_total", "created")
    list_filter = ("state", "purpose")
    list_select_related = ("job", "video", "team")


@admin.register(FrameDetections)
class FrameDetectionsAdmin(ReadOnlyAdmin):
    list_display = ("job", "frame")
    list_select_related = ("job", "frame__video")


@admin.register(LabelFinding)
class LabelFindingAdmin(ReadOnlyAdmin):
    list_display = ("run", "frame", "kind", "label", "other_label", "weight")
    list_filter = ("kind",)
    list_select_related = ("run__job", "run__video", "frame__video")


@admin.register(QuickAssistant)
class QuickAssistantAdmin(ReadOnlyAdmin):
    list_display = ("video", "team", "state", "max_minutes", "created")
    list_filter = ("state",)
    list_select_related = ("video", "team")


@admin.register(MetricPoint)
class MetricPointAdmin(ReadOnlyAdmin):
    list_display = ("job", "split", "tag", "step", "value")
    list_filter = ("split", "tag")
    list_select_related = ("job",)


@admin.register(JobEvent)
class JobEventAdmin(ReadOnlyAdmin):
    list_display = ("job", "old_state", "new_state", "created", "by", "why")
    list_filter = ("new_state", "reason_code")
    readonly_fields = ("why",)
    list_select_related = ("job",)


@admin.register(TrainingJob.datasets.through)
class JobDatasetAdmin(ReadOnlyAdmin):
    list_display = ("job", "dataset")
    list_select_related = ("job", "dataset")


@admin.register(TrainingWorker)
class TrainingWorkerAdmin(ReadOnlyAdmin):
    list_display = ("name", "accelerator", "devices", "last_seen")


@admin.register(MeasuredSpeed)
class MeasuredSpeedAdmin(ReadOnlyAdmin):
    list_display = ("worker", "accelerator", "starting_model", "seconds_per_frame", "measured")


@admin.register(TrainerLog)
class TrainerLogAdmin(ReadOnlyAdmin):
    list_display = ("job", "updated")
    list_select_related = ("job",)


@admin.register(LastSweep)
class LastSweepAdmin(ReadOnlyAdmin):
    list_display = ("ended",)


@admin.register(TrainingSwitch)
class TrainingSwitchAdmin(ReadOnlyAdmin):
    """The console switches, for it writes down who did."""

    list_display = ("__str__", "reason")


@admin.register(LiveLoss)
class LiveLossAdmin(ReadOnlyAdmin):
    list_display = ("job",)
    list_select_related = ("job",)


@admin.register(LastRobotCode)
class LastRobotCodeAdmin(ReadOnlyAdmin):
    list_display = ("team", "way")
    list_select_related = ("team",)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> LastRobotCode | None:
        """Find no row for a number that the database doesn't hold: its key is a team's, which Django doesn't check."""
        with suppress(OverflowError):
            return super().get_object(request, object_id, from_field)
        return None
