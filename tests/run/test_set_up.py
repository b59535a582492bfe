"""The set-up that `make run` and `make test` do by themselves, on machines that have or lack something."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from scripts import set_up

ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout on which nothing is installed."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def pretend_installed(checkout: Path, name: str) -> None:
    """Leave what an installation leaves as its last step."""
    (checkout / ".venv").mkdir()
    set_up.write_stamp(checkout / ".venv" / f"installed-{name}.stamp", checkout / "requirements" / f"{name}.lock")
    (checkout / "node_modules").mkdir()
    set_up.write_stamp(checkout / "node_modules" / "installed.stamp", checkout / "package-lock.json")


def call(script: list[str], checkout: Path, path: str = "/nowhere") -> subprocess.CompletedProcess[str]:
    """Call a script where PATH has nothing to fetch or install with."""
    environment = {**os.environ, "PATH": path, "PYTHON": ""}
    return subprocess.run(script, env=environment, cwd=checkout, capture_output=True, text=True)


def test_what_is_installed_needs_no_tool_and_no_network(checkout, monkeypatch):
    pretend_installed(checkout, "run")
    monkeypatch.setenv("PATH", "/nowhere")

    set_up.set_up("run", checkout)


def test_an_environment_for_tests_serves_as_well(checkout):
    pretend_installed(checkout, "test")

    assert set_up.Environment(checkout).is_ready("run")


def test_an_environment_for_the_server_is_not_enough_for_tests(checkout):
    pretend_installed(checkout, "run")

    assert not set_up.Environment(checkout).is_ready("test")


def test_a_changed_lock_is_installed_again(checkout):
    pretend_installed(checkout, "run")
    with (checkout / "requirements" / "run.lock").open("a") as lock:
        lock.write("one-more==1.0\n")

    assert not set_up.Environment(checkout).is_ready("run")


def test_an_interrupted_installation_is_not_taken_for_a_whole_one(checkout):
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / "node_modules").mkdir()

    assert not set_up.Environment(checkout).is_ready("run")
    assert not set_up.FrontEnd(checkout).is_ready()


def test_a_machine_without_node_is_told_so(checkout, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(set_up.CannotSetUp, match=r"Node\.js with npm is missing"):
        set_up.set_up("run", checkout)
    assert not (checkout / ".venv").exists()


def test_a_machine_without_the_right_python_is_told_so(tmp_path):
    answer = call(["/bin/sh", str(ROOT / "scripts" / "find_python.sh")], tmp_path)

    assert answer.returncode == 1
    assert "Python 3.11 is missing" in answer.stderr


def test_the_right_python_is_found(tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "python3.11").symlink_to("/bin/false")  # an empty shim, as version managers leave them
    (folder / "python3").symlink_to(sys.executable)

    answer = call(["/bin/sh", str(ROOT / "scripts" / "find_python.sh")], tmp_path, str(folder))

    assert answer.stdout.strip() == str(folder / "python3")


def test_a_full_disk_is_noticed_before_anything_is_fetched(checkout, monkeypatch):
    monkeypatch.setattr(set_up, "DISK_BYTES", 10**18)

    with pytest.raises(set_up.CannotSetUp, match="GB free on the disk"):
        set_up.set_up("run", checkout)


def test_the_locks_name_versions_and_hashes_and_no_address():
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "://" not in text
        pins = re.findall(r"^\S+==\S+.*\\\n    --hash=sha256:", text, re.MULTILINE)
        assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 0
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
    assert "://" not in re.sub(r'"(url|funding)": .*', "", (ROOT / "package-lock.json").read_text())


def test_the_environment_for_tests_holds_what_the_server_runs_with():
    run, test = (_pins(ROOT / "requirements" / f"{name}.lock") for name in ("run", "test"))
    assert run <= test


def _pins(lock: Path) -> set[str]:
    return set(re.findall(r"^\S+==\S+", lock.read_text(), re.MULTILINE))
