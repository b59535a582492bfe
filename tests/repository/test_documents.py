"""What the documents say is there is there."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def test_every_setting_is_told_of():
    settings_of_the_server = re.findall(r'\benv(?:\.\w+)?\("(\w+)"', (ROOT / "ftcml" / "settings.py").read_text())
    told = (ROOT / "docs" / "operating.md").read_text()

    assert settings_of_the_server
    assert [name for name in settings_of_the_server if f"`{name}`" not in told] == []


def test_every_package_that_we_ask_for_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked_for = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = [re.match(r"[\w.-]+", wish)[0] for wish in asked_for]
    told = (ROOT / "docs" / "dependencies.md").read_text()

    assert [name for name in names if name not in told] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
    assert [target for target in targets if not (document.parent / target).exists()] == []


# The changelog tells of earlier versions.
OF_TODAY = [document for document in DOCUMENTS if document.name != "CHANGELOG.md"]


@pytest.mark.parametrize("document", OF_TODAY, ids=lambda path: path.name)
def test_every_test_that_is_named_is_there(document):
    named = re.findall(r"tests/[\w/]+\.py", document.read_text())
    assert [name for name in named if not (ROOT / name).exists()] == []
