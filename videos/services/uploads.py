"""Uploads: what a team may upload, and the rows of what is on its way. receiving/ has the bytes."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from ftcml.accounts.models import Team, User
from ftcml.installation import identity, removals
from videos.models import PhoneTicket, Upload, Video
from videos.reasons import Code, Reason
from videos.refusals import VideoRefused
from videos.services.receiving import completion, first_bytes, received_file, rules
from videos.services.receiving.rules import DIFFERING, Choice

# Names of rows follow from a team and the key that its browser chose, so that asking twice makes one row.
_NAMESPACE = uuid.UUID("6c4ab8a4-8f6d-4a35-9e44-0c2f1d1f5a57")


@dataclass(frozen=True)
class Sender:
    """Who uploads. `ticket`: of the phone that does it for this person."""

    team: Team
    person: User
    ticket: PhoneTicket | None = None


def may_upload(team: Team, person: User) -> bool:
    """Return whether this person may upload for the team."""
    return team.lets_upload(person)


def begin(
    team: Team,
    person: User | None,
    description: str,
    kind: str,
    choice: Choice = DIFFERING,
    files: int = 1,
    *,
    key: str = "",
) -> Video:
    """Make the row of a video whose files are about to come.

    Raises VideoRefused, and received_file.Busy while files of the one before with that key are removed.

    Args:
        files: how many there will be.
        key: whatever tells this video from the sender's others. Asked again with it, the same video is returned.
    """
    video_id = _row_id(team, "video", key)
    if made := Video.everything.filter(pk=video_id).first():
        return made
    if key and removals.is_due(Video(pk=video_id, team=team).prefix):
        raise received_file.Busy
    if person and not may_upload(team, person):
        raise VideoRefused(Code.COACHES_UPLOAD)
    description = rules.checked_description(description)
    rules.check_choice(kind, choice, files)
    if refusal := identity.storage_refusal():
        raise VideoRefused(Code.OTHER, text=refusal)
    rules.take_room(team)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        rules.check_limit(team)
        fields = {"extraction": choice.extraction, "every_nth": choice.every_nth, "files_expected": files}
        fresh = {"team": team, "created_by": person, "description": description, "kind": kind, **fields}
        return Video.everything.get_or_create(pk=video_id, defaults=fresh)[0]


def is_begun(team: Team, key: str) -> bool:
    """Return whether there is a video of that key already."""
    return bool(key) and Video.everything.filter(pk=_row_id(team, "video", key)).exists()


def add_file(
    video: Video, sender: Sender, filename: str, size: int | None, *, key: str = "", sha256: str = ""
) -> Upload:
    """Make the row of one of the video's files, and the empty file. Raises VideoRefused.

    `key`: as for `begin`. `size`: None while nobody knows it.
    """
    filename = rules.clean_filename(filename)
    upload_id = _row_id(video.team, f"file of {video.pk}", key)
    if made := Upload.objects.filter(pk=upload_id).first():
        return _asked_again(made, sender)
    if not may_upload(sender.team, sender.person):
        raise VideoRefused(Code.COACHES_UPLOAD)
    with transaction.atomic():
        locked = Video.objects.select_for_update().filter(pk=video.pk, state=Video.State.UPLOADING).first()
        if locked is None or locked.uploads.count() >= locked.files_expected:
            raise VideoRefused(Code.ALREADY_UPLOADED)
        fields = {
            "video": video,
            "created_by": sender.person,
            "ticket": sender.ticket,
            "filename": filename,
            "size": size,
            "sha256": sha256,
        }
        upload, _ = Upload.objects.get_or_create(pk=upload_id, defaults=fields)
        if video.files_expected == 1:
            Video.objects.filter(pk=video.pk).update(filename=filename)
    try:
        if size is not None:
            rules.check_size(video, filename, size)
            rules.take_room(video.team, size)
    except VideoRefused as refusal:
        refuse(upload, refusal.reason)
        raise
    received_file.make(upload.pk)
    return upload


def take_file(team: Team, path: Path, description: str, choice: Choice = DIFFERING) -> Video:
    """Take a file of this machine as a whole. Raises VideoRefused."""
    kind = rules.kind_of(path.name)
    video = begin(team, None, description, kind, choice)
    try:
        rules.check_size(video, path.name, path.stat().st_size)
        rules.take_room(team, path.stat().st_size)
        with path.open("rb") as stream:
            if not first_bytes.fits(kind, stream.read(first_bytes.LENGTH)):
                raise rules.wrong_kind(video, path.name)
        upload = Upload.objects.create(video=video, filename=rules.clean_filename(path.name), size=path.stat().st_size)
        Video.objects.filter(pk=video.pk).update(filename=upload.filename)
        completion.take(upload, path)
    except BaseException:
        cancel(video)
        raise
    video.refresh_from_db()
    return video


def _asked_again(made: Upload, sender: Sender) -> Upload:
    """Return a file that the sender has begun before, perhaps by a ticket that is over. Raises VideoRefused."""
    check_not_refused(made)
    if sender.ticket and made.ticket_id != sender.ticket.pk:
        Upload.objects.filter(pk=made.pk).update(ticket=sender.ticket)
    return made


def check_not_refused(upload: Upload) -> None:
    """Raise VideoRefused for a file that was refused from among the others of its video."""
    if upload.reason_code:
        raise VideoRefused(Code(upload.reason_code), **upload.reason_params)


def refuse(upload: Upload, reason: Reason) -> None:
    """Remove a file that can't be used: with its video, or from among the others of a set of pictures."""
    video = upload.video
    with transaction.atomic():
        locked = Video.everything.select_for_update().filter(pk=video.pk).first()
        others_may_do = locked is not None and _others_may_do(locked, upload)
        if locked and others_may_do:
            why = {"reason_code": reason.code, "reason_params": reason.params}
            Upload.objects.filter(pk=upload.pk, completed=None).update(**why)
            completion.whole(locked)
    if others_may_do:
        received_file.remove(upload.pk)
    else:
        cancel(video)


def _others_may_do(video: Video, upload: Upload) -> bool:
    """Return whether other files of the video have come, or may still come."""
    refused = video.uploads.exclude(reason_code="").exclude(pk=upload.pk)
    return refused.count() + 1 < video.files_expected


def cancel(video: Video) -> None:
    """Give up a video that is still on its way, with all that has come of it."""
    with transaction.atomic():
        uploading = Video.everything.select_for_update().filter(pk=video.pk, state=Video.State.UPLOADING)
        if not uploading.exists():
            return
        ids = list(Upload.objects.filter(video=video).values_list("pk", flat=True))
        Video.everything.filter(pk=video.pk).delete()
        removals.after_commit(video.prefix)
    for upload_id in ids:
        received_file.remove(upload_id)


def _row_id(team: Team, what: str, key: str) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, f"{team.pk} {what} {key}") if key else uuid.uuid4()
