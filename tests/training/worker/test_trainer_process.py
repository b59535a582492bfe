"""A trainer seen from outside, with real processes that do nothing but obey the contract, or break it."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.training.scripted import soon
from training.reasons import Code, Reason
from training.worker.trainer_process import Ready, TrainerProcess

READY = 'print(\'{"ready": true, "accelerator": "gpu", "devices": 2, "format": 1}\', flush=True)'


def trainer(*lines: str) -> TrainerProcess:
    return TrainerProcess([sys.executable, "-c", "\n".join(["import os, signal, sys, time", *lines])])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attempt-000001"


def test_a_ready_trainer_says_what_it_trains_on_and_takes_a_folder(folder) -> None:
    spare = trainer(READY, "os.makedirs(sys.stdin.readline().strip())")
    assert spare.wait_until_ready(30)
    assert spare.ready == Ready(ready=True, accelerator="gpu", devices=2, format=1)

    spare.train(folder)

    assert soon(lambda: not spare.alive)
    assert folder.is_dir()
    assert spare.how_it_ended() == Reason(Code.NO_RESULT, {"exit_code": 0})
    spare.kill()


@pytest.mark.parametrize("line", ["sys.exit('no TensorFlow here')", "print('hello', flush=True); time.sleep(60)"])
def test_a_trainer_that_does_not_start_properly_is_never_ready(line) -> None:
    broken = trainer(line)
    assert not broken.wait_until_ready(30)
    broken.kill()


def test_what_a_trainer_complains_about_at_its_start_is_kept() -> None:
    broken = trainer("sys.exit('no TensorFlow here')")
    broken.wait_until_ready(30)
    broken.kill()
    assert "no TensorFlow here" in TrainerProcess.log_path().read_text()


def test_an_interrupt_is_a_sigterm(folder) -> None:
    blocked = "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])"
    spare = trainer(blocked, READY, "signal.sigwait([signal.SIGTERM]); sys.exit(3)")
    spare.wait_until_ready(30)
    spare.train(folder)
    spare.interrupt()
    assert soon(lambda: not spare.alive)
    assert spare.how_it_ended() == Reason(Code.NO_RESULT, {"exit_code": 3})
    spare.kill()


def test_killing_ends_everything_that_the_trainer_started(tmp_path) -> None:
    note = tmp_path / "pid"
    spare = trainer(
        "import subprocess",
        f"open({str(note)!r}, 'w').write(str(subprocess.Popen(['sleep', '60']).pid))",
        READY,
        "time.sleep(60)",
    )
    spare.wait_until_ready(30)
    child = psutil.Process(int(note.read_text()))
    spare.kill()
    spare.kill()
    assert not spare.alive
    assert soon(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


@pytest.mark.parametrize(
    ("sig", "reason"),
    [(signal.SIGKILL, Reason(Code.KILLED)), (signal.SIGSEGV, Reason(Code.CRASHED, {"signal": "SIGSEGV"}))],
)
def test_a_death_has_a_reason(sig, reason) -> None:
    spare = trainer(f"os.kill(os.getpid(), {int(sig)})")
    assert soon(lambda: not spare.alive)
    assert spare.how_it_ended() == reason
    spare.kill()


def test_handing_a_job_to_a_trainer_that_just_died_is_no_error(folder) -> None:
    spare = trainer(READY)
    assert soon(lambda: not spare.alive)
    spare.train(folder)
    assert not spare.wait_until_ready(1)
    spare.kill()


def test_the_trainer_reads_the_end_of_its_input_when_the_worker_is_gone(tmp_path, settings) -> None:
    gone = tmp_path / "gone"
    child = f"import sys; sys.stdin.read(); open({str(gone)!r}, 'w')"
    worker = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'ftcml.settings'; django.setup()\n"
        "from training.worker.trainer_process import TrainerProcess\n"
        f"TrainerProcess([sys.executable, '-c', {child!r}]); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", worker], cwd=settings.BASE_DIR, check=False, timeout=60)
    assert soon(gone.exists)


def test_processes_of_two_containers_that_share_a_folder_keep_two_logs() -> None:
    """Each has its own numbers of processes, so both may be the seventh."""
    ask = "import os; os.getpid = lambda: 7; import django; django.setup()\n"
    ask += "from training.worker.trainer_process import TrainerProcess; print(TrainerProcess.log_path())"
    said = {subprocess.run([sys.executable, "-c", ask], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(said) == 2
