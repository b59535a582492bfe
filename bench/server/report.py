"""What every bench prints: the machine, tables, targets with kept or MISSED, and one last line of JSON for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bench.server import machine

# What stands in a table where there is nothing.
NOTHING = "–"


@dataclass(frozen=True)
class Target:
    """A promise about one figure, which is None where it could not be measured: then the promise is not kept."""

    promise: str
    figure: float | None
    bound: Literal["at least", "at most"]
    limit: float

    @property
    def kept(self) -> bool:
        if self.figure is None:
            return False
        return self.figure >= self.limit if self.bound == "at least" else self.figure <= self.limit

    def __str__(self) -> str:
        figure = NOTHING if self.figure is None else f"{self.figure:.2f}"
        return f"{'kept  ' if self.kept else 'MISSED'}  {self.promise} {self.bound} {self.limit:g}: {figure}"


def print_machine() -> None:
    print(f"Machine: {machine.describe()}", flush=True)


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table as Markdown, so that it can be pasted into a document."""
    columns = list(zip(header, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    lines = [header, ["-" * width for width in widths], *rows]
    print(f"\n{title}\n")
    for line in lines:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")


def finish(figures: dict[str, Any], targets: Sequence[Target]) -> int:
    """Print the targets and the line of JSON; returns the exit code, which is 1 where a target was missed."""
    print()
    for target in targets:
        print(target)
    kept = all(target.kept for target in targets)
    judged = [{**asdict(target), "kept": target.kept} for target in targets]
    print(json.dumps({"machine": asdict(machine.describe()), **figures, "targets": judged, "kept": kept}), flush=True)
    return 0 if kept else 1


def number(value: float | None, digits: int = 0) -> str:
    """A cell of a table."""
    return NOTHING if value is None else f"{value:.{digits}f}"
