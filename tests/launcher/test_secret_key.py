"""SECRET_KEY signs who is signed in: one that is easy to guess is refused, in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

# For a server behind a proxy with HTTPS, as docs/operators/deploy.md sets it up.
DEPLOYED = {"FTCML_HTTPS": "1", "ALLOWED_HOSTS": "ml.school.example", "DEBUG": "0"}


def check(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", "check", *options]
    own = {**os.environ, "FTCML_DATA": str(folder), **environment}
    own.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the tests' browser needs it
    return subprocess.run(command, cwd=settings.BASE_DIR, env=own, capture_output=True, text=True)


def test_a_short_one_is_refused_and_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    answer = check(tmp_path, SECRET_KEY="short")
    assert answer.returncode == 1
    assert answer.stderr.startswith("SECRET_KEY has 5 characters")
    assert "openssl rand -hex 32" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_djangos_own_check_finds_nothing_in_a_server_for_a_school(tmp_path: Path) -> None:
    answer = check(tmp_path, "--deploy", "--fail-level", "WARNING", **DEPLOYED)
    assert answer.returncode == 0, answer.stderr
