"""What people ask of runs: to start one, to stop it, and that it continues while their page is open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from ftcml.accounts.models import Team, User
from ftcml.core import clock
from videos.labeling import changes as numbers
from videos.labeling.box_looks import look_of
from videos.labeling.merging import Look
from videos.labeling.tracks import at_work, lines, rewriting
from videos.labeling.tracks.keyframes import taken_away
from videos.labeling.tracks.rewriting import Change, Place
from videos.models import Box, Frame, Track, TrackedObject, Tracking, Video
from videos.reasons import Code
from videos.refusals import VideoRefused
from videos.tracking_runs import run_edits, run_leases, tracker_names

# Without a sign of life of its page for so long, a run stops.
UNATTENDED_AFTER = timedelta(minutes=2)
# A row is written again only where it says something new, for SQLite has one writer.
_SEEN_EVERY = timedelta(seconds=10)
# So long a run can be undone.
_KEPT = timedelta(days=1)


def start(video: Video, person: User, frame_number: int, keys: Sequence[UUID], tracker: str) -> Tracking:
    """Have the chosen boxes of a frame followed from there on. Raises VideoRefused.

    The person says by it that these boxes are right. What nobody set or confirmed behind them goes, to be made again.
    """
    if tracker != tracker_names.AUTOMATIC and tracker not in tracker_names.by_name():
        raise VideoRefused(Code.BAD_TRACKER)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=video.team_id)
        _check_free(video)
        change_number = numbers.next_number(video.pk)
        begun = _begun(video, frame_number, keys)
        run = _run(video, person, frame_number, tracker)
        rewriting.write(video, change_number, [change for changes in begun.values() for change in changes], person)
        TrackedObject.objects.bulk_create(
            [
                TrackedObject(
                    tracking=run,
                    track_id=track,
                    first=frame_number,
                    at=frame_number,
                    replaced=run_edits.as_kept(changes),
                )
                for track, changes in begun.items()
            ]
        )
        transaction.on_commit(run_leases.wake_worker)
    return run


def stop(run: Tracking) -> None:
    """Ask a run to stop at the frame where it is."""
    Tracking.objects.filter(pk=run.pk, state=Tracking.State.RUNNING).update(stop_asked=True)


def attend(video: Video, person: User) -> None:
    """Note a sign of life of the page of a person who has runs in a video."""
    now = clock.now()
    runs = Tracking.objects.filter(video=video, person=person, state=Tracking.State.RUNNING)
    if runs.filter(seen__lt=now - _SEEN_EVERY).exists():
        runs.update(seen=now)


def remove_old() -> None:
    """Remove the rows of runs that ended long ago. Their boxes stay."""
    Tracking.objects.filter(state=Tracking.State.ENDED, ended__lt=clock.now() - _KEPT).delete()


def _check_free(video: Video) -> None:
    running = Tracking.objects.for_team(video.team).filter(state=Tracking.State.RUNNING)
    if running.count() >= settings.TEAM_MAX_TRACKINGS:
        raise VideoRefused(Code.TOO_MANY_TRACKINGS, most=settings.TEAM_MAX_TRACKINGS)


def _begun(video: Video, frame_number: int, keys: Sequence[UUID]) -> dict[UUID, list[Change]]:
    """What changes when boxes begin to be followed, by the tracks that they get or have. Raises VideoRefused."""
    boxes = Box.objects.filter(frame__video=video, frame__number=frame_number, key__in=keys).order_by("id")
    looks = {box.key: look_of(box) for box in boxes}
    if not looks:
        raise VideoRefused(Code.NOTHING_TO_TRACK)
    tracks = {key: UUID(look.track) if look.track else uuid4() for key, look in looks.items()}
    if at_work.on(tracks.values()).exists():
        raise VideoRefused(Code.ALREADY_TRACKED)
    new = [tracks[key] for key, look in looks.items() if not look.track]
    Track.objects.bulk_create([Track(pk=track, video=video) for track in new])
    stored = lines.read(video, list(tracks.values()))
    return {
        tracks[key]: [
            *_set(Place(frame_number, key), look, tracks[key]),
            *taken_away(stored[tracks[key]], frame_number),
        ]
        for key, look in looks.items()
    }


def _set(place: Place, look: Look, track: UUID) -> list[Change]:
    """The box that is followed, as one that a person says is right."""
    after = replace(look, track=str(track), confirmed=True)
    return [] if after == look else [Change(place, look, after)]


def _run(video: Video, person: User, frame_number: int, tracker: str) -> Tracking:
    frames = Frame.objects.filter(video=video, number__gt=frame_number).count()
    now = clock.now()
    return Tracking.objects.create(
        team_id=video.team_id,
        video=video,
        person=person,
        frame_number=frame_number,
        tracker=tracker,
        frames_total=frames,
        created=now,
        seen=now,
    )
