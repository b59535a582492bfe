"""A secret in a file: as good as one in the environment, and never replaced by another one when it can't be read."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from ftcml.core.files import secret_files
from ftcml.core.files.secret_files import SECRETS, SecretRefused

SECRET = "a secret of fifty characters and more, as it should be"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    return path


def refusal(folder, secret_key_file) -> str:
    """What a server says that doesn't start with this file."""
    environment = {**os.environ, "FTCML_DATA": str(folder), "SECRET_KEY": "", "SECRET_KEY_FILE": str(secret_key_file)}
    command = [sys.executable, "-c", "import ftcml.settings"]
    answer = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert (answer.returncode, "Traceback" in answer.stderr) == (1, False)
    return answer.stderr


def test_a_secret_is_read_from_the_file_that_is_named_and_without_its_last_line_end(file):
    assert secret_files.given({"SECRET_KEY_FILE": str(file), "SECRET_KEY": ""}) == {"SECRET_KEY": SECRET}
    assert secret_files.given({"REDIS_URL": "redis://here", "TIME_ZONE_FILE": "/nowhere"}) == {}


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe", b"x" * 70_000], ids=str)
def test_one_that_cannot_be_read_stops_the_server(tmp_path, content):
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SecretRefused, match=f"DATABASE_URL_FILE names {path}, which .*hen start again."):
        secret_files.given({"DATABASE_URL_FILE": str(path)})


def test_two_answers_to_one_question_are_refused(file):
    with pytest.raises(SecretRefused, match="SECRET_KEY and SECRET_KEY_FILE are both set"):
        secret_files.given({"SECRET_KEY": SECRET, "SECRET_KEY_FILE": str(file)})


def test_a_server_uses_the_file_and_without_it_says_what_to_do(tmp_path, file):
    file.write_text("short")
    assert refusal(tmp_path, file).startswith("SECRET_KEY has 5 characters")
    assert "No such file or directory" in refusal(tmp_path, tmp_path / "gone")
    assert not (tmp_path / "secret_key").exists(), "made none of its own in its place"


def test_every_setting_that_opens_something_can_come_from_a_file():
    """A new one whose name looks secret belongs in SECRETS."""
    names = re.findall(r'\benv(?:\.\w+)?\("(\w+)"', (settings.BASE_DIR / "ftcml" / "settings.py").read_text())
    opening = {name for name in names if re.search(r"SECRET|PASSWORD|TOKEN$|KEY|(DATABASE|REDIS|EMAIL)_URL", name)}
    assert opening <= set(SECRETS)
    told = (settings.BASE_DIR / "docs" / "operators" / "operating.md").read_text()
    assert [name for name in SECRETS if f"`{name}_FILE`" not in told] == []
