"""`make run` as the person at the terminal sees it: it serves, repairs itself, and leaves nothing behind."""

import signal
import stat
import time
import urllib.request
from collections.abc import Iterator

import psutil
import pytest

from bench.server.client import wait_until
from bench.server.local_server import LocalServer

pytestmark = pytest.mark.broker

REPAIR_SECONDS = 90.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    """Started as a script starts something in the background: with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    with LocalServer(tmp_path_factory.mktemp("serve") / "data with % and space") as server:
        signal.signal(signal.SIGINT, before)
        yield server


def sign_in_page(server: LocalServer) -> int:
    """The status of the page that a visitor without a session ends on."""
    try:
        with urllib.request.urlopen(server.url, timeout=10) as answer:
            return answer.status
    except OSError:
        return 0


def test_it_shows_the_sign_in_page(server):
    assert sign_in_page(server) == 200


def test_the_first_run_makes_accounts_and_a_dataset(server):
    coach = server.demo_client()
    assert coach.get("team/")["number"] == 100

    (dataset,) = wait_until(lambda: coach.get("datasets/")["results"], bool, 120)
    ready = coach.wait_for_dataset(dataset["id"], 60)

    assert ready["state"] == "READY"
    assert len(ready["labels"]) == 2
    frames = ready["training"]["frames"] + ready["evaluation"]["frames"]
    assert frames >= 200
    assert ready["training"]["negative_frames"] > 0
    kept = server.data / "demo_accounts.txt"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert all(line in server.said for line in kept.read_text().splitlines()[1:])


@pytest.mark.parametrize(
    "words",
    [
        "valkey-server",
        "gunicorn ftcml.wsgi",
        "worker --loglevel INFO --without-gossip --without-mingle --hostname training@",
        "worker --loglevel INFO --without-gossip --without-mingle --hostname default@",
        "celery --app ftcml --quiet beat",
    ],
)
def test_a_child_that_is_killed_is_started_again(server, words):
    before = wait_until(lambda: server.find(words), bool, REPAIR_SECONDS)

    before[0].kill()

    wait_until(lambda: set(server.find(words)) - set(before), bool, REPAIR_SECONDS)
    wait_until(lambda: sign_in_page(server), lambda status: status == 200, REPAIR_SECONDS)
    _, left_behind = psutil.wait_procs(before, timeout=REPAIR_SECONDS)
    assert left_behind == []


def test_the_process_that_restarts_them_is_started_again_itself(server):
    before = server.family()

    server.find("machine/supervising.py")[0].kill()

    wait_until(lambda: set(server.find("gunicorn")) - set(before), bool, REPAIR_SECONDS)
    _, left_behind = psutil.wait_procs(before, timeout=REPAIR_SECONDS)
    assert left_behind == []
    wait_until(lambda: sign_in_page(server), lambda status: status == 200, REPAIR_SECONDS)


def test_a_second_one_on_the_same_data_says_where_the_first_is(server):
    second = LocalServer(server.data.with_name("second"), FTCML_DATA=str(server.data))

    with pytest.raises(RuntimeError, match=f"already runs, at {server.url}"):
        second.start()


def test_a_second_one_on_the_same_port_says_so(server, tmp_path):
    second = LocalServer(tmp_path / "second", FTCML_PORT=str(server.port))

    with pytest.raises(RuntimeError, match="Another program already listens on"):
        second.start()


def test_secrets_are_for_their_owner_alone(server):
    for name in ("secret_key", "broker/url", "broker/valkey.conf"):
        assert stat.S_IMODE((server.data / name).stat().st_mode) == 0o600


def test_ctrl_c_leaves_no_process_and_the_next_start_is_quick_and_finds_everything(server):
    server.manage("add_member", "carla", "--team", "7", "--role", "coach", "--password", "correct horse battery")
    asked = time.monotonic()

    server.press_ctrl_c()
    server.wait_until_said("Stopping", 10)
    left_behind = server.stop()  # presses once more, as an impatient person does

    assert left_behind == []
    assert time.monotonic() - asked < 20
    assert "Stopped." in server.said
    assert "Traceback" not in server.said
    assert sign_in_page(server) == 0

    server.start()

    assert "carla" in server.manage("shell", "-c", "from ftcml.accounts.models import User; print(User.objects.all())")
    assert sign_in_page(server) == 200
    assert "password" not in server.said
    assert len(server.demo_client().get("datasets/")["results"]) == 1


def test_everything_ends_when_the_terminal_is_killed(server):
    family = server.family()

    psutil.Process(server.family()[0].ppid()).send_signal(signal.SIGKILL)

    _, left_behind = psutil.wait_procs(family, timeout=30)
    assert left_behind == []


def test_demo_accounts_are_refused_where_others_could_reach_them(tmp_path):
    server = LocalServer(tmp_path / "data", FTCML_HOST="0.0.0.0")

    with pytest.raises(RuntimeError, match="lets other computers in") as refused:
        server.start()
    assert "add_member" in str(refused.value)
    assert "remove_demo_accounts" in str(refused.value)

    server.manage("add_member", "carla", "--team", "7", "--role", "coach", "--password", "correct horse battery")
    with server:
        assert sign_in_page(server) == 200
        assert not (server.data / "demo_accounts.txt").exists()


def test_the_way_for_other_systems_serves_repairs_itself_and_leaves_nothing_behind(tmp_path):
    with LocalServer(tmp_path / "data", FTCML_PORTABLE="1", FTCML_DEMO="0") as server:
        before = server.family()
        server.find("machine/supervising.py")[-1].kill()
        wait_until(lambda: set(server.find("gunicorn")) - set(before), bool, REPAIR_SECONDS)
        wait_until(lambda: sign_in_page(server), lambda status: status == 200, REPAIR_SECONDS)

        family = server.family()
        server.find("manage.py serve")[-1].kill()

        _, left_behind = psutil.wait_procs({*before, *family}, timeout=30)
        assert left_behind == []
