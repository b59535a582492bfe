"""Reads what became of a video's boxes and runs, in a process of the server that is judged."""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict

from django.conf import settings

from bench.chaos.labeling.labeling_story import BoxNow, Followed, LabelingStory, RunNow
from training.models import FrameDetections, ModelRun
from training.proposals.proposing import key_of
from videos.labeling.proposing import corners_of, open_proposals
from videos.models import Box, Tracking, Video

_WORK_PREFIXES = ("tracking-", "model-run-")


def print_story(video: str) -> None:
    """Print a line of JSON."""
    row = Video.objects.get(pk=uuid.UUID(video))
    boxes = Box.objects.filter(frame__video=row).select_related("frame").order_by("frame__number", "id")
    runs = (*map(_tracking, row.trackings.all()), *map(_model_run, row.model_runs.all()))
    print(json.dumps(asdict(LabelingStory(tuple(map(_box, boxes)), runs, tuple(_halves(row)), tuple(_folders())))))


def _box(box: Box) -> BoxNow:
    track = str(box.track_id) if box.track_id else ""
    return BoxNow(box.frame.number, str(box.key), corners_of(box), box.origin, box.confirmed, track)


def _tracking(run: Tracking) -> RunNow:
    objects = tuple(
        Followed(str(one.track_id), run.frame_number, one.at, one.ending, tuple(one.missing))
        for one in run.followed.all()
    )
    what = f"the tracking {run.pk} from frame {run.frame_number}"
    is_over = run.state == Tracking.State.ENDED
    is_held = run.lease_until is not None
    return RunNow(what, is_over, run.reason_code, run.attempts, is_held, objects, was_stopped=run.stop_asked)


def _model_run(run: ModelRun) -> RunNow:
    is_stopped = run.state == ModelRun.State.STOPPED
    frames = (0, 0) if is_stopped else (run.frames_done, run.frames_total)
    what = f"the run {run.pk} of a model over frames {run.first} to {run.last}"
    return RunNow(what, not run.is_running, run.reason_code, run.attempts, run.lease_until is not None, (), frames)


def _halves(video: Video) -> Iterator[int]:
    """A frame's proposals are written together with the note of which they are."""
    noted: dict[int, set[uuid.UUID]] = defaultdict(set)
    there: dict[int, set[uuid.UUID]] = defaultdict(set)
    for row in FrameDetections.objects.filter(frame__video=video).select_related("frame"):
        noted[row.frame.number] |= {key_of(row, place) for place in row.proposed}
    for box in open_proposals(video).select_related("frame"):
        there[box.frame.number].add(box.key)
    for number in sorted(noted.keys() | there.keys()):
        if noted[number] != there[number]:
            yield number


def _folders() -> Iterator[str]:
    for prefix in _WORK_PREFIXES:
        yield from (folder.name for folder in settings.WORK_DIR.glob(f"{prefix}*"))
