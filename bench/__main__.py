"""Runs a bench by its name, in whichever folder it lies: `python -m bench load --seconds 30`."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent


def module(name: str) -> str:
    """Return the dotted name of the bench called `name`. Ends the program where there is none."""
    for path in HERE.rglob("*.py"):
        if path.stem == name and path.parent != HERE:
            return ".".join(path.relative_to(HERE.parent).with_suffix("").parts)
    sys.exit(f"There is no bench called {name}. The Makefile lists them.")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Say which: python -m bench NAME [options]. The Makefile lists the names.")
    name = sys.argv.pop(1)
    runpy.run_module(module(name), run_name="__main__", alter_sys=True)
