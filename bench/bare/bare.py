"""`make bare`: the README's own lines on a Debian with nothing else on it, as an ordinary user.

Makes a root folder with debootstrap, installs what the README tells to install, clones this checkout's last commit,
and has `bare_visit.py` call `make run`, sign in, train and download the model: with a network, then again without.
`bare_trouble.py` does so where everything is in the way. Needs root.
"""

import argparse
import os
import shutil
import sys

from bench.bare.bare_root import HOME, WITHOUT_NETWORK, folder_for_root, make_root, mounted, visit
from bench.bare.bare_trouble import try_trouble

RELEASES = {"bookworm": "Debian 12", "trixie": "Debian 13"}
TROUBLE = "trouble"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bare", description="Run the README's lines on a bare Debian.")
    names = [*RELEASES, TROUBLE]
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *names], help=f"of {', '.join(names)}")
    wanted = parser.parse_args().names or names
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        sys.exit("make bare needs root and debootstrap. On Debian and Ubuntu: sudo apt install debootstrap")
    failed = [name for name in wanted if not (try_trouble() if name == TROUBLE else try_release(name))]
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


def try_release(release: str) -> bool:
    """Return whether a fresh root of `release` served with and without a network."""
    print(f"{RELEASES.get(release, release)}: making a root", flush=True)
    with folder_for_root() as root:
        make_root(root, release)
        with mounted(root):
            with_network = visit(root, f"{HOME}/ftcml")
            without = visit(root, f"{HOME}/ftcml", prefix=WITHOUT_NETWORK)
    return with_network and without


if __name__ == "__main__":
    main()
