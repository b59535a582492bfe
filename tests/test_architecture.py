"""What `make lint` checks, so that `make test` finds it too: style, types, and the arrows between the parts."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

BIN = Path(sys.executable).parent
# What a program on a robot runs with, and folders of others: none of it is checked here.
_UNCHECKED = {"tests", "templates", "node_modules", "var"}


@pytest.mark.parametrize(
    "command", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["lint-imports", "--no-logo"]], ids=" ".join
)
def test_the_code_keeps_its_rules(command):
    program, *options = command
    answer = subprocess.run([BIN / program, *options], cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_types_of_every_part_are_checked():
    folders = (path for path in settings.BASE_DIR.iterdir() if path.is_dir() and not path.name.startswith("."))
    parts = {folder.name for folder in folders if folder.name not in _UNCHECKED and any(folder.rglob("*.py"))}
    checked = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["mypy"]["files"]
    assert set(checked) == {*parts, "manage.py"}
