"""What the documents say is there is there."""

import ast
import io
import re
import subprocess
import tokenize
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_every_setting_is_told_of():
    settings_of_the_server = re.findall(r'\benv(?:\.\w+)?\("(\w+)"', (ROOT / "ftcml" / "settings.py").read_text())
    told = (ROOT / "docs" / "operators" / "operating.md").read_text()

    assert settings_of_the_server
    assert [name for name in settings_of_the_server if f"`{name}`" not in told] == []


def test_every_package_that_we_ask_for_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked_for = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = [re.match(r"[\w.-]+", wish)[0] for wish in asked_for]
    told = (ROOT / "docs" / "contributors" / "dependencies.md").read_text()

    assert [name for name in names if name not in told] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
    assert [target for target in targets if not (document.parent / target).exists()] == []


def anchors(document: Path) -> set[str]:
    """Return the places in a document that a link may name, as GitHub makes them of its headings."""
    headings = re.findall(r"^#+ +(.+)$", re.sub(r"```.*?```", "", document.read_text(), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_into_a_document_finds_its_heading(document):
    links = re.findall(r"\]\((?!https?:)([^)#]*\.md)?#([^)]+)\)", document.read_text())
    places = {f"{file}#{place}": (document.parent / file if file else document, place) for file, place in links}
    assert [link for link, (file, place) in places.items() if place not in anchors(file)] == []


def test_the_index_names_every_document():
    index = (ROOT / "docs" / "README.md").read_text()
    missing = [path.name for path in ROOT.glob("docs/*/*.md") if f"({path.relative_to(ROOT / 'docs')})" not in index]
    assert missing == []


@pytest.mark.parametrize("document", sorted(ROOT.glob("docs/*/*.md")), ids=lambda path: path.name)
def test_a_document_says_first_whom_it_is_for(document):
    text = re.sub(r"<!--.*?-->\s*|^!\[.*$", "", document.read_text(), flags=re.DOTALL)
    assert re.match(r"# [^\n]+\n\nFor .*?After reading you ", text.replace("Everyone", "For"), re.DOTALL)


def test_every_document_that_the_code_names_is_there():
    named = subprocess.run(["git", "grep", "-ohE", r"docs/[a-z/-]+\.md"], cwd=ROOT, capture_output=True, text=True)
    assert [path for path in set(named.stdout.split()) if not (ROOT / path).exists()] == []


# The changelog tells of earlier versions.
OF_TODAY = [document for document in DOCUMENTS if document.name != "CHANGELOG.md"]


# Files that people name, which are none of ours.
OF_OTHERS = {"models/feature_map_generators.py", "predictors/convolutional_keras_box_predictor.py"}


def our_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.split()


def unknown_programs(text: str, files: list[str]) -> list[str]:
    """Return the Python files that a text names and that are not there, each by as much of its path as it has."""
    named = {name.lstrip("./") for name in re.findall(r"(?<![\w*{<])[\w./-]*\w\.py\b(?!\w)", text)}
    return sorted(
        name for name in named - OF_OTHERS if not any(file == name or file.endswith(f"/{name}") for file in files)
    )


@pytest.mark.parametrize("document", OF_TODAY, ids=lambda path: path.name)
def test_every_program_that_is_named_is_there(document):
    assert unknown_programs(document.read_text(), our_files()) == []


def words_about_code(path: Path) -> str:
    """Return the comments and docstrings of a module that names a file of Python, "" for another."""
    source = path.read_text()
    if ".py" not in source:
        return ""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = [ast.get_docstring(node) or "" for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    return "\n".join([*comments, *docstrings])


def test_every_program_that_a_comment_names_is_there():
    files = our_files()
    modules = [ROOT / file for file in files if file.endswith(".py") and not file.startswith("templates/")]
    stale = {str(path.relative_to(ROOT)): unknown_programs(words_about_code(path), files) for path in modules}
    assert {path: names for path, names in stale.items() if names} == {}


def said_by_the_product() -> str:
    """Return all that templates, scripts and modules say, on one line."""
    kept = (".html", ".js", ".py", ".txt")
    texts = [(ROOT / file).read_text() for file in our_files() if file.endswith(kept) and not file.startswith("tests/")]
    joined = re.sub(r'"\s*\n\s*f?"', "", "\n".join(texts))
    return re.sub(r"\s+", " ", re.sub(r"</?[a-zA-Z][^<>]*>", "", joined)).lower()


def test_the_buttons_and_messages_that_documents_name_are_there():
    """A name in bold in a student's document, and a message in quotes that begins a row of a table."""
    said = said_by_the_product()
    students = "\n".join(re.sub(r"\*\*[^*]+[.:]\*\*", "", path.read_text()) for path in ROOT.glob("docs/students/*.md"))
    operators = "\n".join(path.read_text() for path in ROOT.glob("docs/operators/*.md"))
    named = [*re.findall(r"\*\*(\w[^*]*[^*.:])\*\*", students), *re.findall(r'^\| "([^"…]+)', operators, re.MULTILINE)]
    assert sorted({name for name in named if re.sub(r"\s+", " ", name).lower().strip(" .") not in said}) == []
