"""Videos in every state for pictures of pages: some with frames and labels, others as their rows alone."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench.pages.load_people import new_members
from bench.server.client import wait_until
from bench.server.local_server import LocalServer
from videos.sample import sample_video

if TYPE_CHECKING:
    from ftcml.accounts.models import Team, User
    from videos.models import Video

READY_SECONDS = 120
# The longest lease that counts: until then no worker takes the video that seems to be taken apart.
_HELD = timedelta(seconds=175)
FIELD, WALL = "practice field", "ducks near the gym wall, late"
_NEWCOMERS = 7002
_SCRIPT = "from bench.pictures import made_videos; made_videos.{call}"


def add_videos(server: LocalServer) -> str:
    """Add the videos to the demo team; returns the id of one whose frames are labeled."""
    _printed(server, "upload()")
    client = server.demo_client()
    wait_until(lambda: {one["state"] for one in client.get("videos/")["results"]}, {"READY"}.__eq__, READY_SECONDS)
    return _printed(server, "label_and_add_others()")


def newcomer_session(server: LocalServer) -> str:
    """Return the session of a member of a team that has nothing yet."""
    _printed(server, "add_newcomers()")
    (member,) = new_members(server, _NEWCOMERS, 1)
    return member.session


def _printed(server: LocalServer, call: str) -> str:
    printed = server.manage("shell", "--verbosity", "0", "--command", _SCRIPT.format(call=call))
    return printed.split()[-1] if printed.split() else ""


def add_newcomers() -> None:
    from ftcml.accounts.models import Team

    Team.objects.create(number=_NEWCOMERS, name="New Bots")


def upload() -> None:
    """Have workers take the frames of two films."""
    from videos.models import Video
    from videos.services import uploads
    from videos.services.receiving.rules import Choice

    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "PXL_20260912_153012.webm"
        sample_video.write(film)
        for description, every_nth in ((FIELD, 1), (WALL, 6)):
            uploads.take_file(_team(), film, description, Choice(Video.Extraction.EVERY_NTH, every_nth))


def label_and_add_others() -> None:
    """Label some frames of the two, add videos in the other states, and print the id of the first."""
    from ftcml.console.services import storage_use
    from videos.models import Video
    from videos.services import trash

    coach = _coach()
    Video.objects.update(created_by=coach)
    field, wall = (Video.objects.get(description=description) for description in (FIELD, WALL))
    _label(field, coach, "ball")
    _label(wall, coach, "Ball")
    _add_others()
    old = Video.objects.create(team=_team(), description="last season", state=Video.State.READY, frames_done=180)
    trash.move_to_trash(old, coach)
    storage_use.measure()
    print(field.pk)


def _team() -> "Team":
    return _coach().memberships.get().team


def _coach() -> "User":
    from ftcml.accounts.models import User

    return User.objects.get(username="demo-coach")


def _label(video: "Video", coach: "User", ball: str) -> None:
    """Two of three frames are finished, some without a box; some others are ignored, and one is begun."""
    from videos.labeling import marking
    from videos.labeling.marking import GivenBox

    total = sample_video.FRAMES - 1
    for frame in video.frames.select_related("video__team"):
        part = (frame.number_in_video or 0) / total
        boxes = [GivenBox(ball, *_ball(part)), GivenBox("cone", 434, 62, 488, 146)]
        if frame.number % 3 < 2:
            marking.set_boxes(frame, boxes if frame.number % 12 else [], coach, finished=True)
        elif frame.number % 9 == 8:
            marking.set_ignored(frame, True, coach)
        elif frame.number == 2:
            marking.set_boxes(frame, boxes[:1], coach, finished=False)


def _ball(part: float) -> tuple[float, float, float, float]:
    """Where the sample's first ball is at that part of the film, as sample_video.py has it."""
    eased = part * part * (3 - 2 * part)
    middle, near = 640 * (0.12 + 0.73 * eased), 0.75 - 0.4 * eased
    size, foot = 30 + 120 * near, 92 + 260 * near
    return middle - size / 2, foot - size, middle + size / 2, foot


def _add_others() -> None:
    """Videos that no worker touches: half uploaded, half taken apart, refused."""
    from django.utils import timezone

    from videos.models import Upload, Video
    from videos.reasons import Code

    now, state = timezone.now(), Video.State
    common = {"team": _team(), "created_by": _coach()}
    arriving = Video.objects.create(
        **common, description="match 12, red side", filename="match_12.mov", state=state.UPLOADING
    )
    Upload.objects.create(video=arriving, filename="match_12.mov", size=84_000_000, offset=31_000_000)
    Video.objects.create(
        **common, description="from the robot's webcam", kind=Video.Kind.RECORDING, state=state.EXTRACTING,
        frames_done=48, frames_total=200, lease_until=now + _HELD,
    )  # fmt: skip
    Video.objects.create(
        **common, description="pit tour", filename="pit.mp4", state=state.FAILED, reason_code=Code.DAMAGED
    )
