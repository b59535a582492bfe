"""What the video part of API v1 takes and returns."""

from rest_framework import serializers

from ftcml.core.requests.parameters import ApiText, ApiWholeNumber
from ftcml.core.requests.tables import NEWEST_FIRST
from videos.messages.page_words import SHOWN
from videos.models import Activity, Box, Frame, Label, Video
from videos.services.video_list import ORDERS


class VideoSerializer(serializers.ModelSerializer):
    id = serializers.CharField(read_only=True)
    reason_code = serializers.CharField(
        read_only=True, help_text="The code for why it is FAILED, or empty. Codes don't change."
    )
    reason_params = serializers.DictField(read_only=True, help_text="The numbers and names in `error`.")
    error = serializers.CharField(
        read_only=True, help_text="The words for why it is FAILED, or empty. Words may change."
    )
    labeled_frames = serializers.IntegerField(source="labeled", read_only=True, help_text="Finished and not ignored.")
    reviewed_frames = serializers.IntegerField(
        source="reviewed", read_only=True, help_text="Labeled frames that a second person approved."
    )
    ignored_frames = serializers.IntegerField(source="excluded", read_only=True)

    class Meta:
        model = Video
        fields = (
            "id", "description", "created", "kind", "filename", "state", "reason_code", "reason_params", "error",
            "extraction", "every_nth", "frames_wanted", "width", "height", "seconds", "frames_per_second",
            "file_bytes", "picture_bytes", "frames_in_video", "frames_done", "frames_total", "labeled_frames",
            "reviewed_frames", "ignored_frames",
        )  # fmt: skip
        read_only_fields = fields


class VideoQuerySerializer(serializers.Serializer):
    """Which videos are listed, and in which order."""

    search = ApiText(default="", allow_blank=True, help_text="Text in the description or the file's name.")
    state = serializers.ChoiceField(Video.State.choices, default="", allow_blank=True)
    ordering = serializers.ChoiceField(
        list(ORDERS), default=NEWEST_FIRST, help_text="With a minus, the newest or largest comes first."
    )


class RenameVideoSerializer(serializers.Serializer):
    description = ApiText(help_text="1 to 30 characters.")


class BoxSerializer(serializers.ModelSerializer):
    label = serializers.CharField(source="label.name", read_only=True)
    track = serializers.UUIDField(
        source="track_id", allow_null=True, read_only=True, help_text="The object through frames that it's of, or null."
    )

    class Meta:
        model = Box
        fields = ("key", "track", "label", "xmin", "ymin", "xmax", "ymax", "origin", "confirmed", "score")
        read_only_fields = fields


class FrameSerializer(serializers.ModelSerializer):
    boxes = BoxSerializer(many=True, read_only=True)
    review = serializers.CharField(
        read_only=True, help_text="reviewed, sent_back, or empty. A change of the frame's boxes empties it."
    )
    reviewed_by = serializers.CharField(
        source="reviewed_by.username",
        default="",
        read_only=True,
        help_text="The person who reviewed it.",
    )

    class Meta:
        model = Frame
        fields = (
            "number", "number_in_video", "seconds", "filename", "width", "height", "near_duplicate_of", "ignored",
            "finished", "review", "reviewed_by", "version", "boxes",
        )  # fmt: skip
        read_only_fields = fields


class FrameQuerySerializer(serializers.Serializer):
    """Which frames are listed."""

    show = serializers.ChoiceField(list(SHOWN), default="", allow_blank=True)
    label = ApiText(default="", allow_blank=True, help_text="Frames with a box of this label.")


class GivenBoxSerializer(serializers.Serializer):
    """What may stand in the fields is for labeling/ to say."""

    label = ApiText()
    xmin = serializers.FloatField(help_text="In pixels of the frame, from its left; the others alike.")
    ymin = serializers.FloatField()
    xmax = serializers.FloatField()
    ymax = serializers.FloatField()
    origin = serializers.ChoiceField(Box.Origin.choices, default=Box.Origin.DRAWN)
    confirmed = serializers.BooleanField(default=True, help_text="False for a box that a person must still look at.")


class GivenBoxesSerializer(serializers.Serializer):
    boxes = GivenBoxSerializer(many=True)
    finished = serializers.BooleanField(
        help_text="Whether all objects of the frame have their box now. Without boxes that says: nothing here."
    )
    version = ApiWholeNumber(
        default=None, allow_null=True, help_text="The frame's version that you changed; 409 where it has a newer one."
    )


class FrameChangeSerializer(serializers.Serializer):
    """What isn't sent stays as it is."""

    ignored = serializers.BooleanField(required=False, help_text="Whether the frame stays out of datasets.")
    finished = serializers.BooleanField(required=False, help_text="Whether all its objects have their box.")
    review = serializers.ChoiceField(
        Frame.Review.choices,
        required=False,
        help_text="reviewed approves a finished frame, empty takes that back, sent_back asks to label it again.",
    )
    comment = ApiText(required=False, help_text="Needed to send a frame back: says what to change.")
    version = ApiWholeNumber(
        default=None, allow_null=True, help_text="The frame's version that you looked at; 409 where it has a newer one."
    )


class LabelSerializer(serializers.ModelSerializer):
    class Meta:
        model = Label
        fields = ("id", "name", "color")
        read_only_fields = fields


class GivenLabelSerializer(serializers.Serializer):
    name = ApiText(help_text="1 to 100 characters.")


class ActivitySerializer(serializers.ModelSerializer):
    person = serializers.CharField(source="person.username", default="", read_only=True)
    text = serializers.CharField(source="words", read_only=True, help_text="In words, which may change.")

    class Meta:
        model = Activity
        fields = ("at", "person", "action", "params", "text")
        read_only_fields = fields
