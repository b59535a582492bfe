"""What each part of a piece of work takes, by the clock and of processor time."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.accuracy.attempts import trainers_environment
from bench.server import report
from bench.server.local_server import ROOT


@dataclass
class PartTimes:
    """`seconds`: of each part, by the clock and of all cores together, summed over its calls."""

    seconds: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        began, used = time.perf_counter(), time.process_time()
        yield
        before = self.seconds.get(name, (0.0, 0.0))
        self.seconds[name] = (before[0] + time.perf_counter() - began, before[1] + time.process_time() - used)

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, whose calls count as this part."""

        def call(*arguments: Any, **named: Any) -> Any:
            with self.part(name):
                return function(*arguments, **named)

        return call

    def print_table(self, title: str) -> None:
        rows = [(name, f"{clock:.2f}", f"{used:.2f}") for name, (clock, used) in self.seconds.items()]
        report.print_table(title, ("part", "s by the clock", "s of processor"), rows)


def in_trainers_environment(module: str, arguments: Sequence[str]) -> PartTimes:
    """Run a module as a program that has a trainer's environment; its last line is `seconds` as JSON."""
    answer = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, env=trainers_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return PartTimes(json.loads(answer.stdout.splitlines()[-1]))
