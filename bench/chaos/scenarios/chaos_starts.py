"""Two hundred starts at once by a team that has minutes for three."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from bench.chaos.chaos_room import ANSWER_SECONDS, MODEL, Outcome, Play, Room, Team
from bench.chaos.judging.chaos_verdict import Wrong
from bench.server.client import ApiError

STARTS = 200
MINUTES_FOR = 3
ACCEPTED, REFUSED = "QUEUED", "training minutes left"


def starts(play: Play) -> Outcome:
    with Room(play.folder, FTCML_TEAM_MINUTES=str(MINUTES_FOR)) as room:
        crowd, other, *_ = room.teams
        other.start(max_minutes=MINUTES_FOR)  # so that there is a worker, which has something to do
        answers = _start_at_once(crowd)
        print(f"… answers: {dict(answers)}", flush=True)
        wrongs = []
        if answers != {ACCEPTED: MINUTES_FOR, REFUSED: STARTS - MINUTES_FOR}:
            wrongs.append(Wrong("answers", f"{STARTS} starts with minutes for {MINUTES_FOR} were answered {answers}"))
        for team in (crowd, other):
            for job in team.jobs():
                team.client.stop(job["id"])
        return room.judged(Counter({"starts at once": STARTS}), wrongs)


def _start_at_once(team: Team) -> Counter[str]:
    """How many were answered with which state, refused for want of minutes, or refused with anything else."""
    together = Barrier(STARTS)
    wish = {
        "datasets": [team.dataset],
        "starting_model": MODEL,
        "training_steps": 100,
        "max_minutes": 1,
        "description": "one of many",
    }

    def start(number: int) -> str:
        together.wait(ANSWER_SECONDS)
        try:
            return team.client.post("training-jobs/", wish)["state"]
        except ApiError as refusal:
            return REFUSED if refusal.code == 400 and REFUSED in str(refusal) else str(refusal)

    with ThreadPoolExecutor(STARTS) as crowd:
        return Counter(crowd.map(start, range(STARTS)))
