"""What the part of API v1 about models over frames takes and returns."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ftcml.core.requests.parameters import ApiText, ApiWholeNumber
from training.models import Detection, FrameDetections, LabelFinding, ModelRun, QuickAssistant
from training.proposals.runs import DEFAULT_CONFIDENCE


class ModelRunSerializer(serializers.ModelSerializer):
    id = serializers.CharField(read_only=True)
    video = serializers.CharField(source="video_id", read_only=True)
    model = serializers.CharField(source="job_id", read_only=True, help_text="id of the training job")
    error = serializers.CharField(read_only=True, help_text="Why it FAILED in words, or empty. Words may change.")

    class Meta:
        model = ModelRun
        fields = (
            "id", "created", "video", "model", "purpose", "first", "last", "minimum_confidence", "state",
            "reason_code", "error", "frames_done", "frames_total", "boxes_proposed",
        )  # fmt: skip
        read_only_fields = fields


class StartRunSerializer(serializers.Serializer):
    model = ApiText(help_text="id of a training job of your team that has a model")
    purpose = serializers.ChoiceField(
        ModelRun.Purpose.choices,
        default=ModelRun.Purpose.PROPOSALS,
        help_text="`proposals`: boxes to confirm on unlabeled frames. `helpful`: which frames to label next. `audit`: "
        "what in labeled frames is worth a second look.",
    )
    first = ApiWholeNumber(min_value=0, default=0, help_text="number of the first frame, counted from 0")
    last = ApiWholeNumber(min_value=0, default=None, allow_null=True, help_text="of the last one")
    minimum_confidence = serializers.FloatField(default=DEFAULT_CONFIDENCE, help_text="of what is proposed, 0 to 1")


class FoundBoxSerializer(serializers.Serializer):
    label = serializers.CharField()
    xmin = serializers.FloatField(help_text="In pixels of the frame, from its left; the others alike.")
    ymin = serializers.FloatField()
    xmax = serializers.FloatField()
    ymax = serializers.FloatField()
    score = serializers.FloatField()


class FrameDetectionsSerializer(serializers.ModelSerializer):
    number = serializers.IntegerField(source="frame.number", read_only=True)
    detections = serializers.SerializerMethodField()

    class Meta:
        model = FrameDetections
        fields = ("number", "detections")

    @extend_schema_field(FoundBoxSerializer(many=True))
    def get_detections(self, row: FrameDetections) -> list[dict[str, Any]]:
        return [_detection(found) for found in row.detections()]


class FindingSerializer(serializers.ModelSerializer):
    number = serializers.IntegerField(source="frame.number", read_only=True, help_text="of the frame")

    class Meta:
        model = LabelFinding
        fields = ("number", "kind", "box_key", "label", "other_label", "corners", "weight")
        read_only_fields = fields


class HelpfulQuerySerializer(serializers.Serializer):
    model = ApiText(help_text="id of a training job of your team that has looked at the video's frames")


class HelpfulFramesSerializer(serializers.Serializer):
    frames = serializers.ListField(child=serializers.IntegerField(), help_text="numbers, the most helpful frame first")


class WithdrawnSerializer(serializers.Serializer):
    boxes = serializers.IntegerField(help_text="how many proposals were removed")


class QuickAssistantSerializer(serializers.ModelSerializer):
    dataset = serializers.CharField(source="dataset_id", allow_null=True, read_only=True)
    model = serializers.CharField(source="job_id", allow_null=True, read_only=True, help_text="id of the training job")
    run = serializers.CharField(source="run_id", allow_null=True, read_only=True)
    error = serializers.CharField(read_only=True, help_text="Why it FAILED in words, or empty. Words may change.")

    class Meta:
        model = QuickAssistant
        fields = ("created", "state", "reason_code", "error", "max_minutes", "dataset", "model", "run")
        read_only_fields = fields


def _detection(found: Detection) -> dict[str, Any]:
    corners = dict(zip(("xmin", "ymin", "xmax", "ymax"), found.corners, strict=True))
    return {"label": found.label, **corners, "score": found.score}
