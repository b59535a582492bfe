"""Every sentence that a person reads stands in its app's messages, in a template, or in a form."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.repository.passages import docstrings_and_logs, said

ROOT = Path(settings.BASE_DIR)
APPS = ("ftcml", "videos", "datasets", "training", "detector/contract")
# Where sentences belong, beside templates: by the name of the module, or of a folder that it is in.
HOMES = {"messages", "forms", "form", "commands", "migrations", "protos"}
# What else may hold some, and why.
EXCEPTIONS = {
    "detector/contract/failure.py": "the words of a trainer, which runs without the server",
    "ftcml/accounts/pages/help/glossary.py": "the glossary, a table that its page shows",
    "ftcml/launcher": "what `make run` and `make share` print to a terminal",
    "ftcml/monitoring/metrics.py": "the help texts of Prometheus's metrics",
    "ftcml/settings.py": "what stops a server that is set up unsafely, before any app is there",
}
# Their text is for programs, or for who reads a traceback.
FOR_PROGRAMMERS = {"AssertionError", "KeyError", "NotImplementedError", "RuntimeError", "TypeError", "ValueError"}
WORDS_OF_A_SENTENCE = 4


def is_sentence(text: str) -> bool:
    """Whether a text reads as a sentence: a capital, four words, and an end."""
    begins, ends = re.match(r"[“\"']?[A-Z]", text), re.search(r"[.?!][”\"']?$", text.strip())
    return bool(begins and ends) and len(re.findall(r"[A-Za-z’']+", text)) >= WORDS_OF_A_SENTENCE


def is_help_of_the_api(node: ast.AST) -> bool:
    """Whether it describes a field, a serializer's or a row's: the API's description has it beside the field."""
    return isinstance(node, ast.keyword) and node.arg in ("help_text", "description")


def is_raised_for_programmers(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in FOR_PROGRAMMERS


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """Yield each sentence that the program may say, and its line."""
    tree = ast.parse(source)
    passed_over = docstrings_and_logs(tree)
    for node in ast.walk(tree):
        if is_help_of_the_api(node) or is_raised_for_programmers(node):
            passed_over |= set(ast.walk(node))
    for node in ast.walk(tree):
        if node not in passed_over and isinstance(node, ast.Constant | ast.JoinedStr):
            text = said(node)
            if is_sentence(text):
                yield node.lineno, text


def modules() -> Iterator[tuple[str, Path]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            is_home = HOMES & {*Path(name).parts, path.stem, path.stem.split("_")[-1]}
            if not is_home and not any(name == one or name.startswith(f"{one}/") for one in EXCEPTIONS):
                yield name, path


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ('raise Http404("This model has no file.")', True),
        ('refusal = f"“{job}” has not ended yet. Wait."', True),
        ('log.info("The job %s is stopped now.", job)', False),
        ('"""Return why there is no model."""', False),
        ('CharField(help_text="Only once is it shown.")', False),
        ('raise ValueError("Steps must be at least 1.")', False),
        ('Model("SSD MobileNet v2 320x320")', False),
    ],
)
def test_what_counts_as_a_sentence(line: str, is_found: bool) -> None:
    assert bool(list(sentences(line))) == is_found


def test_sentences_stand_in_messages_templates_and_forms() -> None:
    found = [f"{name}:{line}: {text}" for name, path in modules() for line, text in sentences(path.read_text())]
    assert found == []


def test_the_exceptions_are_needed() -> None:
    for name in EXCEPTIONS:
        place = ROOT / name
        paths = [place] if place.suffix else sorted(place.rglob("*.py"))
        assert any(list(sentences(path.read_text())) for path in paths), name
