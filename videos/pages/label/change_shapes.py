"""What the server changed by itself, as edits that the label page can undo: the same JSON as it sends."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from videos.labeling.merging import Look
from videos.labeling.tracks.rewriting import Changes
from videos.models import Label


def changes_as_json(changes: Changes, labels: Sequence[Label]) -> list[dict[str, Any]]:
    """Return an edit for each frame that changed."""
    names = {label.pk: label.name for label in labels}
    edits: dict[int, dict[str, Any]] = defaultdict(lambda: {"boxes": [], "finished": None, "ignored": None, "gone": []})
    for change in changes.boxes:
        before, after = (look and _look(look, names) for look in (change.before, change.after))
        edits[change.place.number]["boxes"].append({"key": str(change.place.key), "before": before, "after": after})
    for gone in changes.gone:
        made = {"track": str(gone.track), "before": gone.before, "after": gone.after}
        edits[gone.number]["gone"].append(made)
    for number in changes.opened:
        edits[number]["finished"] = {"before": True, "after": False}
    for number in changes.finished:
        edits[number]["finished"] = {"before": False, "after": True}
    return [{"frame": number, **edit} for number, edit in sorted(edits.items())]


def _look(look: Look, names: dict[int, str]) -> dict[str, Any]:
    return {
        "label": look.label,
        "name": names.get(look.label, ""),
        "corners": list(look.corners),
        "origin": look.origin,
        "confirmed": look.confirmed,
        "track": look.track or None,
    }
