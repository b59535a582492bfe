"""A server whose files are not those of its database: another database, an older one, a drive that isn't mounted."""

import json
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.chaos.chaos_room import A_JOB, Outcome, Play, Room, Team
from bench.chaos.judging.chaos_verdict import Wrong
from bench.server.client import ApiError, wait_until
from bench.server.local_server import ROOT, LocalServer

TIDY = (
    "shell",
    "--verbosity",
    "0",
    "--command",
    "import datasets.tasks, training.tasks; datasets.tasks.tidy(); training.tasks.tidy()",
)
OTHER, NOT_THERE, REFUSED = "belong to another database", "aren't where they should be", "files aren't in order"
DATABASE = "db.sqlite3"
SHORT = 100
# So many sweeps have come by then, each of which would have woken a worker.
LEFT_WAITING_SECONDS = 20.0


def database(play: Play) -> Outcome:
    """The server is started beside its files with an empty database, then with a copy of an hour ago."""
    with Room(play.folder) as room:
        data = room.server.data
        room.server.stop()
        shutil.copytree(data, older := play.folder / "older", ignore=shutil.ignore_patterns("files", "work", "run"))
        room.server.start()
        for team in room.teams:
            team.start(SHORT)
        room.wait_until_calm()
        room.server.stop()
        wrongs = [
            *_beside(room, play.folder / "empty.sqlite3", quarantine_days=0, says=OTHER),
            *_beside(room, older / DATABASE, quarantine_days=7, says=""),
        ]
        room.server.start()
        return room.judged(Counter({"empty database": 1, "older database": 1}), wrongs)


def _beside(room: Room, database: Path, quarantine_days: int, says: str) -> Iterator[Wrong]:
    """Run a server with that database beside the room's files, tidy, and look for files that are gone."""
    before = _files(room.server.data)
    environment = {
        **{name: value for name, value in room.server.environment.items() if name.startswith("FTCML_")},
        "DATABASE_URL": f"sqlite:///{database}",
        "FTCML_QUARANTINE_DAYS": str(quarantine_days),
    }
    environment.pop("FTCML_PORT")
    with LocalServer(room.server.data, **environment) as server:
        if says:
            yield from _says(server, says)
            yield from _refuses(server, says, "check_storage", "--fix")
            yield from _refuses(server, says, "check_storage", "--remove-unknown")
        server.manage(*TIDY)
    gone = before - _files(room.server.data)
    print(f"… beside {database.name}: {len(gone)} of {len(before)} files are gone", flush=True)
    yield from (Wrong("files", f"{name} was removed beside {database.name}") for name in gone)


def unmounted(play: Play) -> Outcome:
    """The server is started while its files are not mounted; then they are."""
    with Room(play.folder) as room:
        first, second, _ = room.teams
        first.start(SHORT)
        room.wait_until_calm()
        room.server.stop()
        files, drive = room.server.data / "files", play.folder / "drive"
        before = _files(room.server.data)
        files.rename(drive)
        files.mkdir()
        room.server.start()
        job = second.start(SHORT)
        wrongs = [
            *_says(room.server, NOT_THERE),
            *_refuses(room.server, NOT_THERE, "check_storage", "--fix"),
            *_refused(first, room.archive),
            *_waits(second, job),
            *(Wrong("files", f"{name} was written where nothing is mounted") for name in _files(room.server.data)),
        ]
        room.server.manage(*TIDY)
        shutil.rmtree(files)  # of a look at whether a file can be stored an empty folder stays
        drive.rename(files)
        print("… mounted again", flush=True)
        wrongs += [Wrong("files", f"{name} is gone") for name in before - _files(room.server.data)]
        return room.judged(Counter({"not mounted": 1}), wrongs)


def _files(data: Path) -> set[str]:
    return {str(path.relative_to(data)) for path in (data / "files").rglob("*") if path.is_file()}


def _says(server: LocalServer, words: str) -> Iterator[Wrong]:
    """/readyz does, and is not ok."""
    said = wait_until(lambda: _readyz(server), lambda said: words in said, A_JOB)
    if '"ok": true' in said[:12]:
        yield Wrong("answers", said)


def _readyz(server: LocalServer) -> str:
    try:
        with urllib.request.urlopen(f"{server.url}/readyz") as answer:  # noqa: S310 (our own server)
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return json.dumps(json.loads(error.read()), ensure_ascii=False)


def _refuses(server: LocalServer, words: str, *command: str) -> Iterator[Wrong]:
    """That command of manage.py does, with these words."""
    line = [sys.executable, "manage.py", *command]
    done = subprocess.run(line, cwd=ROOT, env=server.environment, capture_output=True, text=True)
    if not done.returncode or words not in done.stderr:
        yield Wrong("answers", f"{' '.join(command)}: {done.returncode} {done.stdout} {done.stderr}")


def _refused(team: Team, archive: Path) -> Iterator[Wrong]:
    """New imports are."""
    try:
        yield Wrong("answers", f"dataset {team.client.import_dataset(archive, 'too early')} was accepted")
    except ApiError as refusal:
        if REFUSED not in str(refusal):
            yield Wrong("answers", str(refusal))


def _waits(team: Team, job: str) -> Iterator[Wrong]:
    """The job does, for sweeps on end: no worker takes it."""
    until = time.monotonic() + LEFT_WAITING_SECONDS
    while time.monotonic() < until:
        now = team.client.job(job)
        if now["state"] != "QUEUED":
            yield Wrong("answers", f"job {job} left the queue: {now['state']} {now['state_reason']}")
            return
        time.sleep(1.0)
