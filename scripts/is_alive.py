"""Ends well where a worker or beat showed a sign of life a short while ago: `python scripts/is_alive.py`.

For a container's health check. A worker shows one every two seconds while it's connected to the broker, beat at least
as often as the sweeps come (ftcml/core/programs/alive.py).
"""

import os
import sys
import time
from pathlib import Path

SECONDS = 60.0


def silent_for(file: Path) -> float:
    """Return the seconds since the last sign of life. Raises OSError where there was none."""
    return time.time() - file.stat().st_mtime


def main() -> None:
    try:
        silence = silent_for(Path(os.environ["FTCML_ALIVE_FILE"]))
    except OSError as problem:
        sys.exit(str(problem))
    if silence > SECONDS + 2 * float(os.environ.get("FTCML_SWEEP_SECONDS") or 20):
        sys.exit(f"no sign of life for {silence:.0f} seconds")


if __name__ == "__main__":
    main()
