"""What became of the videos of a server that is judged, as chaos_frames.py tells it in a process of that server."""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.server.local_server import LocalServer


@dataclass(frozen=True)
class Extracted:
    """What became of one video.

    `choice`: which frames were wanted. `frames`: what identifies them all, in their order, with their pictures.
    `wrongs`: what is wrong with it whatever it shows.
    """

    video: str
    choice: str
    state: str
    attempts: int
    frames: str
    wrongs: list[str]


def call(server: LocalServer, what: str) -> str:
    """Do `what` of this module on that server."""
    program = f"from bench.chaos.judging import chaos_frames; chaos_frames.{what}"
    return server.manage("shell", "--verbosity", "0", "--command", program)


def add(server: LocalServer, film: Path, team: int, every_nth: int) -> None:
    """Give a team a video, of which frames that differ most are wanted where `every_nth` is 0."""
    call(server, f"add({str(film)!r}, {team}, {every_nth})")


def read(server: LocalServer) -> list[Extracted]:
    """Return all videos of that server, the oldest first."""
    return [Extracted(**fields) for fields in json.loads(call(server, "print_all()"))]


def attempts(server: LocalServer) -> list[int]:
    """Return of each video that is at work how often it was begun."""
    return json.loads(call(server, "print_attempts()"))
