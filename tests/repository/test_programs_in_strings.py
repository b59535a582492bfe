"""Programs that stand in a string are imported by no linter, so a module that moves would leave them behind."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
OURS = ("bench", "datasets", "detector", "ftcml", "machine", "scripts", "tests", "training", "videos")
IMPORT = re.compile(rf"\bfrom ((?:{'|'.join(OURS)})(?:\.\w+)*) import (\w+)")


def strings() -> Iterator[tuple[Path, str]]:
    """Every string of every Python file of ours."""
    for folder in OURS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield path, node.value


def is_there(module: str, name: str) -> bool:
    place = ROOT.joinpath(*module.split("."))
    if place.is_dir():
        return (place / name).is_dir() or (place / f"{name}.py").exists() or name in (place / "__init__.py").read_text()
    return place.with_suffix(".py").exists() and name in place.with_suffix(".py").read_text()


def test_what_they_import_is_there() -> None:
    imports = [(path, *found) for path, text in strings() for found in IMPORT.findall(text)]
    assert len(imports) > 5
    assert [(str(path.relative_to(ROOT)), *found) for path, *found in imports if not is_there(*found)] == []
