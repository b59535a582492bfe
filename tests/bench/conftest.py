"""Benches on the tiny model: they run from end to end, and their last line is for programs."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

TINY = "Tiny test model 96x96"


@pytest.fixture
def figures_of() -> Callable[..., dict[str, Any]]:
    """Run a bench as a program with arguments; returns the object of its last line."""

    def run(name: str, *arguments: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "bench", name, *arguments]
        ran = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
        assert ran.stdout, ran.stderr
        *tables, last = ran.stdout.splitlines()
        figures = json.loads(last)
        assert tables[0].startswith("Machine: ")
        assert set(figures["machine"]) == {"cores", "processor", "avx512", "bfloat16", "memory_gb", "tensorflow"}
        assert ran.returncode == (0 if figures["kept"] else 1)
        return figures

    return run
