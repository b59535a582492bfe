"""Every sentence is written for a reader of 12: known words, short sentences, American spelling.

Words and limits are those of our style: CONTRIBUTING.md. A failure says what to write instead.
"""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from ftcml.accounts.pages.help import glossary
from tests.repository import passages
from tests.repository.passages import NAME, ROOT, Passage, words
from tests.repository.word_lists import BRITISH, NAMES, NEVER, SPELLED_BY_OTHERS, TERMS

PAGE_WORDS, DOCUMENT_WORDS, HIGHEST_GRADE, LONGEST_LINE = 20, 25, 8.0, 100


def pages() -> list[Path]:
    return [*passages.templates(), *passages.scripts(), *passages.modules()]


@cache
def of(path: Path) -> list[Passage]:
    kinds = {".md": passages.of_document, ".html": passages.of_template, ".js": passages.of_script}
    return kinds.get(path.suffix, passages.of_python)(path)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def grade(texts: list[Passage]) -> float | None:
    """Return the American school grade that reads a text with ease, None where there is too little to judge.

    It's the Automated Readability Index (Senter and Smith, 1967). It counts letters, which a program does exactly.
    Other formulas count syllables: textstat fetches a dictionary for these when it runs, and pyphen finds one in
    "video", "able" and "ready".
    """
    sentences = [sentence for passage in texts for sentence in passage.sentences if len(words(sentence)) >= 4]
    plain = [TERMS.sub("name", NAMES.sub("name", sentence)) for sentence in sentences]
    counted = [word for sentence in plain for word in words(sentence)]
    if len(counted) < 60:
        return None
    letters = sum(len(re.findall(r"\w", word)) for word in counted)
    return 4.71 * letters / len(counted) + 0.5 * len(counted) / len(plain) - 21.43


def test_the_grade_of_known_texts() -> None:
    easy = "The dog ran to the tree. The cat sat on the mat. We saw it from the road and we all had fun. " * 5
    hard = (
        "Notwithstanding considerable methodological heterogeneity, contemporary investigations demonstrate it. " * 10
    )
    assert grade([Passage("", easy)]) < 2
    assert grade([Passage("", hard)]) > 20
    assert grade([Passage("", "Too short to say.")]) is None


def test_a_template_is_read_with_each_of_its_branches() -> None:
    source = """<p>You have {{ count }} frame{% if count != 1 %}s{% endif %}.</p>
        <p>{% if ready %}Click <strong>Start</strong>.{% elif late %}Try again.{% else %}Wait.{% endif %}</p>
        {% field form.name %}Short is <em>best</em>.{% endfield %}
        <button aria-label="Close it"><code>make run</code></button>{# Not shown. #}"""
    shown = ["You have Name frames.", "You have Name frame.", "Click Start.", "Try again.", "Wait.", "Short is best."]
    assert set(passages.shown_by(source)) == {*shown, "Close it", NAME}


def never_words(passage: Passage) -> list[str]:
    found = {
        instead: match[0]
        for pattern, instead in NEVER.items()
        if (match := re.search(rf"(?<![\w-])(?:{pattern})(?![\w-])", passage.text, re.IGNORECASE))
    }
    return [f"instead of “{word}” write “{instead}”: {passage.text[:160]}" for instead, word in found.items()]


def riddles(passage: Passage) -> list[str]:
    """Return the sentences in which a reader has to look for the verb. A question may begin so."""
    begins = re.compile(r"(?:What|Who|Whoever|Whatever) [^?]*\.$")
    return [f"begin with the thing or the reader: {one}" for one in passage.sentences if begins.match(one)]


def long_sentences(passage: Passage, most: int) -> list[str]:
    counted = [(len(words(sentence)), sentence) for sentence in passage.sentences]
    return [f"{count} words, {most} at most: {sentence}" for count, sentence in counted if count > most]


@pytest.mark.parametrize("path", [*pages(), *passages.documents()], ids=name)
def test_its_sentences_are_plain(path: Path) -> None:
    most = DOCUMENT_WORDS if path.suffix == ".md" else PAGE_WORDS
    wrong = [fault for one in of(path) for fault in [*never_words(one), *riddles(one), *long_sentences(one, most)]]
    for_contributors = path.suffix == ".md" and "students" not in path.parts and path.name != "README.md"
    found = None if for_contributors else grade(of(path))
    if found is not None and found > HIGHEST_GRADE:
        wrong.append(f"grade {found:.1f}, at most {HIGHEST_GRADE:.0f}: use shorter words and sentences")
    assert not wrong, "\n".join([name(path), *wrong])


@pytest.mark.parametrize("path", [*passages.documents(), ROOT / "CHANGELOG.md"], ids=name)
def test_lines_of_documents_fit_a_narrow_window(path: Path) -> None:
    """Rows of tables, addresses, and what is typed or printed can't be broken."""
    text = re.sub(r"```.*?```", lambda code: "\n" * code[0].count("\n"), path.read_text(), flags=re.DOTALL)
    long = [
        f"line {number}: {len(line)} letters"
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > LONGEST_LINE and not re.match(r"\s*\||\s*(?:- )?\S+$|!\[", line) and "https://" not in line
    ]
    assert not long, "\n".join([name(path), *long])


# Sentences of earlier versions, as migrations have to find them.
FROM_EARLIER_VERSIONS = {"tests/training/test_reasons.py"}

ANY_BRITISH = re.compile(rf"(?<![a-z])(?:{'|'.join(BRITISH)})", re.IGNORECASE)


def test_spelling_is_american() -> None:
    """In prose and in the names of code alike. What earlier versions wrote stays as it was."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    wrong = []
    for file in listed:
        path = ROOT / file
        text_file = path.suffix in {".py", ".md", ".html", ".js", ".css", ".txt", ".toml", ".yml", ".cmd", ".ts"}
        if (
            not text_file
            or path.name == "word_lists.py"
            or "/migrations/" in file
            or file in FROM_EARLIER_VERSIONS
            or not path.exists()
        ):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            ours = SPELLED_BY_OTHERS.sub("", line)
            if not ANY_BRITISH.search(ours):
                continue
            wrong += [
                f"{file}:{number}: {british} -> {american}"
                for british, american in BRITISH.items()
                if re.search(rf"(?<![a-z]){british}", ours, re.IGNORECASE)
            ]
    assert not wrong, "\n".join(wrong)


def test_the_glossary_of_the_docs_is_that_of_the_pages() -> None:
    document = ROOT / "docs" / "students" / "glossary.md"
    renew = "python -m ftcml.accounts.pages.help.glossary > docs/students/glossary.md"
    assert document.read_text() == glossary.as_markdown(), f"Write it anew: {renew}"
    assert len(glossary.TERMS) == len({term.slug for term in glossary.TERMS}) == 26
    pictures = {term.picture.file for term in glossary.TERMS if term.picture}
    assert pictures == {path.name for path in (ROOT / "static" / "img" / "glossary").glob("*.svg")}
