"""One task of Label Studio: the picture that it is about, and the annotation of it that counts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from datasets.formats.common.picture_files import PICTURE_SUFFIXES
from datasets.formats.label_studio.label_studio_regions import Region
from datasets.reasons import Note, Reason

ANNOTATIONS = ("annotations", "completions")  # completions: of the first versions
PREDICTIONS = "predictions"


@dataclass(slots=True)
class Task:
    """One person's annotation of one picture.

    Args:
        number: the id of the task, the same in all exports of a project.
        paths: what may name the picture.
        regions: None where the task was skipped, or waits for somebody.
        why: what is to be said of the choice, or of there being none.
        changed: when it was changed last, in seconds; None where the file doesn't say.
        canceled: how many annotations of it were canceled.
        predictions: how many predictions of models it has.
    """

    number: Any
    paths: list[str]
    regions: list[Region] | None
    why: Reason = field(default_factory=Reason)
    changed: float | None = None
    canceled: int = 0
    predictions: int = 0


def task_of(entry: dict[str, Any]) -> Task:
    """The task with the annotation that counts: the one that is marked as the truth, or else the newest."""
    data = entry.get("data")
    if not isinstance(data, dict):  # JSON-MIN
        return Task(entry.get("id"), _paths(entry), list(small_regions(entry)), changed=_changed(entry))
    listed: list[Any] = next((entry[key] for key in ANNOTATIONS if isinstance(entry.get(key), list)), [])
    known = [annotation for annotation in listed if isinstance(annotation, dict)]
    kept = [annotation for annotation in known if not annotation.get("was_cancelled")]
    guesses = entry.get(PREDICTIONS)
    task = Task(
        entry.get("id"),
        _paths(data, entry.get("file_upload")),
        None,
        # One that waits for an annotation says nothing that could be newer than another.
        changed=_changed(entry, *known) if known else None,
        canceled=len(known) - len(kept),
        predictions=len(guesses) if isinstance(guesses, list) else 0,
    )
    if not kept:
        task.why = Reason(Note.SKIPPED_IN_STUDIO if known else Note.NOT_ANNOTATED_YET)
        return task
    # Of equals the last in the list, where the newest stands.
    chosen = max(reversed(kept), key=lambda one: (bool(one.get("ground_truth")), _changed(one) or 0.0))
    result = chosen.get("result")
    task.regions = [region for region in result if isinstance(region, dict)] if isinstance(result, list) else []
    if len(kept) > 1:
        how = Note.GROUND_TRUTH_OF if chosen.get("ground_truth") else Note.NEWEST_OF
        task.why = Reason(how, {"people": len(kept)})
    return task


def _changed(*entries: dict[str, Any]) -> float | None:
    """When the last of the entries was changed, in seconds; None where none of them says."""
    times = [_seconds(entry.get("updated_at") or entry.get("created_at")) for entry in entries]
    return max((time for time in times if time is not None), default=None)


def _seconds(time: Any) -> float | None:
    """The first versions write seconds, the others a date."""
    if isinstance(time, int | float) and not isinstance(time, bool):
        return float(time) if abs(time) < 1e12 else None
    try:
        moment = datetime.fromisoformat(time)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def _paths(data: dict[str, Any], upload: Any = None) -> list[str]:
    """What may name the picture, of all that belongs to a task."""
    texts = [_path(value) for value in data.values() if isinstance(value, str)]
    paths = [text for text in texts if text.lower().endswith(PICTURE_SUFFIXES)]
    return paths or ([upload] if isinstance(upload, str) else [])


def _path(address: str) -> str:
    """The path in an address: of an upload, a folder that Label Studio was given, or a storage elsewhere."""
    try:
        parts = urlsplit(address)
        local = parse_qs(parts.query).get("d")
    except ValueError:
        return address
    if local:
        return local[0]
    return parts.path if parts.scheme and parts.netloc else address


def small_regions(entry: dict[str, Any]) -> Iterator[Region]:
    """The regions of a task in JSON-MIN, as they stand in JSON."""
    for value in entry.values():
        for region in value if isinstance(value, list) else ():
            if isinstance(region, dict):
                kind = next((key for key in region if key.endswith("labels")), "")
                yield {**region, "type": kind, "value": region}
