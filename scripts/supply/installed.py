"""The packages of the server, Python's and npm's, as the lock files and the installed ones tell of them."""

import importlib.metadata
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from functools import cache
from pathlib import Path
from typing import Any, cast

from scripts.supply.allowed import UNSAID, WORDS

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "requirements"
PYTHON, NPM = "pypi", "npm"
_LIBRARY = re.compile(r"\.libs/lib([\w.+-]+?)(?:-r\d+)?(?:-[0-9a-f]{8}(?:-[0-9a-f]{8})*)?(?:[-.][\d.]+)?\.so")


@dataclass(frozen=True)
class Package:
    """A package as it's installed here.

    Args:
        licenses: All of these hold, by SPDX's expressions where it says them so.
        libraries: The names of the shared libraries of others that its wheel carries.
        is_shipped: Whether it's in the image of the server, and not a tool for its tests.
        digests: Those of its files that the lock file takes.
    """

    kind: str
    name: str
    version: str
    licenses: tuple[str, ...]
    is_shipped: bool
    libraries: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Return its package URL, as bills of materials and lists of faults name it."""
        return f"pkg:{self.kind}/{self.name.replace('@', '%40')}@{self.version}"


def packages() -> list[Package]:
    """Return every package of the lock files that is installed here."""
    # npm has one of them under several names, in the place of what no page needs.
    found = {package.address: package for package in (*_of_python(), *_of_npm())}
    return [found[address] for address in sorted(found)]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def locked(name: str) -> dict[str, tuple[str, ...]]:
    """Return the packages of a lock file of Python, each with its digests."""
    entries: dict[str, tuple[str, ...]] = {}
    for entry in re.split(r"\n(?=[\w.-]+(?:\[.+\])?==)", (LOCKS / f"{name}.lock").read_text()):
        if found := re.match(r"([\w.-]+)(?:\[.+\])?==", entry):
            entries[normal(found[1])] = tuple(re.findall(r"sha256:([0-9a-f]{64})", entry))
    return entries


def _of_python() -> Iterator[Package]:
    shipped, tools = locked("run"), locked("test")
    for one in importlib.metadata.distributions():
        name = normal(one.metadata["Name"])
        if name in shipped or name in tools:
            digests = shipped.get(name) or tools[name]
            yield Package(PYTHON, name, one.version, _licenses(one), name in shipped, _libraries(one), digests)


def _licenses(one: importlib.metadata.Distribution) -> tuple[str, ...]:
    """Return what its metadata says in any of three places. They may differ, and then all of them count."""
    about = cast(Message, one.metadata)
    said = [about.get("License-Expression") or "", _word(about.get("License") or "")]
    said += [_word(text.split(" :: ")[-1]) for text in about.get_all("Classifier") or [] if text.startswith("License")]
    known = dict.fromkeys(text for text in said if text)
    if len(known) > 1:
        known.pop("BSD", None)  # the classifier of all its versions
    return tuple(known) or (UNSAID.get(normal(about["Name"]), ""),)


def _word(text: str) -> str:
    """Return SPDX's name for what a package calls its license; "" for a whole text or a word that says nothing."""
    text, _, is_whole_text = text.strip().partition("\n")
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    if text.lower() in ("dual license", "dfsg approved", "osi approved") or is_whole_text or text.count(" ") > 4:
        return ""
    return text


def _libraries(one: importlib.metadata.Distribution) -> tuple[str, ...]:
    names = (_LIBRARY.search(str(file)) for file in one.files or ())
    return tuple(sorted({found[1] for found in names if found}))


def _of_npm() -> Iterator[Package]:
    places: dict[str, dict[str, Any]] = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for place, entry in places.items():
        about = ROOT / place / "package.json"
        if not place or not about.is_file():
            continue
        told = json.loads(about.read_text())
        digest = tuple(entry["integrity"].split()) if "integrity" in entry else ()
        is_shipped = not entry.get("dev", False)
        yield Package(NPM, told["name"], told["version"], (told.get("license", ""),), is_shipped, (), digest)
