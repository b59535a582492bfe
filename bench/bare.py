"""`make bare`: the README's own lines on a Debian with nothing else on it, as an ordinary user.

Makes a root folder with debootstrap, installs what the README tells to install, clones this checkout's last commit,
and has `bare_visit.py` call `make run` and sign in: with a network, then again without. Needs root.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VISIT = Path(__file__).with_name("bare_visit.py")
RELEASES = {"bookworm": "Debian 12", "trixie": "Debian 13"}
USER = "student"
HOME = f"/home/{USER}"
CERTIFICATES = Path("etc/ssl/certs/ca-certificates.crt")
SECONDS = 1800


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bare", description="Run the README's lines on a bare Debian.")
    parser.add_argument("releases", nargs="*", metavar="RELEASE", help=" ".join(RELEASES))
    releases = parser.parse_args().releases or list(RELEASES)
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        sys.exit("make bare needs root and debootstrap. On Debian and Ubuntu: sudo apt install debootstrap")
    failed = [release for release in releases if not try_release(release)]
    if failed:
        sys.exit(f"Failed on {', '.join(failed)}")


def packages_of_the_readme() -> list[str]:
    """Return what the README tells to install on Debian."""
    line = re.search(r"sudo apt install ([\w.+ -]+)", (CHECKOUT / "README.md").read_text())
    if line is None:
        sys.exit("The README has no line with sudo apt install")
    return line[1].split()


def try_release(release: str) -> bool:
    """Return whether a fresh root of `release` served with and without a network."""
    print(f"{RELEASES.get(release, release)}: making a root", flush=True)
    with tempfile.TemporaryDirectory(prefix="ftcml-bare-", dir="/var/tmp") as folder:
        root = Path(folder)
        root.chmod(0o755)  # the ordinary user goes through it
        make_root(root, release)
        with mounted(root):
            with_network = visit(root, "")
            without = visit(root, "unshare --net sh -c 'ip link set lo up && exec \"$@\"' sh")
    return with_network and without


def make_root(root: Path, release: str) -> None:
    """Make a root with the README's packages, an ordinary user and a clone, and this machine's certificates."""
    include = ",".join(["ca-certificates", *packages_of_the_readme()])
    command = ["debootstrap", "--variant=minbase", f"--include={include}", release, str(root)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    if (Path("/") / CERTIFICATES).exists():  # what inspects TLS around this machine does so around the root as well
        shutil.copy(Path("/") / CERTIFICATES, root / CERTIFICATES)
    for name in ("resolv.conf", "hosts"):
        shutil.copy(Path("/etc") / name, root / "etc" / name)
    subprocess.run(["chroot", str(root), "useradd", "--create-home", USER], check=True)
    subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(root / HOME.strip("/") / "ftcml")], check=True)
    shutil.copy(VISIT, root / "usr" / "local" / "bin" / VISIT.name)
    subprocess.run(["chroot", str(root), "chown", "--recursive", USER, HOME], check=True)


@contextmanager
def mounted(root: Path) -> Iterator[None]:
    """Give the root what a running system has: devices, processes, a folder for temporary files."""
    mounts = (["--bind", "/dev", "dev"], ["--types", "proc", "proc", "proc"], ["--types", "tmpfs", "tmpfs", "tmp"])
    for *options, place in mounts:
        subprocess.run(["mount", *options, str(root / place)], check=True)
    try:
        yield
    finally:
        for *_, place in reversed(mounts):
            subprocess.run(["umount", "--lazy", str(root / place)], check=True)


def visit(root: Path, prefix: str) -> bool:
    """Run `bare_visit.py` in the root as the ordinary user, with an environment that holds nothing of ours."""
    chroot = f"chroot --userspec={USER}:{USER} {root} /usr/bin/python3 /usr/local/bin/{VISIT.name} {HOME}/ftcml"
    environment = {"HOME": HOME, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "FTCML_PORT": "8123", "LANG": "C.UTF-8"}
    answer = subprocess.run(["sh", "-c", f"exec {prefix} {chroot}"], env=environment, timeout=SECONDS)
    return answer.returncode == 0


if __name__ == "__main__":
    main()
