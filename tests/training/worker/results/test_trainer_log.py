"""The end of a trainer's log becomes a row, plain and in time, and only while the lease is held."""

import html
import sysconfig
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from detector.contract.failure import Cause, TrainingFailed
from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory
from tests.training.scripted import ScriptedClock, ScriptedTrainer, supervise
from training.models import TrainerLog, TrainingJob
from training.services.jobs import attempt_folder
from training.states import JobState
from training.worker import job_leases
from training.worker.results import trainer_log
from training.worker.results.trainer_log import MAX_BYTES, MAX_LINES, TrainerLogKeeper, plain, tail
from training.worker.supervisor import Supervisor


def kept() -> str:
    """What the rows hold."""
    return "\n".join(TrainerLog.objects.values_list("tail", flat=True))


def test_the_log_is_kept_while_a_job_trains_at_most_every_five_seconds_and_at_its_end(start) -> None:
    seen = []

    def script(trainer: ScriptedTrainer) -> Iterator[None]:
        trainer.is_at("training", 1)
        for second in range(12):
            trainer.says(f"second {second}\n")
            yield
            seen.append(kept().splitlines()[-1:])
        trainer.says("the last word\n")
        trainer.ends("failed", 1, failure=TrainingFailed(Cause.NO_BOX))

    job = start()
    supervise(job, script)
    assert job.state == JobState.FAILED
    assert [line for line in dict.fromkeys(map(tuple, seen)) if line] == [("second 0",), ("second 5",), ("second 10",)]
    assert kept().splitlines()[-2:] == ["second 11", "the last word"]


def test_the_log_of_a_trainer_that_died_is_kept(start) -> None:
    def script(trainer: ScriptedTrainer) -> Iterator[None]:
        yield
        trainer.says("Fatal Python error: Segmentation fault")

    supervise(start(), script)
    assert kept() == "Fatal Python error: Segmentation fault"


def test_a_new_attempt_that_says_nothing_leaves_what_the_last_one_said(start) -> None:
    def says_something(trainer: ScriptedTrainer) -> Iterator[None]:
        trainer.says("Killed")
        yield

    def says_nothing(trainer: ScriptedTrainer) -> Iterator[None]:
        trainer.says("")
        yield

    job = start()
    supervise(job, says_something)
    supervise(job, says_nothing)
    assert job.deaths_in_a_row == 2
    assert kept() == "Killed"


def test_who_lost_the_lease_writes_no_log(start) -> None:
    def script(trainer: ScriptedTrainer) -> Iterator[None]:
        trainer.says("mine")
        yield
        TrainingJob.objects.update(lease_number=99)
        trainer.says(" and not mine any more")
        yield

    supervise(start(), script)
    assert kept() == "mine"


def test_an_export_keeps_its_log(start) -> None:
    def trains_and_dies(trainer: ScriptedTrainer) -> Iterator[None]:
        trainer.saves(100)
        yield

    def exports(trainer: ScriptedTrainer) -> Iterator[None]:
        trainer.says("converting\n")
        yield
        seen.append(kept())
        trainer.says("converted\n")
        trainer.exports()
        trainer.ends("completed", 100)

    seen: list[str] = []
    job = start()
    supervise(job, trains_and_dies)
    TrainingJob.objects.update(state=JobState.STOPPED)
    trainer = ScriptedTrainer(exports)
    Supervisor(job_leases.claim_export("worker-1"), trainer, threading.Event(), ScriptedClock(trainer)).run()
    job.refresh_from_db()
    assert job.model_name
    assert seen == ["converting"]
    assert kept() == "converting\nconverted"


def test_a_log_that_cannot_be_read_harms_nothing(db) -> None:
    job = TrainingJobFactory(state=JobState.RUNNING, lease_number=1, lease_owner="worker-1")
    (attempt_folder(job) / "trainer.log").mkdir(parents=True)
    TrainerLogKeeper(job, ScriptedClock(ScriptedTrainer(lambda trainer: iter(())))).finish()
    assert kept() == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"\x1b[31mred\x1b[0m and \x1b]0;title\x07plain", "red and plain"),
        (b"  0%|  |\r 50%|# |\r100%|##|\nfinished\r\n", "100%|##|\nfinished"),
        (b"a\x00b\x07c\td", "abc\td"),
        (b"caf\xe9", "caf\N{REPLACEMENT CHARACTER}"),
        (b"\xc3\xa9t\xc3\xa9\n\n\n", "été"),
        (b"", ""),
    ],
)
def test_the_text_is_plain(tmp_path: Path, written: bytes, read: str) -> None:
    log = tmp_path / "trainer.log"
    log.write_bytes(written)
    assert tail(log) == read


def test_of_a_long_log_the_last_whole_lines_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "trainer.log"
    log.write_text("".join(f"line {number}\n" for number in range(5000)))
    lines = tail(log).splitlines()
    assert (len(lines), lines[-1]) == (MAX_LINES, "line 4999")

    log.write_text("".join(f"{number} {'x' * 1000}\n" for number in range(100)))
    lines = tail(log).splitlines()
    assert lines[0] == f"84 {'x' * 1000}"
    assert lines[-1] == f"99 {'x' * 1000}"

    log.write_text("x" * 3 * MAX_BYTES)
    assert tail(log) == "x" * MAX_BYTES


FOLDERS = {
    str(settings.BASE_DIR): "(server)",
    str(settings.DATA_DIR): "(data)",
    str(Path.home()): "(home)",
    sysconfig.get_path("stdlib"): "(python)",
    sysconfig.get_path("purelib"): "(packages)",
}


@pytest.mark.parametrize("folder", FOLDERS, ids=FOLDERS.values())
def test_a_folder_of_this_machine_has_a_short_name(folder: str) -> None:
    assert plain(f'  File "{folder}/a/b.py", line 3') == f'  File "{FOLDERS[folder]}/a/b.py", line 3'


@given(st.lists(st.one_of(st.sampled_from(sorted(FOLDERS)), st.sampled_from(["/", ".", "\x1b[1m", "\x00", "\r", "a"]))))
def test_no_folder_of_this_machine_is_in_the_text(pieces: list[str]) -> None:
    text = plain("".join(pieces))
    assert [folder for folder in FOLDERS if folder in text] == []


@pytest.fixture
def job(team: Team) -> TrainingJob:
    job = TrainingJobFactory(team=team)
    TrainerLog.objects.create(job=job, tail="<b>step</b> 100")
    return job


@pytest.mark.parametrize("address", ["/models/{}/log/", "/api/v1/training-jobs/{}/log/"])
def test_only_coaches_of_the_team_read_it(
    address: str, job: TrainingJob, coach, coach_client, member_client, outsider_client, client
) -> None:
    address = address.format(job.pk)
    answers = [visitor.get(address) for visitor in (coach_client, member_client, outsider_client, client)]
    assert [answer.status_code for answer in answers[:3]] == [200, 403, 404]
    assert answers[3].status_code in (302, 401)
    shown = ["<b>step</b> 100" in html.unescape(answer.content.decode()) for answer in answers]
    assert shown == [True, False, False, False]


def test_the_api_has_the_text_and_its_time_or_neither(job: TrainingJob, team, coach_api, member_api) -> None:
    answer = coach_api.get(f"/api/v1/training-jobs/{job.pk}/log/").json()
    assert answer["tail"] == "<b>step</b> 100"
    assert answer["updated"].endswith("Z")
    silent = TrainingJobFactory(team=team)
    assert coach_api.get(f"/api/v1/training-jobs/{silent.pk}/log/").json() == {"tail": "", "updated": None}
    refused = member_api.get(f"/api/v1/training-jobs/{job.pk}/log/")
    assert refused.json() == {"detail": "Only coaches can read the trainer's log. Ask your coach."}


def test_a_coach_of_another_team_who_is_a_member_here_does_not_read_it(job: TrainingJob, team, outsider) -> None:
    outsider.memberships.create(team=team)
    assert not trainer_log.may_read(outsider, team)
