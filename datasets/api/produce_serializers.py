"""What API v1 asks for to produce a dataset, and what it says beforehand."""

from rest_framework import serializers

from datasets.api.serializers import AdviceSerializer
from datasets.production.choices import SplitMethod
from datasets.services.imports import MAX_EVAL_PERCENT, MAX_SEED
from ftcml.core.requests.parameters import ApiText, ApiWholeNumber


class ProductionChoicesSerializer(serializers.Serializer):
    """What may stand in the fields is for services/labeling/production.py to say."""

    videos = serializers.ListField(
        child=ApiText(), min_length=1, max_length=1000, help_text="The ids of the videos whose finished frames go in."
    )
    method = serializers.ChoiceField(
        SplitMethod.values,
        default=SplitMethod.BLOCKS.value,
        help_text="blocks: neighboring frames stay together, with a gap. shuffle: as ftc-ml does. "
        "videos: those in `kept` are for evaluation.",
    )
    eval_percent = ApiWholeNumber(
        default=20, help_text=f"0 to {MAX_EVAL_PERCENT}: the percentage of evaluation frames. Unused for `videos`."
    )
    seed = ApiWholeNumber(default=0, help_text=f"0 to {MAX_SEED}: the random seed of the blocks.")
    labels = serializers.DictField(
        child=ApiText(allow_blank=True),
        default=dict,
        help_text="Label -> its name in the dataset; empty to leave it out. Labels with the same name are merged.",
    )
    kept = serializers.ListField(
        child=ApiText(), default=list, max_length=1000, help_text="The ids of the videos kept for evaluation."
    )

    reviewed_only = serializers.BooleanField(default=False, help_text="Take only frames that a second person approved.")


class ProduceSerializer(ProductionChoicesSerializer):
    description = ApiText(help_text="1 to 30 characters.")
    next_version = serializers.BooleanField(
        default=False, help_text="Make it the next version of the newest dataset from exactly these videos."
    )


class LabelUseSerializer(serializers.Serializer):
    label = serializers.CharField()
    name = serializers.CharField(help_text="Its name in the dataset; empty where it is left out.")
    boxes = serializers.IntegerField()
    near = serializers.CharField(help_text="A more frequent label that it may be a slip for, or empty.")


class PreviewSerializer(serializers.Serializer):
    training = serializers.IntegerField(help_text="Frames for training.")
    evaluation = serializers.IntegerField(help_text="Frames for evaluation.")
    negative = serializers.IntegerField(help_text="Frames without boxes, of both.")
    unfinished = serializers.IntegerField(help_text="Frames left out because they are not finished yet.")
    unreviewed = serializers.IntegerField(help_text="Labeled frames left out because they aren't reviewed.")
    ignored = serializers.IntegerField(help_text="Frames left out because they are ignored.")
    gap = serializers.IntegerField(help_text="Frames left out in the gap between training and evaluation.")
    near_duplicates = serializers.IntegerField(help_text="Evaluation frames with a near-duplicate in training.")
    labels = LabelUseSerializer(many=True)
    warnings = AdviceSerializer(many=True)
    refusal = serializers.CharField(help_text="Why no dataset can be produced, or empty.")
