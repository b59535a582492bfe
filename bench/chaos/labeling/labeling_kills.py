"""kill -9 while three trackings and two runs of a model label one video, and people draw boxes in it."""

import itertools
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from bench.chaos.chaos_room import A_JOB, TEAMS, Outcome, Play, Room
from bench.chaos.judging import made
from bench.chaos.judging.chaos_verdict import Wrong
from bench.chaos.labeling import labeling_verdict
from bench.chaos.labeling.labeling_story import LabelingStory
from bench.chaos.labeling.labeling_team import LabelingTeam
from bench.pages.label_tab import LabelTab
from bench.pages.load_people import new_members
from bench.server.client import TookTooLong, wait_until
from bench.videos.panned_film import write_film

# What is killed, by the words of its command line.
KINDS = {
    "tracker": "videos.tracking_runs.one_run",
    "model": "training.proposals.one_run",
    "labeling worker": "--queues labeling",
    "web": "ftcml.wsgi:application",
    "broker": "valkey-server",
    "sweep worker": "--queues sweeps",
    "supervisord": "machine/supervising.py",
}
# A run has so many times fewer kills than that of trainings, and one of each kind at least.
ONE_IN = 3
# A kill comes at most so many seconds after the work has begun.
WITHIN = 6.0
SECONDS_TO_BEGIN = 60.0
SIZE, FRAMES = (640, 360), 500
STEPS = 100
UNDONE = 2


class _RoomOfOne(Room):
    numbers = TEAMS[:1]


def labeling(play: Play) -> Outcome:
    film = write_film(play.folder / "film.mp4", SIZE, FRAMES, play.rng)
    with _RoomOfOne(play.folder) as room:
        team = _team(room, film, play)
        faults = _kill(room, team, play)
        team.keep_busy()
        team.check_limit()
        team.keep_busy()
        team.stop_all()
        with suppress(TookTooLong):  # the verdict names what has not ended
            _wait_until_calm(team)
        wrongs = [*team.wrongs, *labeling_verdict.wrongs_of(_story(room, team), team.drawn)]
        wrongs += [wrong for run in team.all_trackings()[-UNDONE:] for wrong in _undo(room, team, run)]
        return room.judged(faults, wrongs)


def _team(room: Room, film: Path, play: Play) -> LabelingTeam:
    """The team with its model, its video and a member who has its label page open."""
    (team,) = room.teams
    job = team.start(STEPS)
    made.add_video(room.server, film, TEAMS[0], 1)
    videos = wait_until(
        lambda: team.client.get("videos/")["results"], lambda rows: rows and rows[0]["state"] == "READY", A_JOB
    )
    team.client.wait_for_model(job, A_JOB)
    (member,) = new_members(room.server, TEAMS[0], 1)
    tab = LabelTab(room.server, member, videos[0]["id"])
    tab.open()
    label = team.client.post("labels/", {"name": "thing"})
    return LabelingTeam(team, tab, label, job, FRAMES, play.rng)


def _kill(room: Room, team: LabelingTeam, play: Play) -> Counter[str]:
    plan = list(itertools.islice(itertools.cycle(KINDS), max(len(KINDS), play.kills // ONE_IN)))
    play.rng.shuffle(plan)
    for number, kind in enumerate(plan, start=1):
        is_killed = False
        while not is_killed:
            team.keep_busy()
            team.correct()
            is_killed = _kill_one(room, KINDS[kind], play)
        print(f"… {number} of {len(plan)}: killed {kind}", flush=True)
    return Counter(plan)


def _kill_one(room: Room, words: str, play: Play) -> bool:
    """Kill a process at some moment, and return whether it hadn't ended before."""
    try:
        victims = wait_until(lambda: room.server.find(words), bool, SECONDS_TO_BEGIN)
        time.sleep(play.rng.uniform(0, WITHIN))
        play.rng.choice(victims).kill()
    except (TookTooLong, psutil.NoSuchProcess):
        return False
    return True


def _wait_until_calm(team: LabelingTeam) -> None:
    """Wait until no run is under way. Raises TookTooLong."""
    wait_until(lambda: [*team.trackings(), *team.model_runs()], lambda running: not running, A_JOB)


def _story(room: Room, team: LabelingTeam) -> LabelingStory:
    program = f"from bench.chaos.labeling import labeling_rows; labeling_rows.print_story({team.tab.video!r})"
    told = room.server.manage("shell", "--verbosity", "0", "--command", program)
    return LabelingStory.of(json.loads(told.splitlines()[-1]))


def _undo(room: Room, team: LabelingTeam, run: dict[str, Any]) -> Iterator[Wrong]:
    """Undo a tracking as one step: what people drew is left, and the lines between that stood there before."""
    yield from team.undo(run)
    boxes = _story(room, team).boxes
    for one in run["objects"]:
        of_track = {box.key: box.origin for box in boxes if box.track == one["track"]}
        drawn = {key for key, box in team.drawn.items() if box.track == one["track"]}
        if "tracked" in of_track.values():
            yield Wrong("recorded twice", f"tracked boxes are left after undoing tracking {run['id']}")
        if lacking := drawn - of_track.keys():
            yield Wrong("lost", f"undoing tracking {run['id']} took {len(lacking)} drawn boxes away")
