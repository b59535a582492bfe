"""kill -9 while frames are taken out of videos, and while datasets are produced of them: the same, and none twice."""

import itertools
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

import psutil

from bench.chaos.chaos_room import A_JOB, QUICK, TEAMS, Outcome, Play
from bench.chaos.judging import made
from bench.chaos.judging.chaos_verdict import Verdict, Wrong
from bench.chaos.judging.made import Made
from bench.server.client import TookTooLong, wait_until
from bench.server.local_server import LocalServer
from bench.videos.panned_film import write_film

# What is killed, by the words of its command line.
_WORKERS = {"default worker": "--queues default", "supervisord": "machine/supervising.py"}
AT_FRAMES = {
    "extraction": "videos.extraction.one_extraction",
    **_WORKERS,
    "broker": "valkey-server",
    "sweep worker": "--queues sweeps",
}
AT_DATASETS = {"production": "datasets.importing.one_import", **_WORKERS}
# So many deaths a video or dataset survives: one that is on its last attempt is spared.
SURVIVED = 2
# A run has so many times fewer kills than that of trainings, and one of each kind at least.
ONE_IN = 4
# A kill comes at most so many seconds after the work has begun: most of it is over then.
AT_FRAMES_WITHIN, AT_DATASETS_WITHIN = 6.0, 3.0
# Until a worker has begun something.
SECONDS_TO_BEGIN = 30.0
# Some seconds of work for two cores, so that a kill comes in the middle of it.
SIZE, FRAMES = (1280, 720), 1200
# Those that differ most, and one frame in three.
CHOICES = (0, 3)


def videos(play: Play) -> Outcome:
    """The first videos and datasets are left alone: all others must be the same."""
    film = write_film(play.folder / "film.mp4", SIZE, FRAMES, play.rng)
    with LocalServer(play.folder / "data", **QUICK) as server:
        teams, choices = itertools.cycle(TEAMS), itertools.cycle(CHOICES)
        faults = _kill(
            server, AT_FRAMES, AT_FRAMES_WITHIN, play, lambda: made.add_video(server, film, next(teams), next(choices))
        ) + _kill(server, AT_DATASETS, AT_DATASETS_WITHIN, play, lambda: made.produce(server, next(choices)))
        found = made.read(server)
        left = server.stop()
    wrongs = [*_wrongs(found), *(Wrong("orphans", str(process)) for process in left)]
    return Outcome(dict(faults), Verdict(wrongs, len(found), sum(one.attempts for one in found)))


def _kill(
    server: LocalServer, kinds: Mapping[str, str], within: float, play: Play, add: Callable[[], None]
) -> Counter[str]:
    """Kill processes while something is at work that survives it. `add` gives the server something to work on."""
    plan = list(itertools.islice(itertools.cycle(kinds), max(len(kinds), play.kills // ONE_IN)))
    play.rng.shuffle(plan)
    for _ in CHOICES:
        add()
    _wait(server, lambda attempts: not attempts)
    for number, kind in enumerate(plan, start=1):
        is_killed = False
        while not is_killed:
            at_work = _wait(server, lambda attempts: all(times <= SURVIVED for times in attempts))
            for _ in range(len(CHOICES) - len(at_work)):
                add()
            is_killed = _kill_one(server, kinds[kind], within, play.rng)
        print(f"… {number} of {len(plan)}: killed {kind}", flush=True)
    with suppress(TookTooLong):  # the verdict names what has not ended
        _wait(server, lambda attempts: not attempts)
    return Counter(plan)


def _kill_one(server: LocalServer, words: str, within: float, rng: random.Random) -> bool:
    """Kill a process at some moment, and return whether it hadn't ended before."""
    try:
        victims = wait_until(lambda: server.find(words), bool, SECONDS_TO_BEGIN)
        time.sleep(rng.uniform(0, within))
        rng.choice(victims).kill()
    except (TookTooLong, psutil.NoSuchProcess):
        return False
    return True


def _wait(server: LocalServer, is_so: Callable[[list[int]], bool]) -> list[int]:
    """Wait until `is_so` of the attempts at what is at work, and return them. Raises TookTooLong."""
    attempts: list[int] = wait_until(lambda: made.attempts(server), is_so, A_JOB)
    return attempts


def _wrongs(found: list[Made]) -> Iterator[Wrong]:
    as_it_should_be = {one.choice: one.content for one in reversed(found)}
    for one in found:
        for what in one.wrongs:
            yield Wrong("files" if one.is_ready else "lost", f"{one.what}: {what}")
        if one.is_ready and one.content != as_it_should_be[one.choice]:
            yield Wrong("recorded twice", f"{one.what}: its frames aren't those of one that was left alone")
