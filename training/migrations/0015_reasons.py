"""Sentences become codes with params. This is the only place that reads a sentence; it does so once.

The sentences are those that the version before this one wrote, whatever messages.py says by now.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import migrations, models

_ROWS_AT_ONCE = 500
_BY_ITSELF = "This training is queued by itself when"

# code -> the sentence, with the params in braces. {support} is told anew whenever a reason is shown.
SENTENCES = {
    "started": "started",
    "tried_again": "tried again by {by}",
    "stop_wanted": "stopped by {by}",
    "room_again": "There was room again, so the server queued it by itself.",
    "switched_off": (
        f"Training is switched off on this server{{because}}. {_BY_ITSELF} it is switched on again. "
        "Ask {support} when that is."
    ),
    "queue_is_full": (
        f"The queue is full: {{waiting}} {{wait}}, the most that this server lets wait. {_BY_ITSELF} there is room."
    ),
    "no_worker": (
        f"No training worker has been seen for {{minutes}} minutes. {_BY_ITSELF} one is back. "
        "If that takes long, tell {support}."
    ),
    "too_little_time": (
        "Your team has {remaining} training minutes left, and this job would reserve {wanted}. "
        "Choose fewer minutes, or ask your coach for more."
    ),
    "stopped_by_team": "Stopped by your team.",
    "canceled_by_team": "Stopped by your team before the first training step.",
    "out_of_time": "maximum training time reached",
    "out_of_time_at_once": (
        "The maximum training time was over before the first training step. Start again with more minutes."
    ),
    "shut_down": "The training worker was shut down; the job goes on when it is back.",
    "worker_is_gone": "The training worker or its machine is gone.",
    "killed": "The training process was killed, most likely because the machine ran out of memory.",
    "crashed": "The training process crashed ({signal}).",
    "no_result": "The training process ended without a result (code {exit_code}).",
    "stuck": "The training process was stuck for {minutes} minutes.",
    "storage_is_away": "The server's file storage did not answer.",
    "server_broke": "Something in the server broke during this job ({error}).",
    "lost_checkpoint": "The server has lost the files of this job's newest checkpoint. Tell {support}.",
    "lost_parent": "The server has lost the files of {parent}, which this job was to train more. Tell {support}.",
    "lost_folder": "The folder in which this job was training is gone. Tell {support}.",
    "no_worker_has_it": "This job is {state} and no worker has it. Tell {support}.",
    "a_worker_has_it": "This job is {state} while a worker has it. Tell {support}.",
    "other_step": "This job counts {steps} steps, and its newest checkpoint is of step {newest}. Tell {support}.",
    "no_label": "The dataset has no label, so there is nothing to learn. Label some frames first.",
    "no_training_frame": "The dataset has no training frame, so there is nothing to learn. Add labelled frames first.",
    "no_box": "No training frame has a box, so there is nothing to learn. Label some frames first.",
    "unknown_label": "The dataset has a label that is not in its label list. Produce the dataset again.",
    "unreadable": "The dataset's files cannot be read: {why}. Produce the dataset again.",
    "frames_are_missing": (
        "The dataset should have {expected} frames, and its files have {found}. Produce the dataset again."
    ),
    "diverged": (
        "Training went wrong at step {step}: the loss is not a number any more. "
        "Look for wrong boxes in the dataset, then train again."
    ),
    "disk_is_full": "The server's disk is full. Ask whoever runs it to make room, then train again.",
    "no_memory": "The server has too little memory for this training. Ask whoever runs it, or use fewer frames.",
    "no_gpu": "This server was told to train on a GPU, and it has none. Ask whoever runs it.",
    "no_tpu": "This server was told to train on a TPU and cannot reach one. Ask whoever runs it.",
    "weights_are_gone": "This job started from {weights}, which this server has no longer. Ask whoever runs it.",
    "unknown_model": "There is no starting model {model}: this trainer does not know it.",
    "no_order": "There is no job.json in {folder}.",
    "unclear_order": "The job.json cannot be understood: {why}.",
    "other_format": "The job.json is of format {found}; this trainer knows format {known}.",
    "less_than_one": "Steps, batch size, checkpoint interval and devices must be at least 1.",
    "no_parent": "The job.json begins at step {step}, and nothing says with which weights.",
    "program_error": (
        "Training ended by an error in the program ({error}). "
        "The job's log tells more: show it to whoever runs the server."
    ),
}
# What may follow any of them.
_KEPT = "What was learned up to step {kept_step} is kept."
_GIVEN_UP = (
    "That makes {deaths} ends in a row without a new checkpoint, so the training was given up. "
    "Ask {support} to look at the log."
)
_NUMBERS = {
    "deaths", "exit_code", "expected", "found", "kept_step", "known", "minutes", "newest", "remaining", "step", "steps",
    "waiting", "wanted",
}  # fmt: skip


def _pattern(sentence: str) -> str:
    """Of a sentence, with a group for each param. An operator's words stand in brackets, or there are none."""
    literal, *rest = re.split(r"{(\w+)}", sentence)
    parts = [re.escape(literal)]
    for name, literal in zip(rest[::2], rest[1::2], strict=True):
        group = r"(?: \((?P<because>.+?)\))?" if name == "because" else f"(?P<{name}>.+?)"
        parts += [group, re.escape(literal)]
    return "".join(parts)


_FOLLOWING = f"(?: {_pattern(_KEPT)})?(?: {_pattern(_GIVEN_UP).replace('<support>', '<support_of_end>')})?"
_PATTERNS = {code: re.compile(_pattern(said) + _FOLLOWING, re.DOTALL) for code, said in SENTENCES.items()}


def reason_in(sentence: str) -> tuple[str, dict[str, Any]]:
    """The code and the params that a sentence was made of; "other" for one that is not known, and "" for none."""
    for code, pattern in _PATTERNS.items() if sentence else ():
        if found := pattern.fullmatch(sentence):
            return code, _params(code, found.groupdict())
    return ("other", {"text": sentence}) if sentence else ("", {})


def _params(code: str, words: dict[str, str | None]) -> dict[str, Any]:
    told = {name: word for name, word in words.items() if word and name not in ("support", "support_of_end", "wait")}
    nothing = {"because": ""} if code == "switched_off" else {}
    return nothing | {name: _number(word) if name in _NUMBERS else word for name, word in told.items()}


def _number(word: str) -> str | int:
    try:
        return int(word)
    except ValueError:
        return word


def _batches(rows: Any) -> Iterator[list[Any]]:
    batch = []
    for row in rows.iterator(_ROWS_AT_ONCE):
        batch.append(row)
        if len(batch) == _ROWS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def make_codes(apps: Any, schema_editor: Any) -> None:
    for name, column in (("TrainingJob", "state_reason"), ("JobEvent", "why")):
        model = apps.get_model("training", name)
        rows = model.objects.exclude(**{column: ""}).only("pk", column).order_by("pk")
        for batch in _batches(rows):
            for row in batch:
                row.reason_code, row.reason_params = reason_in(getattr(row, column))
            model.objects.bulk_update(batch, ["reason_code", "reason_params"])


def write_sentences(apps: Any, schema_editor: Any) -> None:
    """The way back. A code that came later is all that there is to say."""
    for name, column in (("TrainingJob", "state_reason"), ("JobEvent", "why")):
        model = apps.get_model("training", name)
        rows = model.objects.exclude(reason_code="").only("pk", "reason_code", "reason_params").order_by("pk")
        for batch in _batches(rows):
            for row in batch:
                setattr(row, column, sentence(row.reason_code, row.reason_params))
            model.objects.bulk_update(batch, [column])


def sentence(code: str, params: dict[str, Any]) -> str:
    """Return what the version before would have said."""
    if not code or code == "other":
        return str(params.get("text", ""))
    because, waits = params.get("because"), "training waits" if params.get("waiting") == 1 else "trainings wait"
    words = {"support": settings.SUPPORT_CONTACT, "wait": waits, **params, "because": f" ({because})" if because else ""}
    said = [SENTENCES.get(code, code)]
    said += [text for name, text in (("kept_step", _KEPT), ("deaths", _GIVEN_UP)) if name in params]
    return re.sub(r"{(\w+)}", lambda name: str(words.get(name[1], "…")), " ".join(said))


class Migration(migrations.Migration):
    dependencies = [("training", "0014_no_copies")]

    operations = [
        migrations.AddField("jobevent", "reason_code", models.CharField("reason", blank=True, max_length=40)),
        migrations.AddField(
            "jobevent",
            "reason_params",
            models.JSONField("numbers and names of the reason", blank=True, default=dict),
        ),
        migrations.AddField("trainingjob", "reason_code", models.CharField("reason", blank=True, max_length=40)),
        migrations.AddField(
            "trainingjob",
            "reason_params",
            models.JSONField("numbers and names of the reason", blank=True, default=dict),
        ),
        migrations.RunPython(make_codes, write_sentences),
    ]
