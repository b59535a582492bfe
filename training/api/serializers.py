"""The shapes of the training part of API v1."""

import uuid
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from detector.contract.checkpoints import MAY_BE_NOISE
from detector.contract.suppression import DEFAULT_DETECTIONS, FEWEST_DETECTIONS, MOST_DETECTIONS
from ftcml.core.requests.parameters import ApiText, ApiWholeNumber
from training.insight.next_step import next_steps
from training.messages.next_step_words import Action, NextStep
from training.messages.plan_words import MODEL_OF_PARENT, MODEL_OR_PARENT
from training.messages.result_words import Finding
from training.models import JobEvent, MetricPoint, ModelFile, TrainingJob
from training.services.progress import live
from training.services.starting.plan import evaluation_note

_BEST = f"the newest checkpoint within {MAY_BE_NOISE:g} of the highest mAP"


class StartingModelSerializer(serializers.Serializer):
    name = serializers.CharField()
    input_size = serializers.IntegerField(help_text="pixels on a side")
    batch_size = serializers.IntegerField(help_text="frames per step on this server")
    default = serializers.BooleanField()
    starting_weights = serializers.CharField(help_text="the pre-trained weights on this server")


class ChoicesSerializer(serializers.Serializer):
    """What a plan depends on."""

    datasets = serializers.ListField(
        child=ApiText(),
        default=list,
        help_text="ids of your team's datasets; with a parent, those besides its own (optional)",
    )
    starting_model = ApiText(required=False, help_text="not with a parent")
    parent = ApiText(required=False, help_text="id of an ended job of your team: trains its model more")
    training_steps = ApiWholeNumber(min_value=0)

    def validate(self, choices: dict[str, Any]) -> dict[str, Any]:
        if "parent" in choices and "starting_model" in choices:
            raise serializers.ValidationError({"starting_model": MODEL_OF_PARENT})
        if "parent" not in choices and "starting_model" not in choices:
            raise serializers.ValidationError({"starting_model": MODEL_OR_PARENT})
        return choices


class PlanRequestSerializer(ChoicesSerializer):
    max_minutes = ApiWholeNumber(min_value=0, required=False, help_text="optional; for the warning about the time")


class StartRequestSerializer(ChoicesSerializer):
    max_minutes = ApiWholeNumber()
    description = ApiText(allow_blank=True, help_text="1 to 30 characters")
    max_detections = ApiWholeNumber(
        required=False,
        help_text=f"of a picture, in the model's files: {FEWEST_DETECTIONS} to {MOST_DETECTIONS}; without it "
        f"{DEFAULT_DETECTIONS}, or the parent's",
    )


class PlanSerializer(serializers.Serializer):
    """The numbers of a job. A sentence that doesn't apply is empty."""

    first_step = serializers.IntegerField(help_text="where training begins; with a parent, at its newest checkpoint")
    last_step = serializers.IntegerField()
    accelerator = serializers.CharField()
    batch_size = serializers.IntegerField()
    training_frames = serializers.IntegerField()
    evaluation_frames = serializers.IntegerField()
    model_note = serializers.CharField(help_text="when to choose another starting model; empty with a parent")
    steps_per_epoch = serializers.IntegerField()
    epochs = serializers.IntegerField(help_text="how often these steps show each frame")
    epochs_in_all = serializers.IntegerField(help_text="the same for all steps up to last_step")
    exact_steps = serializers.IntegerField(help_text="steps for 100 epochs, before they are rounded up")
    advised_steps = serializers.IntegerField(
        help_text="exact_steps as a multiple of 100; with a parent, those that are left"
    )
    estimated_minutes = serializers.IntegerField(
        allow_null=True, help_text="null until this server has measured its speed"
    )
    minutes_allowed = serializers.IntegerField()
    minutes_remaining = serializers.IntegerField()
    rule_of_thumb = serializers.CharField()
    overtraining = serializers.CharField()
    estimate = serializers.CharField()
    steps_advice = serializers.CharField()
    time_warning = serializers.CharField()
    evaluation_note = serializers.CharField()
    queue_note = serializers.CharField(help_text="why a job that starts now would not be queued at once")
    starting_weights = serializers.CharField(help_text="the pre-trained weights on this server, or the parent")
    weights_note = serializers.CharField()
    known_objects = serializers.CharField(help_text='what those weights know, "" where nothing is to be said')


class LiveSerializer(serializers.Serializer):
    step = serializers.IntegerField()
    steps_per_second = serializers.FloatField()
    seconds_left = serializers.IntegerField(allow_null=True)


class ModelFileSerializer(serializers.ModelSerializer):
    """One file of the model, or the newest checkpoint's. Numbers are null where they were not measured."""

    size = serializers.IntegerField(help_text="bytes")
    latency_ms = serializers.FloatField(allow_null=True, help_text="for one frame, on one core of the server")
    ap50 = serializers.FloatField(allow_null=True, help_text="mAP@.50 on the evaluation frames")
    ap50_interval = serializers.SerializerMethodField(help_text="[low, high] of mAP@.50, 95%")
    compared_on = serializers.CharField(help_text="the split it was measured on: evaluation or training")
    agreement = serializers.SerializerMethodField(
        help_text="boxes with a confidence above 0.5, compared with those of float32"
    )
    default = serializers.BooleanField(source="is_default", help_text="whether model.tflite is this one")
    less_accurate = serializers.BooleanField(help_text="whether it loses more than two points of mAP@.50")
    nms_iou = serializers.FloatField(help_text="two boxes of a label that overlap by more than this count as one")
    url = serializers.SerializerMethodField(help_text="where on this server it can be downloaded")

    class Meta:
        model = ModelFile
        fields = (
            "variant",
            "size",
            "latency_ms",
            "ap50",
            "ap50_interval",
            "ap",
            "compared_on",
            "frames",
            "agreement",
            "default",
            "less_accurate",
            "nms_iou",
            "url",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.FloatField(), allow_null=True))
    def get_ap50_interval(self, file: ModelFile) -> list[float] | None:
        return None if file.ap50_low is None or file.ap50_high is None else [file.ap50_low, file.ap50_high]

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_agreement(self, file: ModelFile) -> dict[str, int]:
        return {"objects": file.objects_of_float32, "same": file.same, "near": file.near, "extra": file.extra}

    def get_url(self, file: ModelFile) -> str:
        return f"{reverse('api-job-model', args=[file.job_id])}?variant={file.variant}"


class JobSerializer(serializers.ModelSerializer):
    id = serializers.CharField()
    reason_code = serializers.CharField(help_text="why it is in that state, as a stable code; empty without one")
    reason_params = serializers.DictField(help_text="the numbers and names of the reason")
    state_reason = serializers.CharField(help_text="the reason in words, which may change; empty without one")
    state_meaning = serializers.CharField()
    advice = serializers.SerializerMethodField(help_text="what to do next, in words, which may change")
    next_step = serializers.SerializerMethodField(help_text="the same as an action")
    labels = serializers.ListField(child=serializers.CharField())
    live = serializers.SerializerMethodField(help_text="null unless the job is RUNNING")
    max_minutes = serializers.SerializerMethodField()
    max_detections = serializers.IntegerField(help_text="the most that the model's files give for a picture")
    datasets = serializers.SerializerMethodField()
    has_model = serializers.SerializerMethodField(help_text="whether model.tflite can be downloaded")
    model_files = ModelFileSerializer(many=True, help_text="the files of the model that can be downloaded")
    best_step = serializers.SerializerMethodField(help_text=f"step of {_BEST}; null without one")
    best_map = serializers.FloatField(allow_null=True, help_text="its mAP on the evaluation frames")
    newest_step = serializers.SerializerMethodField(help_text="step of the newest checkpoint; null without one")
    model_step = serializers.SerializerMethodField(
        help_text="step of the checkpoint in model.tflite: the best, or the newest where there is none"
    )
    evaluation_note = serializers.SerializerMethodField()
    parent = serializers.CharField(source="parent_id", allow_null=True, help_text="id of the job it was trained from")
    children = serializers.SerializerMethodField(help_text="ids of the jobs trained from this one")
    last_step = serializers.IntegerField(help_text="where training ends: first_step + steps_requested")

    class Meta:
        model = TrainingJob
        fields = (
            "id",
            "description",
            "state",
            "reason_code",
            "reason_params",
            "state_reason",
            "state_meaning",
            "advice",
            "next_step",
            "starting_model",
            "started_from",
            "label_starts",
            "parent",
            "children",
            "accelerator",
            "batch_size",
            "first_step",
            "steps_requested",
            "last_step",
            "steps_completed",
            "best_step",
            "best_map",
            "newest_step",
            "live",
            "max_minutes",
            "max_detections",
            "training_seconds",
            "created",
            "labels",
            "datasets",
            "has_model",
            "model_step",
            "model_files",
            "evaluation_note",
        )
        read_only_fields = fields

    @extend_schema_field(LiveSerializer(allow_null=True))
    def get_live(self, job: TrainingJob) -> dict[str, Any] | None:
        now = live(job)
        return LiveSerializer(now).data if now else None

    def get_advice(self, job: TrainingJob) -> str:
        return self._next_step(job).words

    @extend_schema_field(serializers.ChoiceField(Action))
    def get_next_step(self, job: TrainingJob) -> str:
        return self._next_step(job).action

    def _next_step(self, job: TrainingJob) -> NextStep:
        """Return the job's next step; those of a whole list are asked for together."""
        steps: dict[uuid.UUID, NextStep] = self.context.setdefault("next_steps", {})
        if job.pk not in steps:
            shown = self.parent.instance if isinstance(self.parent, serializers.ListSerializer) else [job]
            steps.update(next_steps(shown or [job]))
        return steps[job.pk]

    def get_max_minutes(self, job: TrainingJob) -> int:
        return job.max_seconds // 60

    def get_datasets(self, job: TrainingJob) -> list[str]:
        return [str(dataset.pk) for dataset in job.datasets.all()]

    def get_children(self, job: TrainingJob) -> list[str]:
        return [str(child.pk) for child in job.children.all()]

    def get_has_model(self, job: TrainingJob) -> bool:
        return job.has_model

    def get_best_step(self, job: TrainingJob) -> int | None:
        return job.best_step or None

    def get_newest_step(self, job: TrainingJob) -> int | None:
        return job.steps_completed if job.has_checkpoint else None

    def get_model_step(self, job: TrainingJob) -> int | None:
        return job.model_step or None

    def get_evaluation_note(self, job: TrainingJob) -> str:
        return evaluation_note(list(job.datasets.all()))


class RenameModelSerializer(serializers.Serializer):
    description = ApiText(allow_blank=True, help_text="1 to 30 characters")


class TrainerLogSerializer(serializers.Serializer):
    """The end of what the job's trainer has written."""

    tail = serializers.CharField(help_text="its last lines; empty before the first")
    updated = serializers.DateTimeField(allow_null=True, help_text="when they were read; null before that")


class SinceSerializer(serializers.Serializer):
    since = ApiWholeNumber(min_value=0, default=0, help_text="only what is newer than this step")


class EventSerializer(serializers.ModelSerializer):
    """One change of a job's state."""

    reason_params = serializers.DictField()
    why = serializers.CharField(help_text="the reason in words")

    class Meta:
        model = JobEvent
        fields = ("old_state", "new_state", "created", "by", "reason_code", "reason_params", "why")
        read_only_fields = fields


class MetricSerializer(serializers.Serializer):
    """One metric over the steps."""

    split = serializers.ChoiceField(MetricPoint.Split)
    tag = serializers.CharField()
    points = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        help_text="[[step, value], …]",
    )


class TrendSerializer(serializers.Serializer):
    """How a curve moves over its last points."""

    points = serializers.IntegerField(help_text="how many points were looked at")
    change = serializers.FloatField(help_text="over all of them")
    direction = serializers.IntegerField(help_text="1 rises, -1 falls, 0 neither")


class VerdictSerializer(serializers.Serializer):
    """Is it still learning? Trends are null where the curve was not measured, or not often enough."""

    finding = serializers.ChoiceField(Finding)
    title = serializers.CharField()
    evidence = serializers.ListField(child=serializers.CharField(), help_text="sentences with the numbers")
    checkpoints = serializers.IntegerField(help_text="how many there are")
    best_step = serializers.IntegerField(allow_null=True, help_text=f"of {_BEST}")
    train_loss = TrendSerializer(allow_null=True)
    eval_loss = TrendSerializer(allow_null=True)
    mean_precision = TrendSerializer(allow_null=True)
