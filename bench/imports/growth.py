"""Archives that are read slowly: an annotation grows, and twice as much of it must not take four times as long.

    make growth
    make growth ARGS='--seed 3 --count 2000'
    make growth ARGS='--seed 1 --only 217'

Every text that an import reads is grown: a line of it, a piece, a character or a word that formats know is repeated at
one place. The archive is read as an import reads it, but for its pictures. The seed decides every case, as in
bench/imports/fuzz.py.
"""

import argparse
import io
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from bench.imports.fuzz import LIMIT_PROCESSOR_SECONDS, forms, sound_files
from bench.imports.mutations import PICTURES, Files, zipped
from bench.server import report, settings
from bench.server.processor_time import TookTooLong, limited
from bench.server.report import Target

# Bytes that are added, and half as many before.
GROWN = 200_000
# What doubles with the text takes twice as long, a square four times. A short time says nothing.
LIMIT_RATIO = 3.0
TELLS_SECONDS = 0.25
_READINGS = 3
# Texts that an import reads where they are there, beside those of a set as the server writes it.
_BESIDE: Files = [
    ("label.pbtxt", b"item {\n  id: 1\n  name: 'ball'\n  display_name: 'a ball'\n}\nitem { id: 2 name: \"cube\" }\n"),
    ("ImageSets/Main/train.txt", b"frame-000\nframe-001 1\n"),
    ("data.yaml", b"train: images/train\nval: images/val\nnc: 2\nnames: ['ball', 'cube']\n"),
    ("more/data.yaml", b"path: .\nnames:\n  0: ball\n  1: cube\n"),
    ("classes.txt", b"ball\ncube\n"),
    ("obj.names", b"ball\ncube\n"),
]
_SPACES = b" \n\t"
_CHARACTERS = b" \n\r\t'\"{}[]<>()/\\:;,.#&-=_*!|%0aA\x00\x85"
# What the formats know, or pass over.
_WORDS = [
    b"unknown: 1 ", b"unknown: 1\n", b"unknown { a: 1 }\n", b"item { unknown: 'a' }\n", b"item {", b"unknown <",
    b"'a' ",
    b"# a\n", b"\\n", b"- a\n", b"? a\n", b"a: b\n", b"[a, ", b"{a: ", b"!!str ", b"--- \n", b"<a>", b"<a/>", b"</a>",
    b"<!-- -->", b"<a b='c'>", b"&amp;", b"&#10;", b'{"a": ', b'"a", ', b"1 ", b"1, ", b"0.5 0.5 ", b"-1 ", b"a/",
    b"../", b".\\", b"frame-000\n",
]  # fmt: skip
_LONGEST_PIECE = 40


@dataclass(frozen=True)
class Case:
    """`unit` is repeated in the file `name`, at `place`."""

    number: int
    form: str
    kind: str
    name: str
    unit: bytes
    place: int
    files: Files

    def archive(self, size: int) -> bytes:
        """With so many bytes more."""
        more = self.unit * (size // len(self.unit))
        grown = [
            (name, data[: self.place] + more + data[self.place :] if name == self.name else data)
            for name, data in self.files
        ]
        return zipped(grown)


@dataclass(frozen=True)
class Outcome:
    """Seconds of a processor for half of the bytes and for all of them; None beyond the limit.

    Where all of them take no time to speak of, half of them were not tried.
    """

    number: int
    form: str
    kind: str
    name: str
    unit: str
    half: float | None
    whole: float | None

    @property
    def is_slow(self) -> bool:
        if self.half is None or self.whole is None:
            return True
        return self.whole > TELLS_SECONDS and self.whole > LIMIT_RATIO * self.half


def _line(rng: random.Random, text: bytes) -> tuple[bytes, int]:
    lines = text.splitlines(keepends=True) or [b"\n"]
    chosen = rng.randrange(len(lines))
    return lines[chosen], len(b"".join(lines[:chosen]))


def _piece(rng: random.Random, text: bytes) -> tuple[bytes, int]:
    place = rng.randrange(len(text) or 1)
    return text[place : place + rng.randint(1, _LONGEST_PIECE)] or b"x", place


def _character(rng: random.Random, text: bytes) -> tuple[bytes, int]:
    """Spaces half of the time: most patterns pass over them, and some of those try every way to do it."""
    return bytes([rng.choice(rng.choice([_SPACES, _CHARACTERS]))]), rng.randrange(len(text) + 1)


def _word(rng: random.Random, text: bytes) -> tuple[bytes, int]:
    return rng.choice(_WORDS), rng.randrange(len(text) + 1)


KINDS: dict[str, Callable[[random.Random, bytes], tuple[bytes, int]]] = {
    "a line repeated": _line,
    "a piece repeated": _piece,
    "a character repeated": _character,
    "a word repeated": _word,
}


def cases(seed: int, count: int) -> Iterator[Case]:
    """All formats in turn, each with all kinds in turn."""
    known, kinds = forms(), list(KINDS)
    sound = {form: _with_more(sound_files(form)) for form in known}
    for number in range(count):
        form, kind = known[number % len(known)], kinds[number // len(known) % len(kinds)]
        rng = random.Random(f"{seed} {number}")  # noqa: S311 - nothing secret
        name, data = rng.choice(rng.choice(_alike(sound[form])))
        unit, place = KINDS[kind](rng, data)
        yield Case(number, form, kind, name, unit, place, sound[form])


def _alike(files: Files) -> list[Files]:
    """The files that are no pictures, those of one folder and ending together: of some there are many."""
    groups: dict[tuple[str, str], Files] = {}
    for name, data in files:
        path = PurePosixPath(name)
        if path.suffix not in PICTURES:
            groups.setdefault((str(path.parent), path.suffix), []).append((name, data))
    return list(groups.values())


def _with_more(files: Files) -> Files:
    there = {name for name, _ in files}
    return [*files, *(one for one in _BESIDE if one[0] not in there)]


def judged(case: Case) -> Outcome:
    """Read the archive with all of the bytes, and where that takes long, with half of them. What seems slow is read
    again, for whatever else a machine does makes some readings longer: the shortest counts."""
    halves, wholes = [], []
    for _ in range(_READINGS):
        wholes.append(_seconds(case, GROWN))
        is_quick = wholes[-1] is not None and wholes[-1] <= TELLS_SECONDS
        halves.append(wholes[-1] if is_quick else _seconds(case, GROWN // 2))
        outcome = Outcome(
            case.number, case.form, case.kind, case.name, repr(case.unit), _shortest(halves), _shortest(wholes)
        )
        if not outcome.is_slow:
            break
    return outcome


def _shortest(readings: Sequence[float | None]) -> float | None:
    return min((seconds for seconds in readings if seconds is not None), default=None)


def _seconds(case: Case, size: int) -> float | None:
    archive = case.archive(size)
    began = time.process_time()
    try:
        with limited(LIMIT_PROCESSOR_SECONDS):
            _read(archive, case.form)
    except TookTooLong:
        return None
    return time.process_time() - began


def _read(archive: bytes, form: str) -> None:
    """As datasets/importing/import_archive.py, up to the pictures."""
    from datasets.archive.zip_archive import Archive, UnreadableFile
    from datasets.formats import catalog
    from datasets.refusals import DatasetRefused
    from datasets.repairs import Repairs

    try:
        opened = Archive(io.BytesIO(archive))
        for known in catalog.FORMATS.values():
            known.marks(opened)
        for _ in catalog.FORMATS[form].read(opened, Repairs()).samples:
            pass
    except (DatasetRefused, UnreadableFile):
        pass


def run(seed: int, numbers: Sequence[int]) -> list[Outcome]:
    """Judge the cases with these numbers, and print each that is slow."""
    outcomes = []
    for case in cases(seed, max(numbers) + 1):
        if case.number in numbers:
            outcomes.append(judged(case))
            if outcomes[-1].is_slow:
                print(f"seed {seed} case {case.number}: {outcomes[-1]}", flush=True)
    return outcomes


def rows(outcomes: Sequence[Outcome]) -> list[tuple[str, ...]]:
    """One for each format and kind, with how many were read and how many slowly."""
    read = Counter((one.form, one.kind) for one in outcomes)
    slow = Counter((one.form, one.kind) for one in outcomes if one.is_slow)
    return [(form, kind, str(count), str(slow[form, kind])) for (form, kind), count in sorted(read.items())]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    settings.use()
    report.print_machine()
    numbers = [options.only] if options.only is not None else range(options.count)
    outcomes = run(options.seed, numbers)
    if options.only is not None:
        print(outcomes[0])
    title = f"Seed {options.seed}, {GROWN // 2000} and {GROWN // 1000} kB more"
    report.print_table(title, ("format", "what is grown", "archives", "read slowly"), rows(outcomes))
    slow: list[dict[str, Any]] = [asdict(one) for one in outcomes if one.is_slow]
    target = Target("archives that were read slowly", len(slow), "at most", 0)
    return report.finish({"seed": options.seed, "archives": len(outcomes), "slow": slow}, [target])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="decides every archive (default: %(default)s)")
    parser.add_argument("--count", type=int, default=2400, help="archives (default: %(default)s)")
    parser.add_argument("--only", type=int, help="replay the case with this number alone")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
