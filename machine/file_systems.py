"""On what kind of drive a folder lies, and whether a database is safe there. Needs the standard library alone."""

from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = "a network drive"
_WINDOWS = "a folder shared by Windows or ChromeOS"
_STICK = "a memory stick or card"
# SQLite's write-ahead log needs memory that all its processes share, so a disk of this machine; a Python environment
# needs links. By the names of Linux, in the words of people.
_UNSAFE = {
    "9p": _WINDOWS,
    "drvfs": _WINDOWS,
    "exfat": _STICK,
    "vfat": _STICK,
    "msdos": _STICK,
    "nfs": _NETWORK,
    "nfs4": _NETWORK,
    "cifs": _NETWORK,
    "smb3": _NETWORK,
    "smbfs": _NETWORK,
    "fuse.sshfs": _NETWORK,
}


def unsafe_kind(path: Path) -> str:
    """Return what kind of drive `path` lies on, for people, where a database isn't safe there; else ""."""
    kind = file_system(path)
    return f"{_UNSAFE[kind]} ({kind})" if kind in _UNSAFE else ""


def file_system(path: Path) -> str:
    """Return the type of the file system that holds `path`, as Linux names it; "" where the system doesn't tell."""
    if not _MOUNTS.exists():
        return ""
    place = path.resolve()
    longest, found = -1, ""
    for line in _MOUNTS.read_text().splitlines():
        mount, kind = _mounted(line)
        # Of two at one place the later hides the earlier.
        if place.is_relative_to(mount) and len(mount.parts) >= longest:
            longest, found = len(mount.parts), kind
    return found


def _mounted(line: str) -> tuple[Path, str]:
    """Return the place and the type of a line of mountinfo, where a space is written as a backslash and 040."""
    before, _, after = line.partition(" - ")
    place = before.split()[4]
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        place = place.replace(code, character)
    return Path(place), after.split()[0]
