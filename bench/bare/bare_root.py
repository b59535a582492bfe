"""A Debian with nothing else on it: a root folder with what the README tells to install, and a visit in it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PORT = 8123
USER = "student"
HOME = f"/home/{USER}"
CERTIFICATES = Path("etc/ssl/certs/ca-certificates.crt")
SECONDS = 1800
WITHOUT_NETWORK = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")


def packages_of_the_readme() -> list[str]:
    """Return what the README tells to install on Debian."""
    line = re.search(r"sudo apt install ([\w.+ -]+)", (CHECKOUT / "README.md").read_text())
    if line is None:
        sys.exit("The README has no line with sudo apt install")
    return line[1].split()


def make_root(root: Path, release: str, also: Sequence[str] = ()) -> None:
    """Make a root with the README's packages, an ordinary user and a clone, and this machine's certificates."""
    include = ",".join(["ca-certificates", *packages_of_the_readme(), *also])
    command = ["debootstrap", "--variant=minbase", f"--include={include}", release, str(root)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    if (Path("/") / CERTIFICATES).exists():  # what inspects TLS around this machine does so around the root as well
        shutil.copy(Path("/") / CERTIFICATES, root / CERTIFICATES)
    for name in ("resolv.conf", "hosts"):
        shutil.copy(Path("/etc") / name, root / "etc" / name)
    subprocess.run(["chroot", str(root), "useradd", "--create-home", USER], check=True)
    subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(root / HOME.strip("/") / "ftcml")], check=True)
    subprocess.run(["chroot", str(root), "chown", "--recursive", USER, HOME], check=True)


@contextmanager
def mounted(root: Path, temporary: str = "exec") -> Iterator[None]:
    """Give the root what a running system has: devices, shared memory, processes, a folder for temporary files."""
    mounts = (
        ["--bind", "/dev", "dev"],
        ["--types", "tmpfs", "tmpfs", "dev/shm"],
        ["--types", "proc", "proc", "proc"],
        ["--types", "tmpfs", "--options", temporary, "tmpfs", "tmp"],
    )
    with ExitStack() as stack:
        for *options, place in mounts:
            subprocess.run(["mount", *options, str(root / place)], check=True)
            stack.callback(subprocess.run, ["umount", "--lazy", str(root / place)])
        yield


@contextmanager
def folder_for_root() -> Iterator[Path]:
    """Make a folder for a root, and remove it, unless this machine's own devices are still mounted in it."""
    folder = Path(tempfile.mkdtemp(prefix="ftcml-bare-", dir="/var/tmp"))
    folder.chmod(0o755)  # the ordinary user goes through it
    try:
        yield folder
    finally:
        if os.path.ismount(folder / "dev"):
            sys.exit(f"{folder}/dev is still mounted. Unmount it, then remove {folder}.")
        shutil.rmtree(folder)


def in_root(root: Path, command: Sequence[str]) -> list[str]:
    """Return a command that runs in the root as the ordinary user."""
    return ["chroot", f"--userspec={USER}:{USER}", str(root), *command]


def visit(root: Path, folder: str, prefix: Sequence[str] = (), extra: Mapping[str, str] | None = None) -> bool:
    """Run `bare_visit.py` in the root as the ordinary user, with an environment that holds nothing of ours."""
    command = in_root(root, ["/usr/bin/python3", f"{folder}/bench/bare/bare_visit.py"])
    environment = {"HOME": HOME, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "FTCML_PORT": str(PORT), "LANG": "C.UTF-8"}
    answer = subprocess.run([*prefix, *command], env={**environment, **(extra or {})}, timeout=SECONDS)
    return answer.returncode == 0
