"""The pages' code: its style and types, which `make lint` checks as well, and the unit tests of what it computes."""

import subprocess

import pytest
from django.conf import settings

from scripts import browser_code


@pytest.mark.parametrize("check", ["lint", "types", "tests"])
def test_the_pages_code_keeps_its_rules(check: str) -> None:
    answer = subprocess.run(browser_code.command(check), cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr
