"""What the set-up asks of a machine, checked before anything is fetched.

Each check has a sentence that says what is wrong and what to do.
"""

import os
import platform
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from machine import file_systems  # noqa: E402 -- found by the line above

# Of Python: find_python.sh looks for the same ones, pyproject.toml promises them.
OLDEST = (3, 11)
NEWEST = (3, 13)
# What an installation from nothing needs in passing, with uv's and npm's caches: measured, rounded up.
DISK_BYTES = 3 * 1000**3
MEMORY_BYTES = 6 * 1000**3
MACHINES = ("x86_64", "aarch64", "arm64")
# Clocks of two computers differ; a day more or less spoils nothing.
CLOCK_SECONDS = 24 * 3600
CPU_INFO = Path("/proc/cpuinfo")


class CannotSetUp(Exception):
    """Something is missing on this machine; str() says what, and what to do."""


def check(root: Path) -> None:
    """Raise CannotSetUp with a sentence for each thing that this machine lacks."""
    if problems := [*machine_problems(), *file_system_problems(root), *clock_problems(root)]:
        raise CannotSetUp("\n".join(problems))


def machine_problems() -> list[str]:
    """Return a sentence for each thing that the system, the processor or Python lacks."""
    found = []
    if not sys.platform.startswith(("linux", "darwin")):
        found.append("This runs on Linux and on Macs. On Windows use WSL2, on a Chromebook its Linux environment.")
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        found.append(
            "This Python is for Intel processors, for which TensorFlow has no packages for Macs any more. "
            "On a Mac with Apple silicon install Python 3.13 from python.org or with brew."
        )
    if struct.calcsize("P") != 8 or platform.machine() not in MACHINES:
        found.append(
            f"TensorFlow needs a 64-bit system, and this one is {platform.machine()} with a "
            f"{8 * struct.calcsize('P')}-bit Python. Install the 64-bit edition of your system."
        )
    elif lacks_avx():
        found.append(
            "This processor lacks AVX, which TensorFlow needs (most Intel and AMD processors since 2011 have it). "
            "Use another computer for the server. This one can open its pages in a browser."
        )
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        found.append(f"Python's module venv is missing. On Debian and Ubuntu: sudo apt install python{version}-venv")
    return found


def lacks_avx() -> bool:
    """Return whether the processor says that it has no AVX; False where the system doesn't tell."""
    if platform.machine() != "x86_64" or not CPU_INFO.exists():
        return False
    flags = next((line.split() for line in CPU_INFO.read_text().splitlines() if line.startswith("flags")), None)
    return flags is not None and "avx" not in flags


def file_system_problems(root: Path) -> list[str]:
    """Return a sentence where `root` lies on a drive that can't hold the server and its database."""
    kind = file_systems.unsafe_kind(root)
    if not kind:
        return []
    return [
        f"{root} is on {kind}, where the database isn't safe. "
        f"Put this folder on the computer's own disk, for example in {Path.home()}, and call make there."
    ]


def clock_problems(root: Path) -> list[str]:
    """Return a sentence where the clock is before the day on which this version was made.

    Servers' certificates are not valid yet then, and nothing could be fetched.
    """
    command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    try:
        made = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except OSError:
        return []
    now = time.time()
    if not made or now > int(made) - CLOCK_SECONDS:
        return []
    said, day = (time.strftime("%-d %B %Y", time.localtime(seconds)) for seconds in (now, int(made)))
    return [
        f"This computer's clock says {said}, and this version was made on {day}. Set the clock and call make again."
    ]


def check_disk(root: Path, there: Sequence[Path] = ()) -> None:
    """Raise CannotSetUp where an installation would fill the disk, beside what lies in the folders `there` already."""
    free = shutil.disk_usage(root).free
    if free + sum(map(disk_bytes, there)) < DISK_BYTES:
        raise CannotSetUp(
            f"There are {free / 1000**3:.1f} GB free on the disk of {root}, and the installation needs "
            f"{DISK_BYTES / 1000**3:.0f} GB. Make room and call make again."
        )


def disk_bytes(folder: Path) -> int:
    """Return what a folder takes on the disk, files with several names once."""
    files = {(s.st_dev, s.st_ino): s.st_blocks * 512 for p in folder.rglob("*") if (s := p.lstat())}
    return sum(files.values())


def memory_warning() -> str:
    """Return a sentence where this machine has too little memory to train, else ""."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    # A machine sold with 6 GB reports a little less.
    if total > 0.9 * MEMORY_BYTES:
        return ""
    return (
        f"This machine has {total / 1000**3:.1f} GB of memory; {MEMORY_BYTES / 1000**3:.0f} GB are better. "
        "The pages will work, but a training may be slow or run out of memory."
    )
