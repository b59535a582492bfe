"""Archives with something wrong in them, imported for real: each ends READY, or FAILED with a sentence and no files.

    make fuzz
    make fuzz FUZZ=fuzz ARGS='--seed 3 --count 2000'
    make fuzz FUZZ=fuzz ARGS='--seed 1 --only 217'

The archives are of every format that the server reads, and mutated by numbers that the seed decides: the same seed
makes the same archives. The imports run on a database and a storage of their own; one archive in five comes in through
the API. A problem is printed with the number of its case, by which --only replays that one alone.
"""

import argparse
import io
import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.imports import tool_sets
from bench.imports.mutations import KINDS, Files, mutated
from bench.server import machine, report, settings
from bench.server.processor_time import TookTooLong, limited
from bench.server.report import Target
from bench.speed.memory import GIGABYTE

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from datasets.models import Dataset
    from ftcml.accounts.models import Team

FRAMES = 12
_SIZE = (160, 120)
_BY_API = 0.2
_LONGEST_SENTENCE = 1500
LIMIT_SECONDS = 20.0
LIMIT_PROCESSOR_SECONDS = 5.0
LIMIT_GB = 0.6


@dataclass(frozen=True)
class Case:
    """One archive, told from the others of its seed by `number`. `by_api`: whether it comes in through the API."""

    number: int
    form: str
    kind: str
    by_api: bool
    archive: bytes


@dataclass(frozen=True)
class Outcome:
    """How the import of a case ended. `problem`: what must not be, "" where all is well."""

    number: int
    form: str
    kind: str
    by_api: bool
    state: str
    sentence: str
    problem: str
    seconds: float


def cases(seed: int, count: int) -> Iterator[Case]:
    """All formats in turn, each with all kinds of mutations in turn."""
    known = forms()
    sound = {form: sound_files(form) for form in known}
    for number in range(count):
        form, kind = known[number % len(known)], KINDS[number // len(known) % len(KINDS)]
        rng = random.Random(f"{seed} {number}")  # noqa: S311 - nothing secret
        yield Case(number, form, kind, rng.random() < _BY_API, mutated(kind, rng, sound[form]))


def sound_files(form: str) -> Files:
    """The files of a small set in the format with that key, as the server writes it, or a program for annotations."""
    from datasets.formats.catalog import writer

    if form in tool_sets.WRITERS:
        return tool_sets.WRITERS[form](_samples())
    return [(path, b"".join(pieces)) for path, pieces in writer(form)(_samples(), ["ball", "cube"])]


def imported(case: Case, team: "Team", api: "APIClient", folder: Path) -> Outcome:
    """Import the case's archive for the team, whose member `api` is; judge what came of it, and delete it."""
    from datasets.importing import producing
    from datasets.reasons import Code
    from datasets.services import deletion
    from ftcml.installation import removals

    began = time.monotonic()
    path = folder / "set.zip"
    path.write_bytes(case.archive)
    dataset, refusal, problem = _begin(path, team, api if case.by_api else None)
    state = "refused"
    if dataset:
        try:
            with limited(LIMIT_PROCESSOR_SECONDS):
                producing.produce(dataset)
            problem = _problem(dataset)
        except TookTooLong:
            problem = f"took more than {LIMIT_PROCESSOR_SECONDS:.0f} s of a processor"
        state, refusal = dataset.state, dataset.error
        if dataset.reason_code == Code.SERVER_BROKE:
            problem = problem or "an error that nobody foresaw"
        deletion.delete_dataset(dataset)
        removals.remove_deleted()
    problem = problem or _unfit(state, refusal) or _left_behind()
    seconds = time.monotonic() - began
    if seconds > LIMIT_SECONDS:
        problem = problem or f"took {seconds:.0f} s"
    return Outcome(case.number, case.form, case.kind, case.by_api, state, refusal, problem, seconds)


def _begin(path: Path, team: "Team", api: "APIClient | None") -> "tuple[Dataset | None, str, str]":
    """(dataset, refusal, problem), each empty where there is none."""
    from datasets.models import Dataset
    from datasets.refusals import DatasetRefused
    from datasets.services import imports

    if api is None:
        try:
            return imports.request_import(team, None, path, "fuzz"), "", ""
        except DatasetRefused as refused:
            return None, str(refused), ""
    with path.open("rb") as stream:
        answer = api.post("/api/v1/datasets/import/", {"file": stream, "description": "fuzz"}, format="multipart")
    if answer.status_code == 202:
        return Dataset.objects.get(team=team), "", ""
    refusal = str(answer.json()) if answer.status_code == 400 else ""
    return None, refusal, "" if refusal else f"the API answered {answer.status_code}"


def _problem(dataset: "Dataset") -> str:
    """What is wrong with the row of an import that ended, and with its files."""
    from datasets.models import Dataset
    from ftcml.core.files import storage

    if dataset.state == Dataset.State.PRODUCING:
        return "still PRODUCING"
    if dataset.state == Dataset.State.FAILED:
        return "files left in the storage" if storage.tree_size(dataset.prefix) else ""
    boxes = [box["box"] for frame in dataset.frames.iterator() for box in frame.boxes]
    if not all(0 <= ymin < ymax <= 1 and 0 <= xmin < xmax <= 1 for ymin, xmin, ymax, xmax in boxes):
        return "a box outside of its picture"
    if sum(split["frames"] for split in dataset.counts.values()) != dataset.frames.count():
        return "frames miscounted"
    return "the upload was left" if storage.exists(dataset.archive_name) else ""


def _unfit(state: str, sentence: str) -> str:
    """What is wrong with the sentence that a student reads."""
    if state == "READY":
        return ""
    is_one = 0 < len(sentence) < _LONGEST_SENTENCE and "\n" not in sentence and "Traceback" not in sentence
    return "" if is_one else "no sentence to show"


def _left_behind() -> str:
    """What lies about once the dataset is deleted."""
    from django.conf import settings as server

    from datasets.services import unused_files

    stored = unused_files.look()
    found = [*(path.name for path in server.WORK_DIR.glob("*")), *stored.finished, *stored.unknown]
    return f"left behind: {found[:3]}" if found else ""


def forms() -> list[str]:
    """The keys of the formats that the server reads."""
    from datasets.formats.catalog import FORMATS

    return list(FORMATS)


def _samples() -> "Iterator[Any]":
    """Small pictures, as the server gives them to a writer: sizes and splits are known."""
    from PIL import Image

    from datasets.formats.common.samples import PixelBox, Sample
    from datasets.split import Split

    for number in range(FRAMES):
        stream = io.BytesIO()
        Image.linear_gradient("L").resize(_SIZE).rotate(30 * number).convert("RGB").save(stream, "JPEG")
        boxes = [PixelBox("ball", 20, 30, 80, 90), PixelBox("cube", 60, 10, 150.5, 99)][: number % 3]
        split = Split.EVALUATION if number % 4 == 3 else Split.TRAINING
        yield Sample(f"frame-{number:03d}.jpg", stream.getvalue, _SIZE, boxes, len(boxes), split)


def run(seed: int, numbers: Sequence[int]) -> list[Outcome]:
    """The cases with these numbers, on a new database and storage."""
    from django.core.management import call_command
    from rest_framework.test import APIClient

    from ftcml.accounts.models import ApiToken, Membership, Team, User

    call_command("migrate", verbosity=0)
    team = Team.objects.create(number=1, name="Fuzz")
    member = Membership.objects.create(team=team, user=User.objects.create_user("fuzz"))
    api = APIClient(raise_request_exception=False, SERVER_NAME="127.0.0.1")
    api.credentials(HTTP_AUTHORIZATION=f"Token {ApiToken.issue(member)}")
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        for case in cases(seed, max(numbers) + 1):
            if case.number in numbers:
                outcomes.append(imported(case, team, api, Path(folder)))
                _tell(outcomes[-1], seed)
    return outcomes


def _tell(outcome: Outcome, seed: int) -> None:
    if outcome.problem:
        print(f"seed {seed} case {outcome.number} ({outcome.form}, {outcome.kind}): {outcome.problem}", flush=True)


def rows(outcomes: Sequence[Outcome]) -> list[tuple[str, ...]]:
    """One for each kind of mutation, with how many imports ended how."""
    table = []
    for kind in KINDS:
        of_kind = [outcome for outcome in outcomes if outcome.kind == kind]
        states = Counter(outcome.state for outcome in of_kind)
        problems = sum(bool(outcome.problem) for outcome in of_kind)
        cells = (len(of_kind), states["READY"], states["FAILED"], states["refused"], problems)
        table.append((kind, *map(str, cells)))
    return table


def targets(outcomes: Sequence[Outcome], peak_gb: float) -> list[Target]:
    return [
        Target("archives that ended as they must not", sum(bool(o.problem) for o in outcomes), "at most", 0),
        Target("seconds of the slowest import", max(o.seconds for o in outcomes), "at most", LIMIT_SECONDS),
        Target("peak memory of the importing process in GB", peak_gb, "at most", LIMIT_GB),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    os.environ |= {"FTCML_IMPORT_RATE": "1000000/hour", "REDIS_URL": "redis://127.0.0.1:1/0"}  # nobody is to wake
    settings.use()
    logging.disable(logging.WARNING)
    report.print_machine()
    numbers = [options.only] if options.only is not None else range(options.count)
    outcomes = run(options.seed, numbers)
    peak_gb = machine.peak_bytes() / GIGABYTE
    if options.only is not None:
        print(outcomes[0])
    report.print_table(
        f"Seed {options.seed}, formats: {', '.join(forms())}",
        ("what is wrong", "archives", "READY", "FAILED", "refused at once", "problems"),
        rows(outcomes),
    )
    failures = [asdict(outcome) for outcome in outcomes if outcome.problem]
    return report.finish(
        {"seed": options.seed, "archives": len(outcomes), "failures": failures}, targets(outcomes, peak_gb)
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="decides every archive (default: %(default)s)")
    parser.add_argument("--count", type=int, default=500, help="archives (default: %(default)s)")
    parser.add_argument("--only", type=int, help="replay the case with this number alone")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
