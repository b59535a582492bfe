"""Slow uploads, slow downloads, half heads and strangers' bodies, while teams train and somebody looks at the pages."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.chaos.chaos_room import TEAMS, Outcome, Play, Room
from bench.chaos.judging.chaos_verdict import Wrong
from bench.pages.load_people import new_members
from bench.server.client import TookTooLong, wait_until
from bench.server.slow_clients import SlowClients, Stranger, Visitor

SLOW = 30
LOOKS = 60
SECONDS_BETWEEN_LOOKS = 1.0
# On a machine that trains three teams' models beside it.
LONGEST_MS = 10_000
PAGES = ("/healthz", "/models/", "/datasets/")


def slow_clients(play: Play) -> Outcome:
    with Room(play.folder) as room:
        members = new_members(room.server, TEAMS[0], SLOW)
        for team in room.teams:
            team.start()
        room.wait_until_one_runs()
        download = f"/api/v1/datasets/{room.teams[0].dataset}/download/?format=coco"
        visitor, stranger = Visitor(room.server.url, members[0].session), Stranger(room.server.port)
        with SlowClients(room.server.port, [one.token for one in members], download, SLOW) as clients:
            print("… the slow clients are there", flush=True)
            wrongs = [wrong for _ in range(LOOKS // len(PAGES)) for wrong in _look(visitor, stranger)]
        wrongs += [Wrong("answers", f"the server ended an honest {kind}") for kind in clients.ended]
        wrongs += _left_behind(room.server.data / "uploads")
        return room.judged(Counter({"slow client": 3 * SLOW, "stranger": LOOKS}), wrongs)


def _look(visitor: Visitor, stranger: Stranger) -> Iterator[Wrong]:
    for page in PAGES:
        time.sleep(SECONDS_BETWEEN_LOOKS)
        status, milliseconds = visitor.ask(page)
        if status != 200 or milliseconds > LONGEST_MS:
            yield Wrong("answers", f"{page}: {status} after {milliseconds:.0f} ms")
        if (status := stranger.send("/sign-in/")) != 413:
            yield Wrong("answers", f"a stranger's body of 240 MB was answered with {status}")


def _left_behind(uploads: Path) -> Iterator[Wrong]:
    """Nothing of an upload stays when its client is gone."""
    try:
        wait_until(lambda: list(uploads.glob("*.upload*")), lambda files: not files, 60)
    except TookTooLong as files:
        yield Wrong("files", f"parts of uploads are left: {files}")
