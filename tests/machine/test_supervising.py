"""supervisord on a full disk: what its programs say is lost, and they go on."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.server.client import wait_until
from ftcml.launcher.programs import SUPERVISING

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is a full disk")

CONFIGURATION = """
[supervisord]
nodaemon=true
silent=true
pidfile={folder}/pid
logfile=/dev/full
[program:talker]
command={python} -c "{program}"
redirect_stderr=true
stdout_logfile=/dev/full
stdout_logfile_maxbytes=5MB
"""
# More than a pipe holds, so that who says it waits for its reader.
PROGRAM = "print('x' * 200_000, flush=True); open('{folder}/said', 'w').close(); input()"


def test_a_program_whose_log_cannot_be_written_goes_on(tmp_path: Path) -> None:
    configuration = tmp_path / "supervisord.conf"
    program = PROGRAM.format(folder=tmp_path)
    configuration.write_text(CONFIGURATION.format(folder=tmp_path, python=sys.executable, program=program))
    with Path("/dev/full").open("wb") as full:
        supervisord = subprocess.Popen([sys.executable, SUPERVISING, "-c", configuration], stderr=full)
    try:
        wait_until(lambda: (tmp_path / "said").exists() or supervisord.poll() is not None, bool, 30)
        assert supervisord.poll() is None
    finally:
        supervisord.terminate()
        supervisord.wait()
