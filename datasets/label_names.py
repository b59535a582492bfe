"""The labels of a set: cleaned of what can't be seen, and checked."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable

from datasets.no_boxes import no_boxes
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs

_MAX_LABELS = 200
MAX_LABEL_LENGTH = 100
# They join letters of Persian and parts of one emoji; among the letters of English they are only invisible.
_JOINERS = "\u200c\u200d"


def renamed(boxes: Counter[str], merges_capitals: bool, repairs: Repairs) -> dict[str, str]:
    """The labels that get another name -> that name.

    Letters that can't be seen are left out: no person can tell such labels apart. Where `merges_capitals`, labels that
    differ only in capitals get the spelling with most boxes.
    """
    names = {label: visible(label) for label in boxes}
    if merges_capitals:
        clean: Counter[str] = Counter()
        for label, name in names.items():
            clean[name] += boxes[label]
        usual = {
            spelling: group[0] for group in alike(sorted(clean, key=lambda name: -clean[name])) for spelling in group
        }
        names = {label: usual.get(name, name) for label, name in names.items()}
    changed = {label: name for label, name in names.items() if name != label}
    for label, name in changed.items():
        how = Note.LABEL_IN_CAPITALS if label.casefold() == name.casefold() else Note.LABEL_HIDES_LETTERS
        note = Reason(how, {"boxes": boxes[label], "label": ascii(label)[1:-1]})
        repairs.add(Kind.LABELS_MERGED, name, note)
    return changed


def given(name: str) -> str:
    """The name that a person gives a label, cleaned. Raises DatasetRefused."""
    name = visible(" ".join(name.split()))
    if not 1 <= len(name) <= MAX_LABEL_LENGTH:
        raise DatasetRefused(Code.BAD_LABEL, most=MAX_LABEL_LENGTH)
    return name


def alike(labels: Iterable[str]) -> list[list[str]]:
    """The groups of labels that differ only in capitals, each in the order given."""
    groups: dict[str, list[str]] = defaultdict(list)
    for label in labels:
        groups[label.casefold()].append(label)
    return [group for group in groups.values() if len(group) > 1]


def visible(label: str) -> str:
    """The label without letters that take no room; the label itself where it has no others."""
    kept = [
        letter
        for before, letter in zip(" " + label, label, strict=False)
        if unicodedata.category(letter) != "Cf" or (letter in _JOINERS and not before.isascii())
    ]
    return " ".join("".join(kept).split()) or label


def checked(labels: Iterable[str], repairs: Repairs) -> list[str]:
    """The labels, sorted. Raises DatasetRefused for none, too many, or one that is too long."""
    found = sorted(labels)
    if not found:
        raise no_boxes(repairs)
    if len(found) > _MAX_LABELS:
        raise DatasetRefused(Code.TOO_MANY_LABELS, labels=len(found), most=_MAX_LABELS)
    longest = max(found, key=len)
    if len(longest) > MAX_LABEL_LENGTH:
        raise DatasetRefused(Code.LABEL_TOO_LONG, label=longest[:40], most=MAX_LABEL_LENGTH)
    return found
