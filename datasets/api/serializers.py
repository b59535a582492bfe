"""Datasets as API v1 shows them, and what an import asks for."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from datasets import messages
from datasets.formats.catalog import FORMATS
from datasets.models import Dataset, SplitCounts
from datasets.pictures.near_duplicates import BITS, MOST_NAMED
from datasets.repairs import Entry
from datasets.services.dataset_list import ORDERS
from datasets.services.imports import MAX_EVAL_PERCENT, MAX_SEED
from datasets.split import Split
from ftcml.core.requests.parameters import ApiText, ApiWholeNumber
from ftcml.core.requests.tables import NEWEST_FIRST


class SplitCountsSerializer(serializers.Serializer):
    frames = serializers.IntegerField()
    negative_frames = serializers.IntegerField()
    label_counts = serializers.DictField(child=serializers.IntegerField(), help_text="Label -> number of its boxes.")


class RepairSerializer(serializers.Serializer):
    kind = serializers.CharField()
    file = serializers.CharField(help_text="Empty in an entry that stands for further files of its kind.")
    code = serializers.CharField(help_text="The code of the event. Its spelling never changes.")
    params = serializers.DictField(help_text="The numbers and names of what happened.")
    text = serializers.SerializerMethodField(help_text="The event in words, which may change.")
    files = serializers.IntegerField(help_text="Added up over a kind: the number of files that it happened to.")

    def get_text(self, entry: Entry) -> str:
        return messages.of_repair(entry)


class DatasetSerializer(serializers.ModelSerializer):
    id = serializers.CharField(read_only=True)
    reason_code = serializers.CharField(read_only=True, help_text="why it is FAILED, as a code that stays; or empty")
    reason_params = serializers.DictField(read_only=True, help_text="the numbers and names of the reason")
    error = serializers.CharField(read_only=True, help_text="the reason in words, which may change; or empty")
    repairs = RepairSerializer(many=True, read_only=True)
    labels = serializers.ListField(child=serializers.CharField(), read_only=True)
    training = serializers.SerializerMethodField()
    evaluation = serializers.SerializerMethodField()

    class Meta:
        model = Dataset
        fields = (
            "id", "description", "created", "archive_format", "eval_percent", "keeps_split", "split_seed",
            "merges_labels", "state", "reason_code", "reason_params", "error", "repairs", "labels", "training",
            "evaluation", "frames_done", "frames_total",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(SplitCountsSerializer)
    def get_training(self, dataset: Dataset) -> SplitCounts:
        return _counts(dataset, Split.TRAINING)

    @extend_schema_field(SplitCountsSerializer)
    def get_evaluation(self, dataset: Dataset) -> SplitCounts:
        return _counts(dataset, Split.EVALUATION)


def _counts(dataset: Dataset, split: Split) -> SplitCounts:
    """Zeros for a dataset that is not ready."""
    return dataset.counts.get(split, {"frames": 0, "negative_frames": 0, "label_counts": {}})


class FrameNameSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    filename = serializers.CharField()


class NearDuplicatesSerializer(serializers.Serializer):
    evaluation = FrameNameSerializer()
    training = FrameNameSerializer()
    distance = serializers.IntegerField(help_text=f"In which of {BITS} bits their fingerprints differ.")


class AdviceSerializer(serializers.Serializer):
    kind = serializers.CharField()
    text = serializers.CharField()
    what_to_do = serializers.CharField()


class ReportSerializer(serializers.Serializer):
    """Empty, except for `frames_looked_at`, until `ready`."""

    ready = serializers.BooleanField(help_text="False while a dataset that was imported earlier is still looked at.")
    frames_looked_at = serializers.IntegerField()
    input_side = serializers.IntegerField(help_text="The model's input in pixels, to which a frame is scaled.")
    smallest_side = serializers.IntegerField(help_text="A box with a side under so many pixels is hardly learned.")
    size_steps = serializers.ListField(
        child=serializers.IntegerField(), help_text="Where the next class of sizes begins; the first begins at 0."
    )
    sizes = serializers.DictField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="Label -> the number of its boxes in each class, by their smaller side.",
    )
    near_duplicate_pairs = serializers.IntegerField(
        help_text="An evaluation and a training frame that look almost alike."
    )
    near_duplicate_frames = serializers.IntegerField(help_text="Evaluation frames with a near-duplicate in training.")
    near_duplicates = NearDuplicatesSerializer(
        many=True, help_text=f"At most {MOST_NAMED} of those, each with the nearest."
    )
    warnings = AdviceSerializer(many=True)


class DatasetQuerySerializer(serializers.Serializer):
    """Which datasets are listed, and in which order."""

    search = ApiText(default="", allow_blank=True, help_text="Words in the description or in a label.")
    state = serializers.ChoiceField(Dataset.State.choices, default="", allow_blank=True)
    ordering = serializers.ChoiceField(
        list(ORDERS), default=NEWEST_FIRST, help_text="After a minus, the newest or largest comes first."
    )


class ImportSerializer(serializers.Serializer):
    """What may stand in the fields is for imports.request_import to say."""

    file = serializers.FileField(
        help_text=f"A zip of pictures and annotations: {', '.join(known.name for known in FORMATS.values())}.",
        error_messages={"required": "Send the zip in this field, as multipart/form-data."},
    )
    description = ApiText(help_text="1 to 30 letters.")
    eval_percent = ApiWholeNumber(
        default=Dataset._meta.get_field("eval_percent").default,
        help_text=f"0 to {MAX_EVAL_PERCENT}: percentage of the frames kept for evaluation.",
    )
    archive_format = ApiText(default="", allow_blank=True, help_text=f"One of {', '.join(FORMATS)}; empty to find out.")
    keeps_split = serializers.BooleanField(
        default=True, help_text="Keep the archive's own split, if it has one, rather than drawing one."
    )
    split_seed = ApiWholeNumber(
        default=0, help_text=f"0 to {MAX_SEED}: the number by which the frames for evaluation are drawn."
    )
    merges_labels = serializers.BooleanField(
        default=False, help_text="Make labels that differ only in capitals one, such as “Cone” and “cone”."
    )


class StartedImportSerializer(serializers.ModelSerializer):
    id = serializers.CharField(read_only=True)

    class Meta:
        model = Dataset
        fields = ("id", "state")
