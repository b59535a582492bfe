"""Benches on the tiny model: they run from end to end, and their last line is for programs."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

TINY = "Tiny test model 96x96"


@pytest.fixture
def figures_of(capsys) -> Callable[..., dict[str, Any]]:
    """Run a bench's main function with arguments; returns the object of its last line."""

    def run(main: Callable[[Sequence[str]], int], *arguments: str) -> dict[str, Any]:
        code = main(arguments)
        *tables, last = capsys.readouterr().out.splitlines()
        figures = json.loads(last)
        assert tables[0].startswith("Machine: ")
        assert set(figures["machine"]) == {"cores", "processor", "avx512", "bfloat16", "memory_gb", "tensorflow"}
        assert code == (0 if figures["kept"] else 1)
        return figures

    return run
