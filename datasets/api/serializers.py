"""Datasets as API v1 shows them, and what an import asks for."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from datasets import messages
from datasets.edits import PLACES
from datasets.formats.catalog import FORMATS
from datasets.messages.page_words import FRAME_IDS, SEND_A_FILE
from datasets.models import Dataset, SplitCounts
from datasets.repairs import Entry
from datasets.services.dataset_list import ORDERS
from datasets.services.imports import MAX_EVAL_PERCENT, MAX_SEED
from datasets.split import Split
from ftcml.core.pictures.near_duplicates import BITS, MOST_NAMED
from ftcml.core.requests.parameters import ApiText, ApiWholeNumber, whole_number
from ftcml.core.requests.tables import NEWEST_FIRST


class SplitCountsSerializer(serializers.Serializer):
    frames = serializers.IntegerField()
    negative_frames = serializers.IntegerField()
    label_counts = serializers.DictField(child=serializers.IntegerField(), help_text="Label -> number of its boxes.")


class RepairSerializer(serializers.Serializer):
    kind = serializers.CharField()
    file = serializers.CharField(help_text="Empty in an entry that stands for further files of its kind.")
    code = serializers.CharField(help_text="The code for what happened. Codes don't change.")
    params = serializers.DictField(help_text="The numbers and names in `text`.")
    text = serializers.SerializerMethodField(help_text="The words for what happened. Words may change.")
    files = serializers.IntegerField(help_text="Added up over a kind: the number of files that it happened to.")

    def get_text(self, entry: Entry) -> str:
        return messages.of_repair(entry)


class DatasetSerializer(serializers.ModelSerializer):
    id = serializers.CharField(read_only=True)
    reason_code = serializers.CharField(
        read_only=True, help_text="The code for why it is FAILED, or empty. Codes don't change."
    )
    reason_params = serializers.DictField(read_only=True, help_text="The numbers and names in `error`.")
    error = serializers.CharField(
        read_only=True, help_text="The words for why it is FAILED, or empty. Words may change."
    )
    repairs = RepairSerializer(many=True, read_only=True)
    labels = serializers.ListField(child=serializers.CharField(), read_only=True)
    training = serializers.SerializerMethodField()
    evaluation = serializers.SerializerMethodField()

    class Meta:
        model = Dataset
        fields = (
            "id", "description", "version", "created", "archive_format", "eval_percent", "keeps_split", "split_seed",
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

    ready = serializers.BooleanField(
        help_text="False while the server still checks a dataset that an earlier version imported."
    )
    frames_looked_at = serializers.IntegerField()
    input_side = serializers.IntegerField(help_text="The side of the model's input in pixels.")
    smallest_side = serializers.IntegerField(help_text="A model hardly learns a box with a side under so many pixels.")
    size_steps = serializers.ListField(
        child=serializers.IntegerField(), help_text="Where the next class of sizes begins; the first begins at 0."
    )
    sizes = serializers.DictField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="Label -> the number of its boxes in each class, by their smaller side.",
    )
    near_duplicate_pairs = serializers.IntegerField(
        help_text="Pairs of an evaluation frame and a near-duplicate in training."
    )
    near_duplicate_frames = serializers.IntegerField(help_text="Evaluation frames with a near-duplicate in training.")
    near_duplicates = NearDuplicatesSerializer(
        many=True, help_text=f"At most {MOST_NAMED} of those, each with the nearest."
    )
    warnings = AdviceSerializer(many=True)


class DatasetQuerySerializer(serializers.Serializer):
    """Which datasets are listed, and in which order."""

    search = ApiText(default="", allow_blank=True, help_text="Text in the description or a label.")
    state = serializers.ChoiceField(Dataset.State.choices, default="", allow_blank=True)
    ordering = serializers.ChoiceField(
        list(ORDERS), default=NEWEST_FIRST, help_text="With a minus, the newest or largest comes first."
    )


class ImportSerializer(serializers.Serializer):
    """What may stand in the fields is for imports.request_import to say."""

    file = serializers.FileField(
        help_text=f"A zip file of pictures and annotations: {', '.join(known.name for known in FORMATS.values())}.",
        error_messages={"required": SEND_A_FILE},
    )
    description = ApiText(help_text="1 to 30 characters.")
    eval_percent = ApiWholeNumber(
        default=Dataset._meta.get_field("eval_percent").default,
        help_text=f"0 to {MAX_EVAL_PERCENT}: the percentage of evaluation frames.",
    )
    archive_format = ApiText(
        default="", allow_blank=True, help_text=f"One of {', '.join(FORMATS)}; empty to detect it."
    )
    keeps_split = serializers.BooleanField(
        default=True, help_text="Keep the zip file's own split, if it has one, instead of splitting at random."
    )
    split_seed = ApiWholeNumber(default=0, help_text=f"0 to {MAX_SEED}: the random seed of the split.")
    merges_labels = serializers.BooleanField(
        default=False, help_text="Merge labels that differ only in capital letters, such as “Cone” and “cone”."
    )


class RenameDatasetSerializer(serializers.Serializer):
    description = ApiText(help_text="1 to 30 characters.")


class EditSerializer(serializers.Serializer):
    """What to change in a dataset. What may be changed is for services/editing.py to say."""

    labels = serializers.DictField(
        child=ApiText(allow_blank=True),
        default=dict,
        help_text="Label -> its new name; empty to delete it with its boxes. Labels with the same name are merged.",
    )
    frames = serializers.DictField(
        child=serializers.ChoiceField(PLACES),
        default=dict,
        help_text=f"The id of a frame -> where it goes: {', '.join(PLACES)}.",
    )
    description = ApiText(default="", allow_blank=True, help_text="Of a copy that stands beside the dataset.")

    def validate_frames(self, frames: dict[str, str]) -> dict[str, str]:
        if any(whole_number(key) is None for key in frames):
            raise serializers.ValidationError(FRAME_IDS)
        return {str(whole_number(key)): place for key, place in frames.items()}


class StartedImportSerializer(serializers.ModelSerializer):
    id = serializers.CharField(read_only=True)

    class Meta:
        model = Dataset
        fields = ("id", "state")
