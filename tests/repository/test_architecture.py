"""What `make lint` checks, so that `make test` finds it too: style, types, and the arrows between the parts."""

import ast
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["lint-imports", "--no-logo"]], ids=" ".join
)
def test_the_code_keeps_its_rules(command):
    program, *options = command
    answer = subprocess.run([BIN / program, *options], cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr


APPS = ("bench", "datasets", "detector", "ftcml/*", "machine", "training", "videos")
MOST_MODULES = 12
# An address of a page and one of the API, a command and what it calls, may share their name: they are one subject.
SHARING = ("api", "commands", "pages")


def modules(pattern: str) -> list[Path]:
    found = [path for folder in Path(settings.BASE_DIR).glob(pattern) for path in folder.rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts and path.stem not in ("__init__", "__main__")]


def folders() -> list[Path]:
    return sorted(
        {
            path.parent
            for app in ("bench", "datasets", "detector", "ftcml", "machine", "training", "videos")
            for path in modules(app)
        }
    )


@pytest.mark.parametrize("app", APPS)
def test_a_module_name_stands_once_in_an_app(app):
    apps = Path(settings.BASE_DIR).glob(app)
    for folder in (path for path in apps if path.is_dir()):
        names = Counter(
            path.stem
            for path in modules(str(folder.relative_to(settings.BASE_DIR)))
            if path.parent.name not in SHARING and path.stem != "urls"
        )
        assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: str(folder.relative_to(settings.BASE_DIR)))
def test_a_folder_says_what_may_live_in_it_and_stays_small(folder):
    if folder.name not in ("management", "commands", "templatetags"):
        assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    assert len([path for path in folder.glob("*.py") if path.stem != "__init__"]) <= MOST_MODULES


def test_the_image_holds_all_that_the_server_imports():
    house = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())
    dockerfile = (Path(settings.BASE_DIR) / "Dockerfile").read_text()
    for package in house["tool"]["importlinter"]["root_packages"]:
        assert f"COPY {package}/ {package}/" in dockerfile


def test_the_types_of_every_part_are_checked():
    folders = (path for path in settings.BASE_DIR.iterdir() if path.is_dir() and not path.name.startswith("."))
    # Templates hold programs for robots; the other two are folders of others.
    unchecked = {"tests", "templates", "node_modules", "var"}
    parts = {folder.name for folder in folders if folder.name not in unchecked and any(folder.rglob("*.py"))}
    checked = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["mypy"]["files"]
    assert set(checked) == {*parts, "manage.py"}
