"""The words that people read, cut into passages: one paragraph, cell, label or message each."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings
from django.template import Node, Template
from django.template.base import TextNode
from django.template.defaulttags import IfNode, URLNode
from django.template.library import SimpleBlockNode
from django.template.loader_tags import IncludeNode

from ftcml.accounts.templatetags.glossary_links import term

ROOT = Path(settings.BASE_DIR)
# Stands for what isn't prose: code, a file's name, a value that is filled in.
NAME = "Name"
PYTHON = ("ftcml", "videos", "datasets", "training", "detector", "machine", "scripts")
# Elements that stand inside a sentence. All others end it.
INLINE = {
    "a", "abbr", "b", "code", "em", "i", "kbd", "mark", "q", "small", "span", "strong", "sub", "sup", "time", "var",
}  # fmt: skip
SPOKEN = ("alt", "aria-label", "placeholder", "title")


@dataclass(frozen=True)
class Passage:
    """A text that is read in one go, and where it stands."""

    file: str
    text: str

    @property
    def sentences(self) -> list[str]:
        ends = re.sub(r"\b(e\.g|i\.e|vs|St|No)\.", r"\1", self.text)
        return [sentence.strip() for sentence in re.split(r"(?<=[.!?:])[\"”)]*\s+", ends) if words(sentence)]


def words(text: str) -> list[str]:
    """Return the words of a text: what has a letter or a digit in it."""
    return [word for word in re.findall(r"[^\s/–—→]+", text) if re.search(r"\w", word)]


def tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def of_document(path: Path) -> list[Passage]:
    """Return the prose of a Markdown file: no code, no addresses, no pictures."""
    text = re.sub(r"^( *)(```|~~~).*?^\1\2\s*$", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"<!--.*?-->|!\[[^\]]*\]\([^)]*\)", "", text, flags=re.DOTALL)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"``.+?``|`[^`]+`", NAME, text, flags=re.DOTALL)
    text = re.sub(r"^\s*\|?[\s:|-]+\|[\s:|-]*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\*\*|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)", "", text)
    found = []
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)|\n(?=#)|(?<=\n)(?=\|)|\n(?=>)", text):
        heading = block.lstrip().startswith("#")
        cells = block.split("|") if block.lstrip().startswith("|") else block.split("\n") if heading else [block]
        found += [re.sub(r"^\s*(?:[-*]|\d+\.|#+|>)\s+", "", cell) for cell in cells]
    return [Passage(str(path.relative_to(ROOT)), tidy(text)) for text in found if words(text)]


class _Html(HTMLParser):
    """Collects what a page shows or says."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = [""]
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self._silent += 1
        if tag not in INLINE:
            self.found.append("")
        if tag == "code" or tag == "kbd":
            self._silent += 1
            self.found[-1] += NAME
        spoken = dict(attrs)
        self.found[:-1] += [value for name in SPOKEN if (value := spoken.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "code", "kbd"}:
            self._silent -= 1
        if tag not in INLINE:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found[-1] += data


def _inside(node: Node) -> list[Node]:
    names = dict.fromkeys([*node.child_nodelists, "nodelist"])
    return [child for name in names for child in getattr(node, name, None) or []]


def _source(nodes: list[Node], way: int) -> str:
    """Return a template's HTML as it would be sent, with the branch of that number wherever it chooses."""
    parts = []
    for node in nodes:
        if isinstance(node, TextNode):
            parts.append(node.s)
        elif isinstance(node, IfNode):
            branches = [list(branch) for _, branch in node.conditions_nodelists]
            if node.conditions_nodelists[-1][0] is not None:
                branches.append([])
            parts.append(_source(branches[min(way, len(branches) - 1)], way))
        elif isinstance(node, URLNode):
            continue
        elif isinstance(node, IncludeNode):
            parts.append("<p></p>")
        else:
            inside = _inside(node)
            content = _source(inside, way)
            shows = NAME if not inside and "Comment" not in type(node).__name__ else content
            ends_a_sentence = isinstance(node, SimpleBlockNode) and node.func is not term
            parts.append(f"<p>{shows}</p>" if ends_a_sentence else shows)
    return "".join(parts)


def of_template(path: Path) -> list[Passage]:
    """Return what a template shows, once for each of the ways that its conditions can go."""
    return [Passage(str(path.relative_to(ROOT)), text) for text in shown_by(path.read_text())]


def shown_by(source: str) -> list[str]:
    """Return the texts of a template's source, each once."""
    nodes = list(Template(source).nodelist)
    found: dict[str, None] = {}
    for way in range(5):
        page = _Html()
        page.feed(_source(nodes, way))
        found |= dict.fromkeys(text for part in page.found if words(text := tidy(part)))
    return list(found)


def said(node: ast.expr) -> str:
    """Return the text of a literal, with NAME for each value that is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    parts = [part.value if isinstance(part, ast.Constant) else NAME for part in getattr(node, "values", [])]
    return "".join(map(str, parts))


def docstrings_and_logs(tree: ast.AST) -> set[ast.AST]:
    """Return the literals of a program that say nothing to a person, and the parts of longer ones."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(node.value)
        if isinstance(node, ast.Call) and re.search(r"\blog(?:ger|ging)?\b|^re\.|regex", ast.unparse(node.func)):
            found |= set(ast.walk(node))
        if isinstance(node, ast.JoinedStr):
            found |= {part for part in ast.walk(node) if part is not node}
    return found


def of_python(path: Path) -> list[Passage]:
    """Return the sentences that a module can say: its texts of three words or more, no docstrings, no log lines."""
    tree = ast.parse(path.read_text())
    passed_over = docstrings_and_logs(tree)
    found = []
    for node in ast.walk(tree):
        if node not in passed_over and isinstance(node, ast.Constant | ast.JoinedStr):
            text = re.sub(r"\{[^}]*\}|%\(\w+\)[sd]|%[sd]", NAME, said(node))
            if is_prose(text):
                found += [
                    Passage(str(path.relative_to(ROOT)), line) for part in text.split("\n") if (line := tidy(part))
                ]
    return found


def is_prose(text: str) -> bool:
    """Whether a text in a program is a sentence: three words of letters, the first not a tag, a path or a query."""
    return len(re.findall(r"(?<![\w/._-])[A-Za-z’']+(?![\w/_-])", text)) >= 3 and not re.search(
        r"^\s*[<{#./]|\bSELECT\b", text
    )


def of_script(path: Path) -> list[Passage]:
    """Return the sentences that a page's script can say."""
    source = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text(), flags=re.DOTALL)
    texts = re.findall(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`', source)
    said = [re.sub(r"\$\{[^}]*\}", NAME, text) for pair in texts for text in pair]
    return [Passage(str(path.relative_to(ROOT)), tidy(text)) for text in said if is_prose(text)]


def documents() -> list[Path]:
    """Return all documents but the changelog's old entries, which name things as they were called."""
    return sorted(path for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")] if path.name != "CHANGELOG.md")


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def modules() -> Iterator[Path]:
    """Yield the modules of the product that may say something to a person."""
    for folder in PYTHON:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not {"migrations", "protos"} & set(path.parts):
                yield path


def scripts() -> list[Path]:
    return sorted((ROOT / "static" / "js").rglob("*.js"))
