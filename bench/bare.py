"""`make bare`: the README's own lines on a Debian with nothing else on it, as an ordinary user.

Makes a root folder with debootstrap, installs what the README tells to install, clones this checkout's last commit,
and has `bare_visit.py` call `make run`, sign in, train and download the model: with a network, then again without.
`bare_trouble.py` does so where everything is in the way. Needs root.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
RELEASES = {"bookworm": "Debian 12", "trixie": "Debian 13"}
TROUBLE = "trouble"
PORT = 8123
USER = "student"
HOME = f"/home/{USER}"
CERTIFICATES = Path("etc/ssl/certs/ca-certificates.crt")
SECONDS = 1800
WITHOUT_NETWORK = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bare", description="Run the README's lines on a bare Debian.")
    names = [*RELEASES, TROUBLE]
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *names], help=f"of {', '.join(names)}")
    wanted = parser.parse_args().names or names
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        sys.exit("make bare needs root and debootstrap. On Debian and Ubuntu: sudo apt install debootstrap")
    from bench.bare_trouble import try_trouble  # it builds on this module

    failed = [name for name in wanted if not (try_trouble() if name == TROUBLE else try_release(name))]
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


def packages_of_the_readme() -> list[str]:
    """Return what the README tells to install on Debian."""
    line = re.search(r"sudo apt install ([\w.+ -]+)", (CHECKOUT / "README.md").read_text())
    if line is None:
        sys.exit("The README has no line with sudo apt install")
    return line[1].split()


def try_release(release: str) -> bool:
    """Return whether a fresh root of `release` served with and without a network."""
    print(f"{RELEASES.get(release, release)}: making a root", flush=True)
    with folder_for_root() as root:
        make_root(root, release)
        with mounted(root):
            with_network = visit(root, f"{HOME}/ftcml")
            without = visit(root, f"{HOME}/ftcml", prefix=WITHOUT_NETWORK)
    return with_network and without


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
    command = in_root(root, ["/usr/bin/python3", f"{folder}/bench/bare_visit.py"])
    environment = {"HOME": HOME, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "FTCML_PORT": str(PORT), "LANG": "C.UTF-8"}
    answer = subprocess.run([*prefix, *command], env={**environment, **(extra or {})}, timeout=SECONDS)
    return answer.returncode == 0


if __name__ == "__main__":
    main()
