"""Writes what a run found, in short transactions, and learns in each of them what people did meanwhile."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from ftcml.core import clock
from videos.labeling import changes as numbers
from videos.labeling.box_looks import look_of
from videos.labeling.merging import Look
from videos.labeling.tracks import lines, rewriting
from videos.labeling.tracks.filling import SET_BY_A_PERSON, is_keyframe
from videos.labeling.tracks.rewriting import Change, Place, key_of
from videos.models import Box, Track, TrackedObject, Tracking
from videos.tracking.tracker import Corners
from videos.tracking_runs import run_edits
from videos.tracking_runs.followed_object import Ending, FollowedObject
from videos.tracking_runs.run_leases import Lease
from videos.tracking_runs.starting import UNATTENDED_AFTER

_KEYFRAMES = Q(confirmed=True) | Q(origin__in=SET_BY_A_PERSON)


class RunWriter:
    """The rows of a run that this process holds."""

    def __init__(self, run: Tracking, lease: Lease) -> None:
        self._run, self._lease = run, lease
        self._done = run.frames_done
        self._opened = list(run.opened)

    def rows(self) -> list[TrackedObject]:
        """Return the objects that are still to be followed."""
        return list(TrackedObject.objects.filter(tracking=self._run, ending=Ending.NONE).order_by("id"))

    def box(self, row: TrackedObject, number: int) -> Look | None:
        """Return the box that an object has in a frame; None where it is gone by now."""
        box = Box.objects.filter(frame__video=self._run.video_id, frame__number=number, track=row.track_id).first()
        return look_of(box) if box else None

    def before(self, row: TrackedObject, at: int) -> dict[int, Corners]:
        """Return the object's boxes from the last one that a person set before a frame, that one first."""
        line = lines.read(self._run.video, (row.track_id,))[row.track_id]
        first = line.last_keyframe(at - 1)
        if first is None or any(first < number <= at for number in line.gone):
            return {}
        return {number: look.corners for number, look in line.looks.items() if first <= number < at}

    def end(self, row: TrackedObject) -> None:
        """Say that an object isn't followed any more whose box a person took away."""
        TrackedObject.objects.filter(pk=row.pk).update(ending=Ending.ASKED)

    def write(self, objects: Sequence[FollowedObject]) -> list[TrackedObject]:
        """Write what was found since, and return the objects that are still to be followed. Raises LeaseLost.

        What was found of an object that a person corrected behind the tracker isn't written any more.
        """
        with self._lease.transaction():
            is_news = any(one.found or one.ending for one in objects)
            change_number = numbers.next_number(self._run.video_id) if is_news else 0
            rows = {row.pk: row for row in self.rows()}
            there = [one for one in objects if one.row.pk in rows]
            same = [one for one in there if rows[one.row.pk].corrections == one.row.corrections]
            self.look_ahead(same)
            self._stop_before_full_frames(same)
            why = self._why_stop()
            changes = [change for one in same for change in self._changes(one)]
            self._opened += rewriting.write(self._run.video, change_number, changes)
            self._done += sum(number > one.row.at for one in same for number in one.found)
            for one in same:
                self._write_row(one, why)
            if why:
                self._end_others(why)
            self._lease.write(frames_done=self._done, opened=self._opened)
        return self.rows()

    def look_ahead(self, objects: Sequence[FollowedObject]) -> None:
        """Learn where the objects' next boxes are that a person set, and where they are gone."""
        tracks = [one.row.track_id for one in objects]
        first = min((one.row.at for one in objects), default=0)
        later = Box.objects.filter(_KEYFRAMES, frame__video=self._run.video_id, track__in=tracks)
        rows = later.filter(frame__number__gt=first).select_related("frame")
        keyframes = [(box.track_id, box.frame.number, look_of(box).corners) for box in rows]
        gone_from = dict(Track.objects.filter(pk__in=tracks).values_list("pk", "gone_from"))
        for one in objects:
            track, at = one.row.track_id, one.row.at
            goals = [(number, box) for key, number, box in keyframes if key == track and number > at]
            one.goal = min(goals, default=None)
            set_in = {number for number, _ in goals}
            gone = [number for number in gone_from.get(track, []) if number > at and number not in set_in]
            one.gone = min(gone, default=None)
            self._cut(one)
            one.look_ahead()

    def _cut(self, one: FollowedObject) -> None:
        """Drop what was found beyond where the object is gone or set by now."""
        ends = [end for end in (one.goal and one.goal[0], one.gone and one.gone - 1) if end is not None]
        end = min(ends, default=one.at)
        if one.at > end:
            one.cut(end, Ending.NONE.value)

    def _stop_before_full_frames(self, objects: Sequence[FollowedObject]) -> None:
        """End objects before the first frame that can have no other box."""
        numbers = {number for one in objects for number in one.found}
        boxes = Box.objects.filter(frame__video=self._run.video_id, frame__number__in=numbers)
        there = list(boxes.values_list("frame__number", "track"))
        counts = Counter(number for number, _ in there)
        for one in objects:
            new = sorted(number for number in one.found if (number, one.row.track_id) not in there)
            if full := next((number for number in new if counts[number] >= settings.FRAME_MAX_BOXES), None):
                one.cut(full - 1, Ending.FULL.value)
            counts.update(number for number in new if number in one.found)

    def _changes(self, one: FollowedObject) -> list[Change]:
        """The boxes that were found. What a person has set meanwhile stays."""
        track = one.row.track_id
        there = Box.objects.filter(frame__video=self._run.video_id, frame__number__in=one.found, track=track)
        known = {box.frame.number: (box.key, look_of(box)) for box in there.select_related("frame")}
        made = replace(one.look, origin=Box.Origin.TRACKED.value, confirmed=False)
        found = []
        for number, box in sorted(one.found.items()):
            key, before = known.get(number, (key_of(track, number), None))
            if before is None or not is_keyframe(before):
                found.append(Change(Place(number, key), before, replace(made, corners=box.corners), box.score))
        self._keep_earlier(one.row, found)
        return found

    def _keep_earlier(self, row: TrackedObject, found: Sequence[Change]) -> None:
        """Keep what boxes before the run were like, to undo it."""
        kept = {(number, key) for number, key, _ in row.replaced}
        earlier = [change for change in found if change.place.number < self._run.frame_number]
        row.replaced += [one for one in run_edits.as_kept(earlier) if (one[0], one[1]) not in kept]

    def _write_row(self, one: FollowedObject, why: str) -> None:
        row, one.found = one.row, {}
        row.at, row.ending, row.missing = one.at, one.ending or why, one.missing
        # A person may have stopped or corrected it since it was read, where there was nothing to lock the video for.
        rows = TrackedObject.objects.filter(pk=row.pk, ending=Ending.NONE, corrections=row.corrections)
        rows.update(at=row.at, ending=row.ending, missing=row.missing, replaced=row.replaced)

    def _why_stop(self) -> str:
        """Return why all that is at work is to stop; "" where it isn't."""
        run = Tracking.objects.filter(pk=self._run.pk).values_list("stop_asked", "seen").first()
        if run is None:
            return Ending.ASKED.value
        stop_asked, seen = run
        if stop_asked:
            return Ending.ASKED.value
        return Ending.UNATTENDED.value if _is_unattended(seen) else ""

    def _end_others(self, why: str) -> None:
        TrackedObject.objects.filter(tracking=self._run, ending=Ending.NONE).update(ending=why)


def _is_unattended(seen: datetime) -> bool:
    return clock.now() - seen > UNATTENDED_AFTER
