"""What several answers of the label page have in common."""

from collections.abc import Iterable

from ftcml.accounts.services.team_request import TeamRequest
from videos.labeling.labels import of_team
from videos.models import Frame
from videos.pages.label.shapes import frames_as_json, labels_as_json

# Frames that changed along with others are told with them, up to so many. A page hears of more with its next changes.
ALONG_WITH_OTHERS = 30


def frames_told(request: TeamRequest, frames: Iterable[Frame]) -> dict[str, object]:
    """Return frames, read with their boxes and labels, and the team's labels as they are now."""
    return {"frames": frames_as_json(frames), "labels": labels_as_json(of_team(request.team))}
