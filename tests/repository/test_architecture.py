"""What `make lint` checks, so that `make test` finds it too: style, types, and the arrows between the parts."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["lint-imports", "--no-logo"]], ids=" ".join
)
def test_the_code_keeps_its_rules(command):
    program, *options = command
    answer = subprocess.run([BIN / program, *options], cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr
