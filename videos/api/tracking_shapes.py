"""What the part of API v1 about trackers takes and returns."""

from rest_framework import serializers

from ftcml.core.requests.parameters import ApiText, ApiWholeNumber
from videos.labeling.tracks.actions import ACTIONS, MOST_TRACKS
from videos.models import TrackedObject, Tracking
from videos.tracking_runs.tracker_names import AUTOMATIC

MOST_BOXES = 100


class TrackedObjectSerializer(serializers.ModelSerializer):
    track = serializers.UUIDField(source="track_id", read_only=True, help_text="The key of the object in its boxes.")

    class Meta:
        model = TrackedObject
        fields = ("track", "first", "at", "ending", "missing")
        read_only_fields = fields


class TrackingSerializer(serializers.ModelSerializer):
    id = serializers.CharField(read_only=True)
    objects = TrackedObjectSerializer(source="followed", many=True, read_only=True)
    error_code = serializers.CharField(source="reason_code", read_only=True, help_text="Why it broke off, or empty.")

    class Meta:
        model = Tracking
        fields = (
            "id", "created", "tracker", "frame_number", "state", "error_code", "frames_done", "frames_total", "objects",
        )  # fmt: skip
        read_only_fields = fields


class StartTrackingSerializer(serializers.Serializer):
    frame = ApiWholeNumber(min_value=0, help_text="The number of the frame with the boxes, from 0.")
    boxes = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MOST_BOXES, help_text="The keys of boxes of that frame."
    )
    tracker = ApiText(max_length=20, default=AUTOMATIC)


class TrackChangeSerializer(serializers.Serializer):
    action = serializers.ChoiceField(
        ACTIONS,
        help_text="`end`: the object has left, from the frame on. `delete`: its boxes from there on. `split`: they "
        "become another object. `merge`: the second track becomes the first. `confirm`: all boxes are right.",
    )
    tracks = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_TRACKS)
    frame = ApiWholeNumber(min_value=0)
    last = ApiWholeNumber(min_value=0, required=False, help_text="With `confirm`: up to this frame.")
    finish = serializers.BooleanField(
        default=False, help_text="With `confirm`: also say that all objects of those frames have their box."
    )


class ChangedFramesSerializer(serializers.Serializer):
    frames = serializers.ListField(child=serializers.IntegerField(), help_text="The numbers of frames that changed.")
