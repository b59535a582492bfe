"""The JSON of the label page: edits as they come, frames as they go."""

import math
from collections.abc import Iterable, Sequence
from typing import IO, Any, cast
from uuid import UUID

from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.exceptions import ParseError

from ftcml.core.requests.api_parsers import Json
from ftcml.core.requests.parameters import ApiText, ApiWholeNumber
from videos.labeling.edits import BoxEdit, Conflict, FrameEdit, GivenLook, GoneEdit, Mark
from videos.labeling.labels import MAX_LABEL_LENGTH
from videos.models import Box, Frame, Label
from videos.reviewing import comments

# A page sends what a person did within a second; after a night without a network, in several parts.
MOST_EDITS = 100
MOST_BOXES = 1_000


class _Corner(serializers.FloatField):
    def to_internal_value(self, data: Any) -> float:
        number = super().to_internal_value(data)
        if not math.isfinite(number):
            self.fail("invalid")
        return float(number)


class _LookSerializer(serializers.Serializer):
    label = ApiWholeNumber(min_value=0)
    name = ApiText(max_length=MAX_LABEL_LENGTH)
    corners = serializers.ListField(child=_Corner(), min_length=4, max_length=4)
    origin = serializers.ChoiceField(Box.Origin.choices)
    confirmed = serializers.BooleanField()
    track = serializers.UUIDField(allow_null=True)


class _BoxEditSerializer(serializers.Serializer):
    key = serializers.UUIDField()
    before = _LookSerializer(allow_null=True)
    after = _LookSerializer(allow_null=True)


class _MarkSerializer(serializers.Serializer):
    before = serializers.BooleanField()
    after = serializers.BooleanField()


class _GoneSerializer(serializers.Serializer):
    track = serializers.UUIDField()
    before = serializers.BooleanField()
    after = serializers.BooleanField()


class _FrameEditSerializer(serializers.Serializer):
    frame = ApiWholeNumber(min_value=0)
    boxes = _BoxEditSerializer(many=True, max_length=MOST_BOXES)
    finished = _MarkSerializer(allow_null=True)
    ignored = _MarkSerializer(allow_null=True)
    gone = _GoneSerializer(many=True, max_length=MOST_BOXES, required=False)


class EditsSerializer(serializers.Serializer):
    edits = _FrameEditSerializer(many=True, max_length=MOST_EDITS)


def body_of(request: HttpRequest) -> object:
    """Return what the JSON of a request says, None where it is none. Raises RequestDataTooBig."""
    try:
        return Json().parse(cast("IO[bytes]", request))
    except ParseError:
        return None


def edits_of(given: dict[str, Any]) -> list[FrameEdit]:
    """Return the edits of a validated EditsSerializer."""
    return [
        FrameEdit(
            frame=edit["frame"],
            boxes=[BoxEdit(box["key"], _look(box["before"]), _look(box["after"])) for box in edit["boxes"]],
            finished=Mark(**edit["finished"]) if edit["finished"] else None,
            ignored=Mark(**edit["ignored"]) if edit["ignored"] else None,
            gone=[GoneEdit(**gone) for gone in edit.get("gone", [])],
        )
        for edit in given["edits"]
    ]


def frames_as_json(frames: Iterable[Frame]) -> list[dict[str, Any]]:
    """Return frames as the page keeps them. Their boxes and labels are read with them; one query counts comments."""
    frames = list(frames)
    waiting = comments.open_in(frames) if frames else {}
    return [_frame_as_json(frame, waiting.get(frame.pk, 0)) for frame in frames]


def _frame_as_json(frame: Frame, waiting: int) -> dict[str, Any]:
    """`waiting`: how many of its comments aren't resolved."""
    return {
        "number": frame.number,
        "width": frame.width,
        "height": frame.height,
        "seconds": frame.seconds,
        "version": frame.version,
        "finished": frame.finished,
        "ignored": frame.ignored,
        "review": frame.review,
        "comments": waiting,
        "boxes": [_box_as_json(box) for box in frame.boxes.all()],
    }


def labels_as_json(labels: Sequence[Label]) -> list[dict[str, Any]]:
    return [{"id": label.pk, "name": label.name, "color": label.color} for label in labels]


def conflict_as_json(conflict: Conflict) -> dict[str, Any]:
    """Return a conflict; what the other person made of the box stands in the frame."""
    yours = conflict.yours
    look = yours and {
        "label": yours.label,
        "name": yours.name,
        "corners": list(yours.corners),
        "origin": yours.origin,
        "confirmed": yours.confirmed,
        "track": yours.track and str(yours.track),
    }
    return {"frame": conflict.frame, "key": str(conflict.key), "yours": look}


def _box_as_json(box: Box) -> dict[str, Any]:
    return {
        "key": str(box.key),
        "label": box.label_id,
        "name": box.label.name,
        "corners": [box.xmin, box.ymin, box.xmax, box.ymax],
        "origin": box.origin,
        "confirmed": box.confirmed,
        "track": box.track_id and str(box.track_id),
        "score": box.score,
    }


def _look(given: dict[str, Any] | None) -> GivenLook | None:
    if given is None:
        return None
    xmin, ymin, xmax, ymax = given["corners"]
    return GivenLook(
        given["label"], given["name"], (xmin, ymin, xmax, ymax), given["origin"], given["confirmed"], given["track"]
    )


def key_of(text: str) -> UUID | None:
    """Return the key of a box that stands in a form, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
