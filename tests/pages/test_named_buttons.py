"""Every button that a page, a message or the docs tell people to click is there under that name."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SENTENCES = sorted(
    path
    for folder in ("ftcml", "datasets", "training", "detector/contract")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

_CLICKABLE = re.compile(r'<(button|a|summary|label)\b(?:[^>"]|"[^"]*")*>(.*?)</\1>', re.DOTALL)
_ACTION = re.compile(r"\{% action .*?%\}(.*?)\{% endaction %\}", re.DOTALL)
# What follows such a verb in capitals is a button's name.
_NAMED = re.compile(r"\b(?:[Cc]lick|[Pp]ress|[Tt]ap) (?=([A-Z].{0,60}))")
_KEYS = ("Ctrl", "Esc", "Tab", "Enter", "Alt", "Shift")


def _words(source: str) -> str:
    return " ".join(re.sub(r"<[^>]*>|\*\*", "", source).split())


def _clickable() -> set[str]:
    """Return every name, with each branch of a template's condition as a name of its own."""
    names = set()
    for path in TEMPLATES:
        source = path.read_text()
        for inner in [*(inner for _, inner in _CLICKABLE.findall(source)), *_ACTION.findall(source)]:
            names |= {_words(branch) for branch in re.split(r"\{%.*?%\}|\{\{.*?\}\}", inner)}
    return {name for name in names if len(name) > 1}


def _strings(path: Path) -> list[str]:
    """Return the texts in a program that people may read: all but docstrings."""
    tree = ast.parse(path.read_text())
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, holders)}
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [text for text in texts if text not in docs]


def _named(text: str) -> list[str]:
    """Return what stands behind "click" and the like where it begins with a capital."""
    return [words for words in _NAMED.findall(_words(text)) if not words.startswith(_KEYS)]


@pytest.mark.parametrize("kind", ["templates", "sentences", "docs"])
def test_a_button_that_is_named_exists(kind: str) -> None:
    texts = {
        "templates": [path.read_text() for path in TEMPLATES],
        "sentences": [text for path in SENTENCES for text in _strings(path)],
        "docs": [paragraph for path in DOCS for paragraph in path.read_text().split("\n\n")],
    }[kind]
    names = tuple(_clickable())
    assert [words for text in texts for words in _named(text) if not words.startswith(names)] == []


def test_a_name_that_no_button_has_is_found() -> None:
    assert _named("Then press Train\n Harder to go on, or click it.") == ["Train Harder to go on, or click it."]
    assert not "Train Harder".startswith(tuple(_clickable()))
