"""Run a command that ends when the process that started it ends, even by kill -9: `python tied.py COMMAND…`.

A script, because it runs before every child of the server, from any folder.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from machine.parents import run_tied

if __name__ == "__main__":
    sys.exit(run_tied(sys.argv[1:]))
