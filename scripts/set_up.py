"""Set up .venv and node_modules from the lock files: `python3.11 scripts/set_up.py run|test`.

Runs before anything is installed, so it uses the standard library alone. What is up to date is left alone without a
look at the network. A stamp is written last, so an interrupted installation is picked up by the next call.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What an installation from nothing needs, with uv's and npm's caches: measured, rounded up.
DISK_BYTES = 6 * 1000**3
MEMORY_BYTES = 6 * 1000**3
# The packages of the tests contain those of the server, so an environment for tests serves as well.
SUPERSETS = {"run": ("run", "test"), "test": ("test",)}


class CannotSetUp(Exception):
    """Something is missing on this machine; str() says what, and what to do."""


class Environment:
    """The Python environment of a checkout and its locks."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"

    def lock(self, name: str) -> Path:
        return self.root / "requirements" / f"{name}.lock"

    def is_ready(self, name: str) -> bool:
        """Whether everything in the lock is installed already."""
        return any(stamp_matches(self._stamp(known), self.lock(known)) for known in SUPERSETS[name])

    def install(self, name: str) -> None:
        """Install exactly what the lock holds."""
        if not self._works():
            print("Making the Python environment in .venv", flush=True)
            run([sys.executable, "-m", "venv", "--clear", str(self.folder)], "The Python environment was not made.")
        for known in SUPERSETS["run"]:
            self._stamp(known).unlink(missing_ok=True)
        print("Installing the Python packages (about 1 GB to fetch, 3 GB installed; some minutes)", flush=True)
        pip = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", str(self.lock("uv"))], NOT_FETCHED)
        uv = [str(self.folder / "bin" / "uv"), "pip", "sync", "--python", str(self.python)]
        # Compiled now, once: TensorFlow starts three times slower without.
        run([*uv, "--require-hashes", "--compile-bytecode", str(self.lock(name))], NOT_FETCHED)
        write_stamp(self._stamp(name), self.lock(name))

    def _works(self) -> bool:
        """Whether there is an environment of the right version, whole enough to install into."""
        check = "import sys, pip; sys.exit(sys.version_info[:2] != (3, 11))"
        try:
            return subprocess.run([self.python, "-c", check], capture_output=True).returncode == 0
        except OSError:
            return False

    def _stamp(self, name: str) -> Path:
        return self.folder / f"installed-{name}.stamp"


class FrontEnd:
    """The pages' packages in node_modules."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.lock = root / "package-lock.json"
        self._stamp = root / "node_modules" / "installed.stamp"

    def is_ready(self) -> bool:
        return stamp_matches(self._stamp, self.lock)

    def install(self) -> None:
        """Install exactly what the lock holds; npm empties node_modules first, the stamp with it."""
        print("Installing the pages' packages", flush=True)
        run(["npm", "ci", "--no-audit", "--no-fund"], NOT_FETCHED, cwd=self.root)
        write_stamp(self._stamp, self.lock)


NOT_FETCHED = (
    "The packages could not all be fetched; the lines above say why. "
    "Is this machine connected to the internet? Call make again: what is there already is kept."
)


def run(command: list[str], failure: str, cwd: Path = ROOT) -> None:
    """Run a command with its progress visible. Raises CannotSetUp with the sentence `failure`."""
    if subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL).returncode != 0:
        raise CannotSetUp(failure)


def digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def stamp_matches(stamp: Path, lock: Path) -> bool:
    return stamp.exists() and stamp.read_text().strip() == digest(lock)


def write_stamp(stamp: Path, lock: Path) -> None:
    stamp.write_text(digest(lock) + "\n")


def missing_tools() -> list[str]:
    """A sentence for each thing that this machine lacks and that an installation needs."""
    found = []
    if not sys.platform.startswith("linux"):
        found.append("This runs on Linux; on Windows use WSL2, on a Chromebook its Linux environment.")
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        found.append("Python's module venv is missing. On Debian and Ubuntu: sudo apt install python3.11-venv")
    if shutil.which("node") is None or shutil.which("npm") is None:
        found.append("Node.js with npm is missing. On Debian and Ubuntu: sudo apt install nodejs npm")
    return found


def check_disk(root: Path) -> None:
    """Raise CannotSetUp where an installation would fill the disk."""
    free = shutil.disk_usage(root).free
    if free < DISK_BYTES:
        raise CannotSetUp(
            f"There are {free / 1000**3:.1f} GB free on the disk of {root}, and the installation needs "
            f"{DISK_BYTES / 1000**3:.0f} GB. Make room and call make again."
        )


def memory_warning() -> str:
    """A sentence where this machine has too little memory to train, else ""."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    # A machine sold with 6 GB reports a little less.
    if total > 0.9 * MEMORY_BYTES:
        return ""
    return (
        f"This machine has {total / 1000**3:.1f} GB of memory; {MEMORY_BYTES / 1000**3:.0f} GB are better. "
        "The pages will work; a training may be slow or be killed."
    )


def set_up(name: str, root: Path = ROOT) -> None:
    """Bring .venv and node_modules to what the locks say. Raises CannotSetUp."""
    environment, front_end = Environment(root), FrontEnd(root)
    with one_at_a_time(root):
        if environment.is_ready(name) and front_end.is_ready():
            return
        if missing := missing_tools():
            raise CannotSetUp("\n".join(missing))
        if warning := memory_warning():
            print(warning, flush=True)
        if not environment.is_ready(name):
            check_disk(root)
            environment.install(name)
        if not front_end.is_ready():
            front_end.install()


class one_at_a_time:
    """Hold the checkout's folder locked, so that two calls of make do not install into each other."""

    def __init__(self, root: Path) -> None:
        self._folder = os.open(root, os.O_RDONLY)

    def __enter__(self) -> None:
        fcntl.flock(self._folder, fcntl.LOCK_EX)

    def __exit__(self, *error: object) -> None:
        os.close(self._folder)


if __name__ == "__main__":
    try:
        set_up(sys.argv[1])
    except CannotSetUp as problem:
        sys.exit(f"\n{problem}")
    except KeyboardInterrupt:
        sys.exit("\nInterrupted; the next call of make goes on from here.")
