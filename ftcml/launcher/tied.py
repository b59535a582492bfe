"""Run a command that ends when the process that started it ends, even by kill -9: `python tied.py COMMAND…`.

A script of its own, without imports from the project, because it runs before every child of the server.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 (the command line is the launcher's own)
