"""Follows the objects of a run, frame by frame, and writes their boxes as they come."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db.models import Max

from ftcml.core.logging import logs
from ftcml.core.work.breaking import Breaking
from videos.models import Frame, TrackedObject, Tracking, Video
from videos.reasons import Code, Reason
from videos.tracking_runs import run_leases, run_process
from videos.tracking_runs.followed_object import FollowedObject
from videos.tracking_runs.frame_pictures import frame_pictures
from videos.tracking_runs.guides import Guide, Pictures, guide
from videos.tracking_runs.run_leases import Lease
from videos.tracking_runs.run_writing import RunWriter

log = logging.getLogger(__name__)

# A page sees boxes so soon; and a fast tracker leaves the database to others meanwhile.
SECONDS_BETWEEN_WRITES = 0.25


def follow_held(run: Tracking, lease: Lease) -> None:
    """Do a run that the caller holds. One that a crash has cut off resumes behind its last written frame."""
    breaking = Breaking(
        lease=lease,
        bounds=run_process.bounds(),
        most_attempts=settings.TRACKING_MAX_ATTEMPTS,
        about=f"tracking {run.pk}",
        fail=lambda reason: run_leases.broke_off(lease, Reason(Code.TRACKING_CRASHED)),
        gone=lambda: None,
    )
    with logs.about(run.team_id, video_id=run.video_id), breaking.settled():
        if not Video.objects.filter(pk=run.video_id).exists():  # it is in the trash
            run_leases.broke_off(lease, Reason(Code.NOT_READY))
            return
        with frame_pictures(run.video) as pictures:
            frames = run.video.frames.count()
            Run(run, lease, pictures, lambda: guide(run.tracker, frames, pictures)).follow()


class Run:
    """A run that this process holds. `pictures`: of frames by their numbers. `make`: makes a guide."""

    def __init__(
        self,
        run: Tracking,
        lease: Lease,
        pictures: Pictures,
        make: Callable[[], Guide],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pictures, self._make, self._monotonic = pictures, make, monotonic
        self._lease = lease
        self._writer = RunWriter(run, lease)
        self._last = Frame.objects.filter(video=run.video_id).aggregate(last=Max("number"))["last"] or 0
        self._objects: dict[int, FollowedObject] = {}

    def follow(self) -> None:
        """Follow all objects to their ends. Raises LeaseLost."""
        self._take(self._writer.rows())
        written = self._monotonic()
        while True:
            self._step()
            is_idle = not any(not one.ending for one in self._objects.values())
            if is_idle or self._monotonic() - written >= SECONDS_BETWEEN_WRITES:
                self._take(self._writer.write(list(self._objects.values())))
                written = self._monotonic()
            if not self._objects:
                break
        run_leases.ended(self._lease)

    def _step(self) -> None:
        """Find the objects that are behind the others in their next frame."""
        open_ones = [one for one in self._objects.values() if not one.ending]
        if open_ones:
            number = min(one.next for one in open_ones)
            height, width = self._pictures(number).shape[:2]
            for one in open_ones:
                if one.next == number:
                    one.step(width, height)

    def _take(self, rows: list[TrackedObject]) -> None:
        """Go on with these objects: those that are new or were corrected begin at their box."""
        kept = {}
        for row in rows:
            known = self._objects.get(row.pk)
            is_new = known is None or known.row.corrections != row.corrections
            one = self._begun(row) if is_new else known
            if one:
                one.row = row
                kept[row.pk] = one
        self._objects = kept
        self._writer.look_ahead(list(kept.values()))

    def _begun(self, row: TrackedObject) -> FollowedObject | None:
        """The object at the last box that was found; None where a person has deleted that."""
        at = _last_found(row)
        look = self._writer.box(row, at)
        if look is None:
            self._writer.end(row)
            return None
        guide = self._make()
        filled = guide.begin(at, look.corners, self._writer.before(row, at))
        missing = [number for number in row.missing if number < at]
        return FollowedObject(row, look, guide, at, self._last, found=filled, missing=missing)


def _last_found(row: TrackedObject) -> int:
    """Where a crash cut off a search for a lost object, that is some frames before the last one that is done."""
    at, missing = row.at, set(row.missing)
    while at > row.first and at in missing:
        at -= 1
    return at
