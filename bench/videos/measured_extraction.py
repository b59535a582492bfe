"""One extraction as a worker has it done, which also notes the most memory that its process had.

python -m bench.videos.measured_extraction VIDEO ATTEMPT PARENT
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.server import machine
from videos.extraction import one_extraction

# The environment variable that names the file which gets a line of bytes for each process.
NOTED_IN = "FTCML_BENCH_PEAKS"


def main(arguments: Sequence[str]) -> None:
    try:
        one_extraction.main(arguments)
    finally:
        with Path(os.environ[NOTED_IN]).open("a") as notes:
            print(machine.peak_bytes(), file=notes)


if __name__ == "__main__":
    main(sys.argv[1:])
