"""The words of a reason are made to be shown. No program looks into them: it asks for the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

# What gives the words of a job's, an event's or a dataset's reason, in Python as in the API's answers.
WORDS = {"state_reason", "why", "error"}
# Methods and functions by which a text is searched.
SEARCHES = {
    "startswith", "endswith", "find", "rfind", "index", "count", "split", "partition", "rpartition", "replace",
    "removeprefix", "removesuffix", "search", "match", "fullmatch", "findall",
}  # fmt: skip
PYTHON = ("bench", "datasets", "detector", "ftcml", "training", "videos")
# The words stand in these, and nowhere else is a table of them read.
TABLES = {
    "training/messages/__init__.py": {
        "reason_words.SERVER",
        "reason_words.NOTES",
        "reason_words.FOLLOWING",
        "refusal_words.REFUSALS",
        "failure.WORDS",
    },
    "datasets/messages/__init__.py": {"messages.FAILURES", "messages.NOTES"},
}


def sources(folders: tuple[str, ...], *endings: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in (settings.BASE_DIR / folder).rglob("*") if path.suffix in endings)


def is_words(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in WORDS
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value in WORDS


def is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not node.value


def looks_into_words(node: ast.AST) -> bool:
    """Whether it compares a reason's words with others, or searches in them. Whether there are any may be asked."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        return any(map(is_words, sides)) and not any(map(is_nothing, sides))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SEARCHES:
        return is_words(node.func.value) or any(map(is_words, node.args))
    return False


def found_in(source: str) -> list[int]:
    return [node.lineno for node in ast.walk(ast.parse(source)) if looks_into_words(node)]


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ('"disk is full" in job.state_reason', True),
        ('job["state_reason"].startswith("The queue")', True),
        ("re.search(pattern, event.why)", True),
        ('dataset.error == "Something broke."', True),
        ("job.reason_code == Code.KILLED", False),
        ('print(job.state_reason or "no reason")', False),
        ('job.state_reason == ""', False),
    ],
)
def test_what_counts_as_looking_into_words(line: str, is_found: bool) -> None:
    assert bool(found_in(line)) == is_found


def test_no_program_looks_into_the_words_of_a_reason() -> None:
    found = [
        f"{path.relative_to(settings.BASE_DIR)}:{line}"
        for path in sources(PYTHON, ".py")
        for line in found_in(path.read_text())
    ]
    assert found == []


def test_no_template_and_no_script_does() -> None:
    """A template may print them or ask whether there are any; a script of a page never has them."""
    asks = re.compile(
        r"{%[^%]*\b(?:state_reason|\.why|dataset\.error)\b[^%]*(?:==|!=|\bin\b)|\bin\s+\w*\.?state_reason"
    )
    templates = [path for path in sources(("templates",), ".html") if asks.search(path.read_text())]
    scripts = [path for path in sources(("static/js",), ".js") if re.search(r"state_reason", path.read_text())]
    assert (templates, scripts) == ([], [])


def test_only_messages_read_the_tables_of_words() -> None:
    for path in sources(PYTHON, ".py"):
        name = str(path.relative_to(settings.BASE_DIR))
        for module, tables in TABLES.items():
            wanted = "|".join(map(re.escape, tables))
            assert name == module or not re.search(rf"\b(?:{wanted})\b", path.read_text()), name
