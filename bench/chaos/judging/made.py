"""What a server that is judged has made of videos, as chaos_making.py tells it in a process of that server."""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.server.local_server import LocalServer


@dataclass(frozen=True)
class Made:
    """What became of one video, or of one dataset that was produced.

    `choice`: what of the same choice has the same content. `content`: what identifies all frames, in their order, with
    their pictures and files. `wrongs`: what is wrong with it whatever the others are.
    """

    what: str
    choice: str
    is_ready: bool
    attempts: int
    content: str
    wrongs: list[str]


def add_video(server: LocalServer, film: Path, team: int, every_nth: int) -> None:
    """Give a team a video, of which frames that differ most are wanted where `every_nth` is 0."""
    _call(server, f"add_video({str(film)!r}, {team}, {every_nth})")


def produce(server: LocalServer, every_nth: int) -> None:
    """Ask for a dataset of the oldest video of that choice, all of whose frames have a box."""
    _call(server, f"produce({every_nth})")


def attempts(server: LocalServer) -> list[int]:
    """Return of each video and dataset that is at work how often it was begun."""
    found: list[int] = json.loads(_call(server, "print_attempts()"))
    return found


def read(server: LocalServer) -> list[Made]:
    """Return all videos of that server, and all datasets that were produced, the oldest first."""
    return [Made(**fields) for fields in json.loads(_call(server, "print_all()"))]


def _call(server: LocalServer, what: str) -> str:
    program = f"from bench.chaos.judging import chaos_making; chaos_making.{what}"
    return server.manage("shell", "--verbosity", "0", "--command", program)
