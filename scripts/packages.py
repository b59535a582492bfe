"""The files behind the lock files: where each lies on the index that this machine uses, and its digest."""

import base64
import json
import platform
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from fetching import Download

# Prints the tags of the wheels that a Python takes, best first.
_TAGS = "from packaging.tags import sys_tags; print(*sys_tags())"


@dataclass(frozen=True)
class Installer:
    """uv, the Python that it installs for, and a folder for its own files: the home folder may be read-only."""

    program: Path
    python: Path
    cache: Path

    def uv(self, *words: str | Path) -> list[str]:
        """Return a call of `uv pip` for that Python; the first word is the verb."""
        options = ["--quiet", "--cache-dir", self.cache, "--python", self.python]
        return [str(word) for word in (self.program, "pip", words[0], *options, *words[1:])]


def python_packages(installer: Installer, lock: Path, folder: Path) -> list[Download]:
    """Return what is to fetch into `folder`, so that everything in `lock` is installed then.

    Raises:
        subprocess.CalledProcessError: uv doesn't reach the index, and said so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listing = folder / f"pylock.{lock.stem}.toml"
    options = ["--no-deps", "--generate-hashes", "--format", "pylock.toml"]
    listing.unlink(missing_ok=True)  # uv reads what is there, and a switched-off computer may have left half of it
    output(installer.uv("compile", *options, "--output-file", listing, lock))
    packages = tomllib.loads(listing.read_text())["packages"]
    hashes = set(re.findall(r"sha256:(\w+)", lock.read_text()))
    ranks = {tag: rank for rank, tag in enumerate(output([str(installer.python), "-c", _TAGS]).split())}
    files = {package["name"]: best_file(package, hashes, ranks) for package in packages}
    wanted = {name: file for name, file in files.items() if name not in _installed(installer, packages)}
    if not all(_name(file).endswith(".whl") for file in wanted.values()):
        wanted["setuptools"] = files["setuptools"]  # builds what is no wheel yet, in an environment of its own
    return [
        Download(file["url"], folder / _name(file), "sha256", file["hashes"]["sha256"], file.get("size", 0))
        for file in wanted.values()
    ]


def best_file(package: dict[str, Any], hashes: set[str], ranks: dict[str, int]) -> dict[str, Any]:
    """Return the wheel of a package in a pylock.toml (PEP 751) that fits this machine best, else its source.

    Of the lock's own `hashes`: an index may have got more wheels of a version since.
    """
    wheels = [file for file in package.get("wheels", []) if file["hashes"]["sha256"] in hashes]
    fitting = [(min(rank), file) for file in wheels if (rank := _ranks(file, ranks))]
    best: dict[str, Any] = min(fitting, key=lambda pair: pair[0])[1] if fitting else package["sdist"]
    return best


def pages_packages(lock: Path, registry: str, cache: Path, with_tools: bool) -> list[Download]:
    """Return what is to fetch so that npm finds every package of `lock` in its own `cache`.

    Args:
        lock: a package-lock.json.
        registry: the npm registry that this machine uses.
        cache: npm's own folder.
        with_tools: whether the packages that the lock calls dev are wanted too.
    """
    content = cache / "_cacache" / "content-v2"
    found = {}
    for name, package in _locked(lock):
        if not _is_for_this_machine(package) or (package.get("dev") and not with_tools):
            continue
        algorithm, _, encoded = package["integrity"].partition("-")
        digest = base64.b64decode(encoded).hex()
        path = content / algorithm / digest[:2] / digest[2:4] / digest[4:]
        found[digest] = Download(tarball(registry, name, package["version"]), path, algorithm, digest)
    return list(found.values())


def with_addresses(lock: Path, registry: str) -> str:
    """Return a package-lock.json that names addresses, by which npm finds in its cache what `lock` names."""
    whole = json.loads(lock.read_text())
    for place, package in whole["packages"].items():
        if place:
            package["resolved"] = tarball(registry, _package_name(place, package), package["version"])
    return json.dumps(whole)


def tarball(registry: str, name: str, version: str) -> str:
    """Return where an npm registry keeps a package."""
    return f"{registry.rstrip('/')}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"


def output(command: list[str], folder: Path | None = None) -> str:
    """Return what a command prints. Raises CalledProcessError; its complaints stay visible."""
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout


def _locked(lock: Path) -> Sequence[tuple[str, dict[str, Any]]]:
    packages = json.loads(lock.read_text())["packages"]
    return [(_package_name(place, package), package) for place, package in packages.items() if place]


def _is_for_this_machine(package: dict[str, Any]) -> bool:
    """Return whether npm would install it here: a tool may have a package for each kind of machine."""
    here = {
        "os": sys.platform,
        "cpu": {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine()),
        "libc": platform.libc_ver()[0] or "musl",
    }
    return all(value in package.get(kind, [value]) for kind, value in here.items())


def _package_name(place: str, package: dict[str, Any]) -> str:
    """Return a package's own name: a place in node_modules may be another one's."""
    return str(package.get("name") or place.rpartition("node_modules/")[2])


def _installed(installer: Installer, packages: Sequence[dict[str, Any]]) -> set[str]:
    """Return the names of those that are installed in the wanted version already."""
    listing = output(installer.uv("list", "--format", "json"))
    there = {package["name"]: package["version"] for package in json.loads(listing)}
    return {package["name"] for package in packages if there.get(package["name"]) == package["version"]}


def _name(file: dict[str, Any]) -> str:
    return unquote(urlsplit(file["url"]).path.rpartition("/")[2])


def _ranks(file: dict[str, Any], ranks: dict[str, int]) -> list[int]:
    """Return the places of a wheel's tags among those that this Python takes; none where it doesn't fit."""
    pythons, abis, platforms = (tags.split(".") for tags in _name(file).removesuffix(".whl").split("-")[-3:])
    tags = [f"{python}-{abi}-{platform}" for python in pythons for abi in abis for platform in platforms]
    return [ranks[tag] for tag in tags if tag in ranks]
