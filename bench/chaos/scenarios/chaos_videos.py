"""kill -9 at random moments while the frames are taken out of videos: the same frames, none twice, nothing left."""

import itertools
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from bench.chaos.chaos_room import A_JOB, QUICK, TEAMS, Outcome, Play
from bench.chaos.judging import extracted_frames
from bench.chaos.judging.chaos_verdict import Verdict, Wrong
from bench.chaos.judging.extracted_frames import Extracted
from bench.server.client import TookTooLong, wait_until
from bench.server.local_server import LocalServer
from bench.videos.panned_film import write_film

# What is killed, by the words of its command line.
KINDS = {
    "extraction": "videos.extraction.one_extraction",
    "default worker": "--queues default",
    "supervisord": "machine/supervising.py",
    "broker": "valkey-server",
    "sweep worker": "--queues sweeps",
}
# So many deaths a video survives: one that is on its last attempt is spared.
SURVIVED = 2
# A run has so many times fewer kills than that of trainings, and one of each kind at least.
ONE_IN = 4
SECONDS_BEFORE = (0.2, 5.0)
# Some seconds of work for two cores, so that a kill comes in the middle of it.
SIZE, FRAMES = (1280, 720), 1200
# Those that differ most, and one frame in three.
CHOICES = (0, 3)


def videos(play: Play) -> Outcome:
    """The videos of the first two choices are left alone: all others must give the same frames."""
    film = write_film(play.folder / "film.mp4", SIZE, FRAMES, play.rng)
    kinds = list(itertools.islice(itertools.cycle(KINDS), max(len(KINDS), play.kills // ONE_IN)))
    play.rng.shuffle(kinds)
    with LocalServer(play.folder / "data", **QUICK) as server:
        room = _Room(server, film)
        room.add(len(CHOICES))
        room.wait_until_calm()
        for number, kind in enumerate(kinds, start=1):
            room.kill(kind, play.rng)
            print(f"… {number} of {len(kinds)}: killed {kind}", flush=True)
        with suppress(TookTooLong):  # the verdict names those that have not ended
            room.wait_until_calm()
        found = extracted_frames.read(server)
        left = server.stop()
    wrongs = [*_wrongs(found), *(Wrong("orphans", str(process)) for process in left)]
    attempts = sum(video.attempts for video in found)
    return Outcome(dict(Counter(kinds)), Verdict(wrongs, len(found), attempts))


class _Room:
    """A server whose teams bring the same film again and again, and want one choice of frames or the other."""

    def __init__(self, server: LocalServer, film: Path) -> None:
        self._server, self._film = server, film
        self._next = itertools.cycle(zip(itertools.cycle(TEAMS), itertools.cycle(CHOICES), strict=False))

    def add(self, videos: int) -> None:
        for _ in range(videos):
            team, every_nth = next(self._next)
            extracted_frames.add(self._server, self._film, team, every_nth)

    def wait_until_calm(self) -> None:
        """Wait until no video is at work. Raises TookTooLong."""
        wait_until(lambda: extracted_frames.attempts(self._server), lambda attempts: not attempts, A_JOB)

    def kill(self, kind: str, rng: random.Random) -> None:
        """Kill a process of that kind while a video is at work that survives it. Raises TookTooLong."""
        attempts = wait_until(
            lambda: extracted_frames.attempts(self._server),
            lambda attempts: all(number <= SURVIVED for number in attempts),
            A_JOB,
        )
        self.add(len(CHOICES) - len(attempts))
        time.sleep(rng.uniform(*SECONDS_BEFORE))
        while True:
            victims = wait_until(lambda: self._server.find(KINDS[kind]), bool, A_JOB)
            with suppress(psutil.NoSuchProcess):  # it has just ended: another is on its way
                return rng.choice(victims).kill()


def _wrongs(found: list[Extracted]) -> Iterator[Wrong]:
    as_it_should_be = {video.choice: video.frames for video in reversed(found)}
    for video in found:
        for what in video.wrongs:
            yield Wrong("files" if video.state == "READY" else "lost", f"video {video.video}: {what}")
        if video.frames != as_it_should_be[video.choice]:
            yield Wrong("recorded twice", f"video {video.video}: its frames aren't those of one that was left alone")
