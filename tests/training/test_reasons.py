"""Reasons are codes with params, also those that earlier versions wrote in words. Words are made when shown."""

import pickle
import string
from collections.abc import Iterator
from typing import Any

import pytest

from detector.contract import failure
from detector.contract.failure import Cause
from tests.earlier_versions import before_migration, upgrade
from tests.factories import TrainingJobFactory
from training import messages
from training.models import JobEvent, TrainingJob
from training.reasons import Code, Note, Reason, Refusal
from training.refusals import JobRefused
from training.services.jobs import TooLittleTime

OPERATOR = "Ada, room 12"

# Sentences as the version before codes wrote them, and the code and params that they became.
EARLIER = [
    ("started", Reason("started")),
    ("tried again by milo", Reason("tried_again", {"by": "milo"})),
    ("stopped by milo", Reason("stop_wanted", {"by": "milo"})),
    ("There was room again, so the server queued it by itself.", Reason("room_again")),
    (
        "Training is switched off on this server. This training is queued by itself when it is switched on again. "
        f"Ask {OPERATOR} when that is.",
        Reason("switched_off", {"because": ""}),
    ),
    (
        "Training is switched off on this server (a fair, until 5 (PM)). This training is queued by itself when it is "
        f"switched on again. Ask {OPERATOR} when that is.",
        Reason("switched_off", {"because": "a fair, until 5 (PM)"}),
    ),
    (
        "The queue is full: 1 training waits, the most that this server lets wait. This training is queued by itself "
        "when there is room.",
        Reason("queue_is_full", {"waiting": 1}),
    ),
    (
        "The queue is full: 20 trainings wait, the most that this server lets wait. This training is queued by itself "
        "when there is room.",
        Reason("queue_is_full", {"waiting": 20}),
    ),
    (
        "No training worker has been seen for 2 minutes. This training is queued by itself when one is back. If that "
        f"takes long, tell {OPERATOR}.",
        Reason("no_worker", {"minutes": 2}),
    ),
    (
        "Your team has 5 training minutes left, and this job would reserve 10. Choose fewer minutes, or ask your coach "
        "for more.",
        Reason("too_little_time", {"remaining": 5, "wanted": 10}),
    ),
    ("Stopped by your team.", Reason("stopped_by_team")),
    ("Stopped by your team before the first training step.", Reason("canceled_by_team")),
    ("maximum training time reached", Reason("out_of_time")),
    (
        "The maximum training time was over before the first training step. Start again with more minutes.",
        Reason("out_of_time_at_once"),
    ),
    ("The training worker was shut down; the job goes on when it is back.", Reason("shut_down")),
    ("The training worker or its machine is gone.", Reason("worker_is_gone")),
    (
        "The training process was killed, most likely because the machine ran out of memory. That makes 3 ends in a "
        f"row without a new checkpoint, so the training was given up. Ask {OPERATOR} to look at the log.",
        Reason("killed", {"deaths": 3}),
    ),
    ("The training process crashed (SIGSEGV).", Reason("crashed", {"signal": "SIGSEGV"})),
    ("The training process ended without a result (code 3).", Reason("no_result", {"exit_code": 3})),
    ("The training process was stuck for 15 minutes.", Reason("stuck", {"minutes": 15})),
    ("The server's file storage did not answer.", Reason("storage_is_away")),
    (
        "Something in the server broke during this job (KeyError). That makes 3 ends in a row without a new "
        f"checkpoint, so the training was given up. Ask {OPERATOR} to look at the log.",
        Reason("server_broke", {"error": "KeyError", "deaths": 3}),
    ),
    (
        f"The server has lost the files of this job's newest checkpoint. Tell {OPERATOR}.",
        Reason("lost_checkpoint"),
    ),
    (
        "The server has lost the files of the model “cones. Tell me.” at step 400, which this job was to train more. "
        f"Tell {OPERATOR}.",
        Reason("lost_parent", {"parent": "the model “cones. Tell me.” at step 400"}),
    ),
    (f"The folder in which this job was training is gone. Tell {OPERATOR}.", Reason("lost_folder")),
    (f"This job is RUNNING and no worker has it. Tell {OPERATOR}.", Reason("no_worker_has_it", {"state": "RUNNING"})),
    (f"This job is QUEUED while a worker has it. Tell {OPERATOR}.", Reason("a_worker_has_it", {"state": "QUEUED"})),
    (
        f"This job counts 300 steps, and its newest checkpoint is of step 0. Tell {OPERATOR}.",
        Reason("other_step", {"steps": 300, "newest": 0}),
    ),
    (
        "The dataset has no label, so there is nothing to learn. Label some frames first.",
        Reason("no_label"),
    ),
    (
        "The dataset has no training frame, so there is nothing to learn. Add labelled frames first.",
        Reason("no_training_frame"),
    ),
    ("No training frame has a box, so there is nothing to learn. Label some frames first.", Reason("no_box")),
    (
        "The dataset has a label that is not in its label list. Produce the dataset again.",
        Reason("unknown_label"),
    ),
    (
        "The dataset's files cannot be read: corrupted record at 0. Produce the dataset again.",
        Reason("unreadable", {"why": "corrupted record at 0"}),
    ),
    (
        "The dataset should have 10 frames, and its files have 9. Produce the dataset again.",
        Reason("frames_are_missing", {"expected": 10, "found": 9}),
    ),
    (
        "Training went wrong at step 107: the loss is not a number any more. Look for wrong boxes in the dataset, then "
        "train again. What was learned up to step 100 is kept.",
        Reason("diverged", {"step": 107, "kept_step": 100}),
    ),
    ("The server's disk is full. Ask whoever runs it to make room, then train again.", Reason("disk_is_full")),
    (
        "The server's disk is full. Ask whoever runs it to make room, then train again. That makes 3 ends in a row "
        f"without a new checkpoint, so the training was given up. Ask {OPERATOR} to look at the log.",
        Reason("disk_is_full", {"deaths": 3}),
    ),
    (
        "The server has too little memory for this training. Ask whoever runs it, or use fewer frames.",
        Reason("no_memory"),
    ),
    ("This server was told to train on a GPU, and it has none. Ask whoever runs it.", Reason("no_gpu")),
    ("This server was told to train on a TPU and cannot reach one. Ask whoever runs it.", Reason("no_tpu")),
    (
        "This job started from handtrack 1.0, which this server has no longer. Ask whoever runs it.",
        Reason("weights_are_gone", {"weights": "handtrack 1.0"}),
    ),
    (
        "There is no starting model 'yolo': this trainer does not know it.",
        Reason("unknown_model", {"model": "'yolo'"}),
    ),
    ("There is no job.json in /data/jobs/1.", Reason("no_order", {"folder": "/data/jobs/1"})),
    (
        "The job.json cannot be understood: unexpected keyword 'x'.",
        Reason("unclear_order", {"why": "unexpected keyword 'x'"}),
    ),
    (
        "The job.json is of format 9; this trainer knows format 2.",
        Reason("other_format", {"found": 9, "known": 2}),
    ),
    ("Steps, batch size, checkpoint interval and devices must be at least 1.", Reason("less_than_one")),
    (
        "The job.json begins at step 400, and nothing says with which weights.",
        Reason("no_parent", {"step": 400}),
    ),
    (
        "Training ended by an error in the program (ValueError). The job's log tells more: show it to whoever runs the "
        "server. What was learned up to step 100 is kept.",
        Reason("program_error", {"error": "ValueError", "kept_step": 100}),
    ),
    ("In no version.\n{Braces}", Reason("other", {"text": "In no version.\n{Braces}"})),
    ("", Reason()),
]  # fmt: skip


def test_no_two_codes_are_the_same_and_each_has_its_words() -> None:
    every = [*Cause, *Code, *Note, *Refusal]
    assert len(set(every)) == len(every)
    assert set(messages.reason_words.SERVER) == set(Code)
    assert set(messages.reason_words.NOTES) == set(Note)
    assert set(messages.refusal_words.REFUSALS) == set(Refusal)
    assert set(failure.WORDS) == set(Cause)
    newer = {Code.HANDED_OVER}  # than the sentences that were kept
    assert {reason.code for _, reason in EARLIER} == {"", *Cause, *Code} - newer


@pytest.mark.parametrize("code", [*Cause, *Code])
def test_a_page_does_not_fail_for_params_that_were_not_kept(code: str) -> None:
    fields = string.Formatter().parse({**messages.reason_words.SERVER, **failure.WORDS}[code])
    own = {name for _, name, _, _ in fields if name and name not in ("support", "in_brackets", "trainings_wait")}
    assert ("…" in messages.words(Reason(code))) == bool(own)


@pytest.mark.parametrize("refusal", Refusal)
def test_a_refusal_is_its_sentence_and_keeps_its_code(refusal: Refusal) -> None:
    of_job = {"job": "cones", "state": "QUEUED", "children": ["a", "b"], "parent": "cones"}
    of_start = {"dataset": "field", "name": "x", "offered": ["y"], "jobs": 1, "least": 1, "most": 3}
    of_labeling = {"labeled": 1, "video": "field"}
    refused = JobRefused(refusal, "max_minutes", **of_job, **of_start, **of_labeling)
    assert (refused.reason.code, refused.field) == (refusal, "max_minutes")
    assert str(refused).endswith(".")
    assert "…" not in str(refused)


def test_a_refusal_survives_its_way_between_processes() -> None:
    refused = TooLittleTime(Code.TOO_LITTLE_TIME, "max_minutes", remaining=5, wanted=10)
    sent = pickle.loads(pickle.dumps(refused))
    assert (type(sent), str(sent), sent.field) == (TooLittleTime, str(refused), "max_minutes")


def test_a_trainers_cause_says_whom_to_ask(settings) -> None:
    settings.SUPPORT_CONTACT = OPERATOR
    assert messages.words(Reason("no_gpu")).endswith(f"Tell {OPERATOR}.")


def test_steps_in_notes_have_commas() -> None:
    assert messages.words(Reason(Note.NOT_IMPROVED, {"steps": 1300, "model_step": 4100})) == (
        "Your 1,300 new steps didn't improve it, so you get the model from step 4,100."
    )
    assert "step 4,100" in messages.words(Reason(Note.EARLIER_IS_BETTER, {"last_step": 5400, "model_step": 4100}))


def test_a_code_of_a_later_version_has_no_words() -> None:
    assert messages.words(Reason("of_tomorrow", {"kept_step": 3})) == ""


@pytest.fixture
def before_codes(transactional_db) -> Iterator[Any]:
    with before_migration("training", "reasons") as models:
        yield models


@pytest.mark.both_databases
def test_what_earlier_versions_said_has_its_code_after_an_upgrade(settings, before_codes) -> None:
    settings.SUPPORT_CONTACT = OPERATOR
    team = before_codes.get_model("accounts", "Team").objects.create(number=1, name="Cones")
    told = {}
    for sentence, reason in EARLIER:
        job = before_codes.get_model("training", "TrainingJob").objects.create(
            team=team, description="cones", steps_requested=100, max_seconds=60, state_reason=sentence
        )
        before_codes.get_model("training", "JobEvent").objects.create(job=job, new_state="QUEUED", why=sentence)
        told[job.pk] = sentence, reason

    upgrade()

    for job in TrainingJob.objects.all():
        sentence, reason = told[job.pk]
        assert (sentence, job.reason_code, job.reason_params) == (sentence, reason.code, reason.params)
        assert bool(job.state_reason) == bool(sentence)
    for event in JobEvent.objects.all():
        assert event.reason_code == told[event.job_id][1].code
    assert JobEvent.objects.count() == TrainingJob.objects.count() == len(EARLIER)


def test_the_contact_in_a_reason_is_todays(settings, db) -> None:
    job = TrainingJobFactory(reason_code=Code.LOST_FOLDER)
    settings.SUPPORT_CONTACT = "Grace"
    assert job.state_reason == "The server lost the folder of this training. Tell Grace."
