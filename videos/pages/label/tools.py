"""What the label page offers beside the frames: new labels in place, and a person's own keys."""

from django.http import JsonResponse
from django.views.decorators.http import require_POST
from rest_framework import serializers

from ftcml.accounts.services.access import team_required
from ftcml.accounts.services.team_request import TeamRequest
from ftcml.core.requests.parameters import ApiText
from videos.labeling import key_bindings, labels
from videos.pages.label.shapes import body_of, labels_as_json
from videos.refusals import VideoRefused

# More commands has no page, and no key a longer name.
_MOST_KEYS = 200
_LONGEST_KEY = 40


class _NewLabelSerializer(serializers.Serializer):
    # A name that is none counts as empty, which the verb refuses in its own words.
    name = ApiText(allow_blank=True)


class _KeysSerializer(serializers.Serializer):
    bindings = serializers.DictField(child=ApiText(max_length=_LONGEST_KEY, trim_whitespace=False))

    def validate_bindings(self, bindings: dict[str, str]) -> dict[str, str]:
        if len(bindings) > _MOST_KEYS or any(len(name) > _LONGEST_KEY or "\0" in name for name in bindings):
            raise serializers.ValidationError
        return bindings


@require_POST
@team_required
def new_label(request: TeamRequest) -> JsonResponse:
    """Add a label to the team's, and return it with all of them."""
    given = _NewLabelSerializer(data=body_of(request))
    try:
        label = labels.create(request.team, given.validated_data["name"] if given.is_valid() else "")
    except VideoRefused as refusal:
        return JsonResponse({"detail": str(refusal)}, status=422)
    told = labels_as_json(labels.of_team(request.team))
    return JsonResponse({"label": labels_as_json([label])[0], "labels": told})


@require_POST
@team_required
def keys(request: TeamRequest) -> JsonResponse:
    """Keep the keys that the person gave to commands of the label page. The page itself brings those of before."""
    given = _KeysSerializer(data=body_of(request))
    if not given.is_valid():
        return JsonResponse({"detail": ""}, status=400)
    try:
        key_bindings.keep(request.user, given.validated_data["bindings"])
    except VideoRefused as refusal:
        return JsonResponse({"detail": str(refusal)}, status=422)
    return JsonResponse({"bindings": given.validated_data["bindings"]})
