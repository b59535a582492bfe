"""The whole way of a film through the server: uploaded by tus, its frames taken in a child, looked at, deleted."""

import base64
import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponseBase
from django.test import Client

from bench.videos.damaged_films import Film

if TYPE_CHECKING:  # models can be imported when the settings are read, and no sooner
    from videos.models import Video

_DOORS = ("/api/v1/videos/uploads/", "/videos/uploads/")
_CHOICES = ({"frames": "differing"}, {"frames": "every_frame"}, {"frames": "every_nth", "every": "7"})
_ENDINGS = ("mp4", "mov", "webm", "mkv", "avi")
_LIES = 0.2
_SERVER = "127.0.0.1"
_LONGEST_SENTENCE = 500
REFUSED = "refused"


@dataclass(frozen=True)
class Passage:
    """How a film came through. `ended`: READY, FAILED, or REFUSED at the door. `problem`: what must not be, or ""."""

    ended: str
    code: str
    frames: int
    problem: str


class Visitor:
    """A member of a new team, with a browser and a program, who counts what the server answers by its status."""

    def __init__(self) -> None:
        from ftcml.accounts.models import ApiToken, Membership, Team, User

        self.team = Team.objects.create(number=1, name="Fuzz")
        person = User.objects.create_user("fuzz")
        member = Membership.objects.create(team=self.team, user=person, role=Membership.Role.COACH)
        token = {"Authorization": f"Token {ApiToken.issue(member)}"}
        self._program = Client(raise_request_exception=False, SERVER_NAME=_SERVER, headers=token)
        self._browser = Client(raise_request_exception=False, SERVER_NAME=_SERVER, headers={"HX-Request": "true"})
        self._browser.force_login(person)
        self.statuses: Counter[int] = Counter()

    def send(self, film: Film, rng: random.Random) -> str:
        """Upload the film in two parts; returns the sentence of a refusal, "" where all of it was taken."""
        door = rng.choice(_DOORS)
        ending = rng.choice(_ENDINGS) if rng.random() < _LIES else film.filename.rpartition(".")[2]
        said = {"filename": f"film.{ending}", **rng.choice(_CHOICES)}
        metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in said.items())
        announced = {"Upload-Length": str(len(film.content)), "Upload-Metadata": metadata}
        answer = self.ask("POST", door, headers=announced)
        address, place = answer.headers.get("Location", ""), rng.randrange(len(film.content) + 1)
        for offset, part in ((0, film.content[:place]), (place, film.content[place:])):
            if part and answer.status_code in (201, 204):
                answer = self.ask("PATCH", address, part, {"Upload-Offset": str(offset)})
        return "" if answer.status_code in (201, 204) else answer.getvalue().decode()

    def look_at(self, video: "Video") -> None:
        """Open every page and file of the video."""
        page, api = f"/videos/{video.pk}/", f"/api/v1/videos/{video.pk}/"
        pages = ["/videos/", page, f"{page}part/", f"{page}player/", f"{page}times.json", api, f"{api}frames/"]
        if frame := video.frames.last():
            pages += [f"{page}frames/{frame.number}/", f"{page}frames/{frame.number}.jpg?size=small"]
        for address in pages:
            self.ask("GET", address).getvalue()

    def ask(
        self, method: str, address: str, content: bytes = b"", headers: dict[str, str] | None = None
    ) -> HttpResponseBase:
        client = self._program if address.startswith("/api/") else self._browser
        tus = {"Tus-Resumable": "1.0.0", **headers} if headers else {}
        answer = client.generic(method, address, content, "application/offset+octet-stream", headers=tus)
        self.statuses[answer.status_code] += 1
        return answer


def taken_through(visitor: Visitor, film: Film, rng: random.Random) -> Passage:
    """Take a film the whole way and judge it. Nothing of it is left, or that is the problem."""
    from videos.models import Video

    before = Counter(visitor.statuses)
    refusal = visitor.send(film, rng)
    passage = Passage(REFUSED, "", 0, _unfit(refusal))
    if video := Video.everything.first():
        passage = _extracted(video, refusal)
        visitor.look_at(video)
        _delete(video)
    answers = visitor.statuses - before
    broken = [f"the server answered {status}" for status in answers if status >= 500]
    problem = next(filter(None, (*broken, passage.problem, _left_behind())), "")
    return Passage(passage.ended, passage.code, passage.frames, problem)


def _extracted(video: "Video", refusal: str) -> Passage:
    """Have the worker's task take the frames, again where its child died, until that is over."""
    from django.conf import settings as server

    from videos import tasks

    for _ in range(server.EXTRACTION_MAX_ATTEMPTS + 1):
        if video.state == video.State.EXTRACTING:
            tasks.extract_next()
            video.refresh_from_db()
    problem = f"refused, and yet there: {refusal}" if refusal else _wrong_with(video)
    return Passage(video.state, video.reason_code, video.frames.count(), problem)


def _wrong_with(video: "Video") -> str:
    """What must not be of a video whose extraction is over."""
    from ftcml.core.files import storage
    from videos.reasons import Code

    if video.attempts > 1 or video.reason_code in (Code.CRASHED, Code.SERVER_BROKE):
        return f"its child died: {video.reason_code}"
    if video.state == video.State.FAILED:
        left = storage.tree_size(video.prefix) or video.frames.count()
        return "files or frames were left" if left else _unfit(video.error)
    if video.state != video.State.READY:
        return f"still {video.state}"
    if storage.entries(video.uploads_prefix):
        return "its upload was left"
    named = [frame.picture_name.rpartition("/")[2] for frame in video.frames.all()]
    return "" if named and sorted(named) == sorted(storage.entries(video.frames_prefix)) else "pictures without frames"


def _unfit(sentence: str) -> str:
    """What is wrong with the sentence that a student reads."""
    is_one = 0 < len(sentence) < _LONGEST_SENTENCE and "\n" not in sentence and "Traceback" not in sentence
    return "" if is_one else "no sentence to show"


def _delete(video: "Video") -> None:
    from ftcml.installation import removals
    from videos.services import deletion, uploads

    if video.state == video.State.UPLOADING:
        uploads.cancel(video)
    else:
        deletion.delete_video(video)
    removals.remove_deleted()


def _left_behind() -> str:
    """What lies about once the video is no more."""
    from django.conf import settings as server

    from ftcml.installation import removals
    from videos.models import Frame, Upload, Video
    from videos.services.stored import unused_files

    removals.remove_deleted()  # what was refused is due as well
    stored = unused_files.look()
    folders = (server.RECEIVING_DIR, server.WORK_DIR, server.FILE_UPLOAD_TEMP_DIR)
    files = [path.name for folder in folders for path in folder.glob("*")]
    rows = [rows.__name__ for rows in (Frame, Upload) if rows.objects.exists()]
    found = [*files, *stored.known, *stored.finished, *stored.unknown, *rows, *Video.everything.values_list("pk")]
    return f"left behind: {found[:3]}" if found else ""
