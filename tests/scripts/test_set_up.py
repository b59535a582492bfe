"""The set-up that `make run` and `make test` do by themselves, on machines that have or lack something."""

import os
import re
import shutil
import ssl
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from packaging.markers import Marker, default_environment

import certificates
import set_up
import surroundings
from bench.server.client import wait_until
from machine import file_systems
from surroundings import CannotSetUp

ROOT = Path(settings.BASE_DIR)
FIND_PYTHON = ["/bin/sh", str(ROOT / "scripts" / "find_python.sh")]
NO_PATHS = ssl.DefaultVerifyPaths(*[None] * 6)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout on which nothing is installed."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def pretend_installed(checkout: Path, name: str) -> None:
    """Leave what an installation leaves as its last step."""
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (checkout / ".venv" / "whole.stamp").touch()
    set_up.write_stamp(checkout / ".venv" / f"installed-{name}.stamp", checkout / "requirements" / f"{name}.lock")
    (checkout / "node_modules").mkdir()
    set_up.write_stamp(checkout / "node_modules" / f"installed-{name}.stamp", checkout / "package-lock.json")


def call(script: list[str], checkout: Path, path: str = "/nowhere") -> subprocess.CompletedProcess[str]:
    """Call a script where PATH has nothing to fetch or install with."""
    environment = {**os.environ, "PATH": path, "PYTHON": ""}
    return subprocess.run(script, env=environment, cwd=checkout, capture_output=True, text=True)


def test_processes_of_make_compile_a_module_once_and_not_each_anew():
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    show = ["make", "--silent", "--eval", "show: ; @env", "show"]
    shown = subprocess.run(show, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    assert "PATH=" in shown
    assert "PYTHONDONTWRITEBYTECODE" not in shown


def test_what_is_installed_needs_no_tool_and_no_network(checkout, monkeypatch):
    pretend_installed(checkout, "run")
    monkeypatch.setenv("PATH", "/nowhere")

    set_up.set_up("run", checkout)


def test_an_environment_for_tests_serves_as_well(checkout):
    pretend_installed(checkout, "test")

    assert set_up.Environment(checkout).is_ready("run")
    assert set_up.FrontEnd(checkout).is_ready("run")


def test_an_environment_for_the_server_is_not_enough_for_tests(checkout):
    pretend_installed(checkout, "run")

    assert not set_up.Environment(checkout).is_ready("test")
    assert not set_up.FrontEnd(checkout).is_ready("test")


def test_a_changed_lock_is_installed_again(checkout):
    pretend_installed(checkout, "run")
    with (checkout / "requirements" / "run.lock").open("a") as lock:
        lock.write("one-more==1.0\n")

    assert not set_up.Environment(checkout).is_ready("run")


def test_an_interrupted_installation_is_not_taken_for_a_whole_one(checkout):
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / "node_modules").mkdir()

    assert not set_up.Environment(checkout).is_ready("run")
    assert not set_up.FrontEnd(checkout).is_ready("run")


def test_a_machine_without_a_supported_python_is_told_so(tmp_path):
    answer = call(FIND_PYTHON, tmp_path)

    assert answer.returncode == 1
    assert "Python 3.11, 3.12 or 3.13 is missing" in answer.stderr


def test_a_supported_python_is_found(tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "python3.13").symlink_to("/bin/false")  # an empty shim, as version managers leave them
    (folder / "python3").symlink_to(sys.executable)

    assert call(FIND_PYTHON, tmp_path, str(folder)).stdout.strip() == str(folder / "python3")


def test_the_python_that_the_person_names_is_taken(tmp_path):
    answer = subprocess.run(
        FIND_PYTHON, env={"PATH": "/nowhere", "PYTHON": sys.executable}, cwd=tmp_path, capture_output=True, text=True
    )

    assert answer.stdout.strip() == sys.executable


def test_a_named_python_that_cannot_be_used_is_not_passed_over(tmp_path):
    (tmp_path / "python3").symlink_to(sys.executable)

    answer = subprocess.run(
        FIND_PYTHON, env={"PATH": str(tmp_path), "PYTHON": "/no/python3.12"}, capture_output=True, text=True
    )

    assert (answer.returncode, answer.stdout) == (1, "")
    assert "PYTHON=/no/python3.12 is none that can be used." in answer.stderr


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_a_python_that_tensorflow_has_no_packages_for_is_passed_over(tmp_path, version):
    """The stand-in is a Python that says another version of itself."""
    shim = tmp_path / "python3"
    shim.write_text(
        f"#!{sys.executable}\nimport sys\nsys.version_info = {(*version, 0, 'final', 0)}\nexec(sys.argv[2])\n"
    )
    shim.chmod(0o755)

    assert call(FIND_PYTHON, tmp_path, str(tmp_path)).returncode == 1


def test_every_place_that_names_the_supported_pythons_says_the_same():
    oldest, newest = (".".join(map(str, version)) for version in (surroundings.OLDEST, surroundings.NEWEST))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert project["project"]["requires-python"] == f">={oldest},<3.{surroundings.NEWEST[1] + 1}"
    assert project["tool"]["mypy"]["python_version"] == oldest
    assert project["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    script = Path(FIND_PYTHON[1]).read_text()
    assert f"{surroundings.OLDEST} <= sys.version_info[:2] <= {surroundings.NEWEST}" in script
    assert f"python{newest}" in script


@pytest.fixture(scope="module")
def made_once(tmp_path_factory) -> Path:
    """An environment as Python makes it, which takes seconds."""
    folder = tmp_path_factory.mktemp("environment") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder


@pytest.fixture
def environment(checkout: Path, made_once: Path) -> set_up.Environment:
    """An environment into which nothing was installed yet."""
    environment = set_up.Environment(checkout)
    shutil.copytree(made_once, environment.folder, symlinks=True)
    environment._whole.touch()
    assert environment._works()
    return environment


def test_an_environment_whose_python_is_gone_is_not_taken(environment):
    """As after an upgrade of the system."""
    environment.python.unlink()

    assert not environment._works()


def test_an_environment_of_another_python_is_not_taken(environment, monkeypatch):
    monkeypatch.setattr(surroundings, "NEWEST", (3, 10))

    assert not environment._works()


def test_what_a_kill_left_half_unpacked_is_not_taken(environment):
    environment._whole.unlink()

    assert not environment._works()


def test_what_was_installed_for_a_python_that_is_gone_is_not_ready(checkout):
    pretend_installed(checkout, "run")
    assert set_up.Environment(checkout).is_ready("run")

    (checkout / ".venv" / "bin" / "python").unlink()

    assert not set_up.Environment(checkout).is_ready("run")


def test_a_processor_without_avx_is_told_so_before_anything_is_fetched(checkout, monkeypatch, tmp_path):
    cpu_info = tmp_path / "cpuinfo"
    cpu_info.write_text("processor\t: 0\nmodel name\t: Celeron\nflags\t\t: fpu sse4_1 sse4_2\n")
    monkeypatch.setattr(surroundings, "CPU_INFO", cpu_info)
    monkeypatch.setattr(surroundings.platform, "machine", lambda: "x86_64")

    with pytest.raises(CannotSetUp, match="This processor lacks AVX"):
        set_up.set_up("run", checkout)
    assert not (checkout / ".venv").exists()


def test_a_32_bit_system_is_told_so(checkout, monkeypatch):
    monkeypatch.setattr(surroundings.platform, "machine", lambda: "armv7l")

    with pytest.raises(CannotSetUp, match="Install the 64-bit edition"):
        set_up.set_up("run", checkout)


def test_an_intel_mac_is_told_so(checkout, monkeypatch):
    monkeypatch.setattr(surroundings.sys, "platform", "darwin")
    monkeypatch.setattr(surroundings.platform, "machine", lambda: "x86_64")

    assert "This Python is for Intel processors" in " ".join(surroundings.machine_problems())


@pytest.mark.parametrize(
    ("kind", "words"),
    [("9p", "folder shared by Windows or ChromeOS"), ("exfat", "memory stick"), ("nfs4", "network drive")],
)
def test_a_drive_that_cannot_hold_the_database_is_told_so(checkout, monkeypatch, tmp_path, kind, words):
    mounts = tmp_path / "mountinfo"
    place = str(checkout).replace(" ", "\\040")
    mounts.write_text(
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        f"40 22 0:30 / {place} rw,relatime shared:2 - {kind} drive rw\n"
    )
    monkeypatch.setattr(file_systems, "_MOUNTS", mounts)

    assert file_systems.file_system(checkout / "var") == kind
    with pytest.raises(CannotSetUp, match=f"{words} .*own disk"):
        set_up.set_up("run", checkout)


def test_one_certificate_setting_serves_pip_uv_and_npm():
    given = {"SSL_CERT_FILE": "/school.pem"}

    assert certificates.environment(given) == {
        "UV_SYSTEM_CERTS": "1",
        "UV_NATIVE_TLS": "1",
        "PIP_CERT": "/school.pem",
    }


def test_without_a_setting_the_tools_trust_what_the_machine_trusts(monkeypatch, tmp_path):
    bundle = tmp_path / "ca.crt"
    bundle.touch()
    monkeypatch.setattr(certificates, "_USUAL", (str(bundle),))
    monkeypatch.setattr(certificates.ssl, "get_default_verify_paths", lambda: NO_PATHS)

    assert certificates.environment({})["SSL_CERT_FILE"] == str(bundle)
    monkeypatch.setattr(certificates, "_USUAL", ())
    assert certificates.environment({}) == {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}


def test_what_was_fetched_is_removed_when_all_is_installed(tmp_path):
    (tmp_path / ".fetched" / "uv").mkdir(parents=True)
    (tmp_path / ".fetched-17").mkdir()  # the computer was switched off while it was removed
    (tmp_path / ".venv").mkdir()

    set_up.discard(tmp_path / ".fetched")

    wait_until(lambda: [path.name for path in tmp_path.iterdir()], lambda names: names == [".venv"], 20)


def test_a_clock_one_year_behind_is_told_so(checkout, monkeypatch):
    """Certificates would be refused, in words about certificates."""
    git = ["git", "-C", str(checkout), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "This version"], check=True)
    assert surroundings.clock_problems(checkout) == []
    now = time.time()
    monkeypatch.setattr(surroundings.time, "time", lambda: now - 365 * 24 * 3600)

    with pytest.raises(CannotSetUp, match=r"This computer's clock says .*Set the clock"):
        set_up.set_up("run", checkout)


def test_a_full_disk_is_noticed_before_anything_is_fetched(checkout, monkeypatch):
    monkeypatch.setattr(surroundings, "DISK_BYTES", 10**18)

    with pytest.raises(CannotSetUp, match="GB free on the disk"):
        set_up.set_up("run", checkout)


def test_what_is_there_already_needs_no_more_room(tmp_path, monkeypatch):
    (tmp_path / "fetched").write_bytes(b"x" * 10_000)
    needed = surroundings.shutil.disk_usage(tmp_path).free + 8_000
    monkeypatch.setattr(surroundings, "DISK_BYTES", needed)
    monkeypatch.setattr(surroundings.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(0, 0, needed - 8_000))

    surroundings.check_disk(tmp_path, [tmp_path])
    with pytest.raises(CannotSetUp):
        surroundings.check_disk(tmp_path)


def test_the_locks_name_versions_and_hashes_and_no_address():
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "://" not in text
        pins = re.findall(r"^\S+==\S+.*\\\n    --hash=sha256:", text, re.MULTILINE)
        assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 0
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
    assert "://" not in re.sub(r'"(url|funding)": .*', "", (ROOT / "package-lock.json").read_text())


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(
    ("system", "processor", "package"),
    [("linux", "x86_64", "tensorflow-cpu"), ("linux", "aarch64", "tensorflow"), ("darwin", "arm64", "tensorflow")],
)
@pytest.mark.parametrize("lock", ["run", "test"])
def test_each_machine_gets_one_tensorflow(python, system, processor, package, lock):
    environment = {**default_environment(), "python_version": python, "python_full_version": f"{python}.0"}
    environment |= {"sys_platform": system, "platform_machine": processor}
    lines = re.findall(
        r"^(tensorflow(?:-cpu)?)==\S+ ; (.+) \\$", (ROOT / "requirements" / f"{lock}.lock").read_text(), re.MULTILINE
    )

    assert [name for name, marker in lines if Marker(marker).evaluate(environment)] == [package]


def test_the_environment_for_tests_holds_what_the_server_runs_with():
    run, test = (_pins(ROOT / "requirements" / f"{name}.lock") for name in ("run", "test"))
    assert run <= test


def _pins(lock: Path) -> set[str]:
    return set(re.findall(r"^\S+==\S+", lock.read_text(), re.MULTILINE))
