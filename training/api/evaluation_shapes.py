"""The shapes of what a model has found on its evaluation frames, in API v1.

The answers are stored in these shapes (contract/reports.py): the serializers describe them, and read what is asked for.
"""

from rest_framework import serializers

from datasets.split import Split
from ftcml.core.requests.parameters import ApiWholeNumber
from training.api.serializers import VerdictSerializer

_BOX = "[ymin, xmin, ymax, xmax] as fractions of height and width"
_CURVE = "at most 101 points [score, precision, recall], the highest score first"


class _ListOfFloats(serializers.ListField):
    child = serializers.FloatField()


class StepSerializer(serializers.Serializer):
    step = ApiWholeNumber(
        min_value=0, default=None, help_text="of a checkpoint; the best, or else the newest, without it"
    )


class PageSerializer(StepSerializer):
    offset = ApiWholeNumber(min_value=0, default=0, help_text="how many frames to leave out")


class TruthSerializer(serializers.Serializer):
    """A labeled object."""

    label = serializers.CharField()
    box = _ListOfFloats(min_length=4, max_length=4, help_text=_BOX)
    score = serializers.FloatField(help_text="of the detection that found it; 0 where none did")
    seen_as = serializers.CharField(help_text="what the surest detection of another label takes it for; often empty")
    seen_as_score = serializers.FloatField()


class DetectionSerializer(serializers.Serializer):
    label = serializers.CharField()
    score = serializers.FloatField()
    box = _ListOfFloats(min_length=4, max_length=4, help_text=_BOX)
    kind = serializers.CharField(help_text="right, wrong label or false alarm")
    truth = serializers.IntegerField(help_text="place in truths of the object that it is matched with, or -1")
    iou = serializers.FloatField(help_text="overlap with that object; 0 for a false alarm")


class EvaluationFrameSerializer(serializers.Serializer):
    """An evaluation frame: what is labeled on it, and what the model found, the surest first."""

    number = serializers.IntegerField(help_text="its place among the evaluation frames, from 0")
    dataset = serializers.CharField(help_text="id")
    filename = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    split = serializers.ChoiceField(Split)
    picture = serializers.CharField(help_text="where on this server the picture is")
    truths = TruthSerializer(many=True)
    detections = DetectionSerializer(many=True)


class EvaluationFramesSerializer(serializers.Serializer):
    step = serializers.IntegerField(help_text="of the checkpoint that found all this")
    steps = serializers.ListField(child=serializers.IntegerField(), help_text="that can be asked for")
    count = serializers.IntegerField(help_text="of all evaluation frames")
    next_offset = ApiWholeNumber(allow_null=True, help_text="of the next page; null on the last")
    frames = EvaluationFrameSerializer(many=True)


class LabelResultSerializer(serializers.Serializer):
    """One label. Numbers are null where there is nothing to count."""

    label = serializers.CharField()
    objects = serializers.IntegerField(help_text="how many there are on the evaluation frames")
    ap50 = serializers.FloatField(allow_null=True)
    ap = serializers.FloatField(allow_null=True)
    precision = serializers.FloatField(allow_null=True, help_text="at the suggested minimum confidence")
    recall = serializers.FloatField(allow_null=True, help_text="at the suggested minimum confidence")
    curve = serializers.ListField(child=_ListOfFloats(), help_text=_CURVE)


class SummarySerializer(serializers.Serializer):
    """What a checkpoint is worth. Numbers are null where no object was found."""

    step = serializers.IntegerField()
    threshold = serializers.FloatField(
        allow_null=True, help_text="the suggested minimum confidence: ignore detections with less"
    )
    precision = serializers.FloatField(allow_null=True, help_text="there, over all labels, as are the next two")
    recall = serializers.FloatField(allow_null=True)
    f1 = serializers.FloatField(allow_null=True)
    curve = serializers.ListField(child=_ListOfFloats(), help_text=_CURVE)
    labels = LabelResultSerializer(many=True)
    confusion = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="[labeled][found] at the suggested minimum confidence; last row: on nothing; last column: not found",
    )
    max_detections = serializers.IntegerField(
        required=False, help_text="how many of a frame were counted, the surest; left out by earlier versions"
    )
    nms_iou = serializers.FloatField(
        required=False, help_text="boxes of a label that overlap by more than this counted as one; the same"
    )
    verdict = VerdictSerializer(help_text="whether the whole training was enough")
