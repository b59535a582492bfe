"""The protocol's five requests, for whichever door they came through."""

import errno
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date

from ftcml.accounts.services.access import get_for_team
from videos.messages import upload_words as messages
from videos.models import Upload, Video
from videos.reasons import Code
from videos.refusals import VideoRefused
from videos.services import uploads
from videos.services.receiving import receive, received_file, rules
from videos.services.receiving.receive import Part
from videos.services.uploads import Sender
from videos.tus import headers
from videos.tus.headers import Announced, TusRefused

# A file of these reasons is never what it should be, however often it's sent.
_TOO_LARGE = {Code.TOO_LARGE, Code.PICTURE_TOO_LARGE, Code.ARCHIVE_TOO_LARGE}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_WRONG_KIND = {Code.NOT_A_VIDEO, Code.NOT_A_PICTURE, Code.NOT_A_ZIP}


def status_of(refusal: VideoRefused) -> int:
    """Return the status that says why to a program."""
    if refusal.reason.code in _TOO_LARGE:
        return 413
    if refusal.reason.code in _WRONG_KIND:
        return 415
    return 403 if refusal.reason.code == Code.COACHES_UPLOAD else 400


def options() -> HttpResponse:
    """Say what this server can do."""
    largest = max(settings.VIDEO_MAX_BYTES, settings.IMPORT_MAX_PICTURE_BYTES, settings.IMPORT_MAX_ARCHIVE_BYTES)
    said = {
        "Tus-Version": headers.VERSION,
        "Tus-Extension": headers.EXTENSIONS,
        "Tus-Checksum-Algorithm": "sha1,sha256",
        "Tus-Max-Size": str(largest),
    }
    return _answer(204, None, **said)


def create(
    request: HttpRequest, sender: Sender, address: Callable[[Upload], str], most: Callable[[], str], key: str = ""
) -> HttpResponse:
    """Make a video, or join one, and a file of it.

    Args:
        address: where the file of that row is sent to.
        most: returns why one more video is too often for this person, "" where it isn't.
        key: tells this video and file from the sender's others, where the request itself doesn't.

    Raises TusRefused, VideoRefused, Http404.
    """
    said = headers.announced(request)
    filename = rules.clean_filename(said.text("filename", "video"))
    video = _video(said, sender, filename, most, key)
    upload = uploads.add_file(video, sender, filename, said.size, key=said.text("file", key), sha256=said.sha256)
    return _answer(201, upload, Location=address(upload))


def _video(said: Announced, sender: Sender, filename: str, most: Callable[[], str], own_key: str) -> Video:
    """Return the video that the file belongs to."""
    if said.video:
        return get_for_team(Video.objects, sender.team, said.video)
    kind = said.text("kind") or rules.kind_of(filename)
    choice = rules.choice_of(said.text("frames", rules.DIFFERING.extraction), said.number("every", 1))
    description = said.text("description") or rules.described_by(filename)
    key, files = said.text("set", own_key), said.number("files", 1)
    if not uploads.is_begun(sender.team, key) and (sentence := most()):
        raise TusRefused(429, sentence)
    try:
        return uploads.begin(sender.team, sender.person, description, kind, choice, files, key=key)
    except received_file.Busy:
        raise TusRefused(423, messages.BEING_REMOVED) from None


def state(upload: Upload) -> HttpResponse:
    """Say how much of the file is here. Raises TusRefused, VideoRefused."""
    try:
        come = receive.come(upload)
    except received_file.Busy:
        raise TusRefused(423, messages.BUSY) from None
    length = {"Upload-Defer-Length": "1"} if upload.size is None else {"Upload-Length": str(upload.size)}
    return _answer(200, upload, **{"Upload-Offset": str(come)}, **length)


def take(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Take a part of the file in. Raises TusRefused, VideoRefused."""
    headers.check_part(request)
    checksum = headers.checksum(request)
    length = headers.length(request)
    if checksum and length > receive.PIECE:
        raise TusRefused(413, messages.PART_TOO_LARGE)
    part = Part(headers.offset(request), length, request, checksum, headers.total(request))
    try:
        come = receive.receive(upload, part)
    except received_file.OtherOffset:
        raise TusRefused(409, messages.OTHER_OFFSET) from None
    except received_file.Busy:
        raise TusRefused(423, messages.BUSY) from None
    except (received_file.Missing, FileNotFoundError):  # given up at this moment
        raise TusRefused(410, messages.GONE) from None
    except receive.WrongChecksum:
        raise TusRefused(headers.CHECKSUM_MISMATCH, messages.CHANGED_ON_THE_WAY) from None
    except receive.MoreThanAnnounced:
        raise TusRefused(413, messages.MORE_THAN_ANNOUNCED) from None
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise TusRefused(507, messages.DISK_FULL) from None
    return _answer(204, upload, **{"Upload-Offset": str(come)})


def end(upload: Upload) -> HttpResponse:
    """Give up the file, and the video that it belongs to. Raises TusRefused."""
    if upload.video.state != Video.State.UPLOADING:
        raise TusRefused(409, messages.DONE)
    uploads.cancel(upload.video)
    return _answer(204)


def act(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Answer a request for one upload: PATCH, DELETE or HEAD. Raises TusRefused, VideoRefused."""
    if request.method == "PATCH":
        return take(request, upload)
    return end(upload) if request.method == "DELETE" else state(upload)


def in_words(ask: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the answer, or why there is none, in words for a page."""
    try:
        return ask()
    except VideoRefused as refusal:
        return refused(status_of(refusal), str(refusal))
    except TusRefused as refusal:
        return refused(refusal.status, str(refusal))
    except Http404:  # as plain words: the page shows what stands in the answer
        return refused(404, messages.GONE)


def refused(status: int, sentence: str) -> HttpResponse:
    """Return the answer that says why not, in words."""
    answer = _answer(status)
    answer.content, answer["Content-Type"] = sentence.encode(), "text/plain; charset=utf-8"
    return answer


def _answer(status: int, upload: Upload | None = None, **said: str) -> HttpResponse:
    expires = {}
    if upload and not upload.completed:
        expires = {"Upload-Expires": http_date((upload.touched + timedelta(days=settings.UPLOAD_DAYS)).timestamp())}
    fixed = {"Tus-Resumable": headers.VERSION, "Cache-Control": "no-store"}
    answer = HttpResponse(status=status, headers={**fixed, **expires, **said})
    del answer["Content-Type"]
    return answer
