"""`make bare ARGS=trouble`: an installation where everything that can stand in its way does, on a bare Debian 13.

The folder has spaces and é in its name, the home folder is read-only, nothing runs in /tmp, the network is a proxy with
a certificate of its own, an environment of a Python that is gone lies there, and the installation is killed ten times.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.bare.bare_proxy import school_proxy
from bench.bare.bare_root import (
    CHECKOUT,
    HOME,
    PORT,
    SECONDS,
    USER,
    folder_for_root,
    in_root,
    make_root,
    mounted,
    visit,
)

FOLDER = "/srv/team é 100/ftcml"
STICK = "/srv/stick"
CERTIFICATE = "/etc/school.pem"
STICK_MEGABYTES = 2700
KILLS = 10
LONGEST_SECONDS = 15
# Every file that the packages say they have, except what Python compiles and the headers that the set-up removes.
WHOLE = """
from importlib.metadata import distributions
gone = [str(f) for d in distributions() for f in d.files or () if not f.locate().exists()]
gone = [name for name in gone if not name.endswith(".pyc") and "tensorflow/include" not in name]
raise SystemExit(f"missing: {gone[:5]}" if gone else 0)
"""


def try_trouble() -> bool:
    """Return whether each of the obstacles got its sentence or was overcome."""
    print("Debian 13 with everything in its way: making a root", flush=True)
    with ExitStack() as stack:
        root = stack.enter_context(folder_for_root())
        make_root(root, "trixie", also=["faketime"])
        stack.enter_context(mounted(root, "noexec"))
        proxy = stack.enter_context(school_proxy(inside(root, CERTIFICATE)))
        network = {"HTTPS_PROXY": proxy.address, "SSL_CERT_FILE": CERTIFICATE, "FTCML_PORT": str(PORT)}
        checks: list[tuple[str, Callable[[], bool]]] = [
            ("3 GB of disk", lambda: small_disk(root)),
            ("a clock one year behind", lambda: old_clock(root)),
            ("ten kills", lambda: ten_kills(root, network)),
            ("the port is taken", lambda: port_taken(root, network)),
            ("serves, and every package is whole", lambda: serves_whole(root, network)),
        ]
        clone(root, FOLDER)
        with read_only(inside(root, HOME)):
            passed = [report(name, check) for name, check in checks]
        print(f"  through the proxy: {dict(proxy.hosts)}", flush=True)
        return all(passed) and bool(proxy.hosts)


def report(name: str, check: Callable[[], bool]) -> bool:
    is_passed = check()
    print(f"  {name}: {'yes' if is_passed else 'NO'}", flush=True)
    return is_passed


def small_disk(root: Path) -> bool:
    """Whether a disk with too little room gets a sentence, and nothing is left on it."""
    place = inside(root, STICK)
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={STICK_MEGABYTES}m", "tmpfs", str(place)], check=True)
    try:
        clone(root, f"{STICK}/ftcml")
        answer = make_run(root, f"{STICK}/ftcml")
        return "GB free on the disk" in answer and not (place / "ftcml" / ".venv").exists()
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def old_clock(root: Path) -> bool:
    """Whether a clock that is behind gets a sentence about the clock."""
    return "Set the clock" in make_run(root, FOLDER, prefix=["faketime", "-f", "-1y"])


def ten_kills(root: Path, network: dict[str, str]) -> bool:
    """Kill the installation at random moments, an environment of a Python that is gone under it.

    One that is whole before its moment comes is removed and begun anew. Returns whether none failed by itself.
    """
    old = inside(root, FOLDER) / ".venv" / "bin"
    old.mkdir(parents=True)
    (old / "python").symlink_to("/usr/bin/python3.9")
    subprocess.run(["chroot", str(root), "chown", "--recursive", USER, FOLDER], check=True)
    rng = random.Random(1)  # noqa: S311 -- moments, not secrets
    for _ in range(KILLS):
        process = subprocess.Popen(
            in_root(root, ["make", "-C", FOLDER, "set-up-run"]),
            env={**environment(), **network},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        seconds = rng.uniform(1, LONGEST_SECONDS)
        try:
            if process.wait(seconds):
                return False
            print(f"    whole before {seconds:.0f} s", flush=True)
            for name in (".venv", "node_modules"):
                shutil.rmtree(inside(root, FOLDER) / name, ignore_errors=True)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            print(f"    killed after {seconds:.0f} s", flush=True)
    return True


def port_taken(root: Path, network: dict[str, str]) -> bool:
    """Whether a port that another program has gets a sentence that names it."""
    with socket.create_server(("127.0.0.1", PORT)):
        answer = make_run(root, FOLDER, network)
    said = [line for line in answer.splitlines() if str(PORT) in line]
    print("\n".join(f"    {line}" for line in said), flush=True)
    return bool(said)


def serves_whole(root: Path, network: dict[str, str]) -> bool:
    """Whether it serves in the end, and no package lacks a file."""
    if not visit(root, FOLDER, extra=network):
        return False
    python = f"{FOLDER}/.venv/bin/python"
    return subprocess.run(in_root(root, [python, "-c", WHOLE]), env=environment()).returncode == 0


def make_run(root: Path, folder: str, extra: dict[str, str] | None = None, prefix: list[str] | None = None) -> str:
    """Return what `make run` says before it gives up."""
    command = in_root(root, [*(prefix or []), "make", "-C", folder, "run"])
    answer = subprocess.run(
        command,
        env={**environment(), **(extra or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
    )
    return answer.stdout if answer.returncode else ""


def environment() -> dict[str, str]:
    return {"HOME": HOME, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}


def clone(root: Path, folder: str) -> None:
    """Clone this checkout's last commit for the ordinary user."""
    subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(inside(root, folder))], check=True)
    subprocess.run(["chroot", str(root), "chown", "--recursive", USER, str(Path(folder).parent)], check=True)


def inside(root: Path, path: str) -> Path:
    return root / path.lstrip("/")


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    subprocess.run(["mount", "--bind", str(folder), str(folder)], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
