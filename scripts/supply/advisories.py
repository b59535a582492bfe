"""Ask the lists of known faults about every package of the lock files: python -m scripts.supply.advisories

pip-audit asks OSV's list about Python's packages, npm asks its registry's about the pages'. A list that can't be
reached gets a note and fails nothing. Once it has answered, each fault that requirements/accepted-faults.toml doesn't
name fails, and so does an answer that can't be read.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import requests
from pip_audit._service.osv import OsvService

from scripts.supply.installed import LOCKS, ROOT

# pip-audit's own, or a mirror of it.
OSV = os.environ.get("OSV_URL", OsvService.DEFAULT_OSV_URL)
SECONDS = 15
# A package with faults that everyone knows. A list that doesn't tell of them has told of nothing.
_CONTROL = {"package": {"name": "django", "ecosystem": "PyPI"}, "version": "1.0"}


class NotReached(Exception):
    """A list of faults can't be asked. str() says why."""


@dataclass(frozen=True)
class Fault:
    package: str
    ids: frozenset[str]
    what: str

    def __str__(self) -> str:
        return f"{self.package}: {', '.join(sorted(self.ids))}. {self.what}"


def of_python() -> list[Fault]:
    """Return the known faults of Python's packages. Raises NotReached."""
    _check_osv()
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", "osv", "--osv-url", OSV]
    command += ["--requirement", str(LOCKS / "test.lock"), "--disable-pip", "--require-hashes"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", str(SECONDS)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    report = _json(said.stdout)
    if "dependencies" not in report:
        raise RuntimeError(f"pip-audit broke off: {said.stderr.strip()[-2000:]}")
    return [
        Fault(f"{one['name']} {one.get('version', '')}", frozenset([fault["id"], *fault["aliases"]]), _fixed_in(fault))
        for one in report["dependencies"]
        for fault in one.get("vulns", ())
    ]


def _check_osv() -> None:
    try:
        answer = requests.post(OSV, data=json.dumps(_CONTROL), timeout=SECONDS)
    except requests.RequestException as problem:
        raise NotReached(type(problem).__name__) from None
    if not answer.ok or not _json(answer.text).get("vulns"):
        raise NotReached(f"HTTP {answer.status_code}")


def _fixed_in(fault: Mapping[str, Any]) -> str:
    versions = ", ".join(fault.get("fix_versions", ()))
    return f"Fixed in {versions}." if versions else "No version fixes it yet."


def of_npm() -> list[Fault]:
    """Return the known faults of the pages' packages. Raises NotReached."""
    said = subprocess.run(
        [*_npm(), "audit", "--package-lock-only", "--json"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    report = _json(said.stdout)
    if "auditReportVersion" not in report:
        raise NotReached(str(report.get("message") or said.stderr.strip()[-300:] or "no answer"))
    return [
        Fault(name, frozenset({str(fault["url"]).rsplit("/", 1)[-1]}), str(fault["title"]))
        for name, one in report["vulnerabilities"].items()
        for fault in one["via"]
        if isinstance(fault, dict)
    ]


def _npm() -> list[str]:
    """Return the command of npm: the one that the set-up uses, by uv."""
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if uv is None:
        raise NotReached("uv isn't installed")
    return [uv, "tool", "run", "--quiet", "--from", (LOCKS / "node.in").read_text().strip(), "npm"]


def _json(text: str) -> dict[str, Any]:
    try:
        report = json.loads(text)
    except ValueError:
        return {}
    return report if isinstance(report, dict) else {}


def accepted(text: str, today: date) -> set[str]:
    """Return the faults that we live with today. Raises KeyError for one without a reason or a last day."""
    entries = [(entry["id"], entry["why"], entry["until"]) for entry in tomllib.loads(text).get("fault", ())]
    return {fault for fault, _, until in entries if until >= today}


def judged(faults: Iterable[Fault], but: set[str]) -> list[str]:
    """Return a line for each fault that isn't accepted."""
    return [str(fault) for fault in faults if not fault.ids & but]


def main() -> None:
    but = accepted((LOCKS / "accepted-faults.toml").read_text(), date.today())
    lists: dict[str, Callable[[], list[Fault]]] = {"Python's packages": of_python, "the pages' packages": of_npm}
    found: list[str] = []
    for whose, ask in lists.items():
        try:
            lines = judged(ask(), but)
        except (NotReached, subprocess.TimeoutExpired) as problem:
            print(f"Known faults of {whose}: not checked, since the list can't be reached ({problem}).")
            continue
        print("\n".join(lines or [f"Known faults of {whose}: none."]))
        found += lines
    if found:
        sys.exit(1)


if __name__ == "__main__":
    main()
