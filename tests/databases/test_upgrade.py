"""An upgrade loses nothing: the database of an older version is brought up to date, and its API says what it said.

tests/databases/upgrade holds a database with a job for every reason that version 0.1.0 could give, datasets that were
imported well, with repairs, and not at all, a member's token and session, and the answers of that version's API.
"""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

HERE = Path(__file__).parent / "upgrade"
# What an answer says in words, which each version chooses anew; codes and params beside them stay.
WORDS = {"advice", "error", "evidence", "state_reason", "text", "title"}


def in_that_server(data: Path, secret_key: str, command: list[str], stdin: str = "") -> str:
    environment = {**os.environ, "FTCML_DATA": str(data), "SECRET_KEY": secret_key}
    environment.pop("DATABASE_URL", None)
    ran = subprocess.run(
        [sys.executable, *command], cwd=settings.BASE_DIR, env=environment, input=stdin, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def before() -> dict[str, Any]:
    """What version 0.1.0 answered, without the words that it put things in."""
    return json.loads(gzip.decompress((HERE / "0.1.0.answers.json.gz").read_bytes()))


@pytest.fixture(scope="module")
def after(before: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What this version answers after it has brought that database up to date."""
    data = tmp_path_factory.mktemp("data")
    with sqlite3.connect(data / "db.sqlite3") as database:
        database.executescript(gzip.decompress((HERE / "0.1.0.sql.gz").read_bytes()).decode())
    in_that_server(data, before["secret_key"], ["manage.py", "migrate", "--verbosity", "0"])
    with sqlite3.connect(data / "db.sqlite3") as database:  # the upgrade is on the day on which they were given
        database.execute("UPDATE django_session SET expire_date = datetime('now', '+1 hour')")
        database.execute("UPDATE accounts_apitoken SET expires = datetime('now', '+1 hour')")
    asked = {"token": before["token"], "session": before["session"], "addresses": list(before["answers"])}
    said = in_that_server(data, before["secret_key"], ["-m", "tests.databases.upgrade.ask"], json.dumps(asked))
    return json.loads(said.splitlines()[-1])


def differences(old: Any, new: Any, place: str) -> Iterator[str]:
    """Where `new` says something else than `old`; it may say more."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            if key in WORDS:
                continue
            yield from differences(value, new.get(key, "nothing"), f"{place} {key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{place} {number}")
    elif old != new:
        yield f"{place}: {old!r} became {new!r}"


def test_the_api_says_of_old_rows_what_it_said(before, after):
    assert "\n".join(differences(before["answers"], after["answers"], "")) == ""


def test_who_was_signed_in_is_signed_in(after):
    assert after["page"] == 200


def test_every_sentence_about_a_job_has_its_code(after):
    (jobs,) = (answer["results"] for address, answer in after["answers"].items() if "training-jobs/?" in address)
    without = {job["state_reason"] for job in jobs if job["reason_code"] in ("other", "")}
    assert without == {"quokka reason", "something that no version says"}
