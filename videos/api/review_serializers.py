"""What API v1 takes and returns of reviews: comments, assignments."""

from rest_framework import serializers

from ftcml.core.requests.parameters import ApiText, ApiWholeNumber
from videos.models import Comment


class CommentSerializer(serializers.ModelSerializer):
    person = serializers.CharField(source="person.username", default="", read_only=True)
    resolved = serializers.SerializerMethodField(help_text="Whether what it asks for is done.")

    class Meta:
        model = Comment
        fields = ("id", "person", "at", "text", "box_key", "resolved")
        read_only_fields = fields

    def get_resolved(self, comment: Comment) -> bool:
        return comment.resolved_at is not None


class GivenCommentSerializer(serializers.Serializer):
    text = ApiText(help_text="1 to 500 characters.")
    box_key = serializers.UUIDField(
        default=None, allow_null=True, help_text="The key of the box that it is about; null for the frame."
    )


class ResolveSerializer(serializers.Serializer):
    resolved = serializers.BooleanField(help_text="Whether what the comment asks for is done.")


class AssignmentSerializer(serializers.Serializer):
    """Frames that one member labels, and how far they are."""

    id = serializers.IntegerField(source="assignment.id")
    person = serializers.CharField(source="assignment.person.username")
    first = serializers.IntegerField(source="assignment.first", help_text="The number of the first frame, from 0.")
    last = serializers.IntegerField(source="assignment.last")
    labeled = serializers.IntegerField(help_text="How many of them are labeled.")
    unlabeled = serializers.IntegerField(help_text="How many aren't yet. Ignored frames are in neither.")


class GivenAssignmentSerializer(serializers.Serializer):
    person = ApiText(help_text="The user name of a member of your team.")
    first = ApiWholeNumber(help_text="The number of the first frame, from 0.")
    last = ApiWholeNumber()
