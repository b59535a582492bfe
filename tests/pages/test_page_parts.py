"""The parts that all templates share: each pattern stands in one place."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from ftcml.accounts.pages.help import glossary

STATIC = Path(settings.BASE_DIR / "static")
COLOR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b|(?:rgb|hsl)a?\(")
MOST_IN_A_FOLDER = 12
TEMPLATES = sorted(Path(settings.BASE_DIR / "templates").rglob("*.html"))


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_a_time_carries_its_zone_for_the_browser_to_show() -> None:
    moment = datetime(2026, 1, 2, 15, 4, 5, tzinfo=UTC)
    expected = '<time class="hint" datetime="2026-01-02T15:04:05+00:00">Jan 2, 2026, 3:04 PM UTC</time>'
    assert rendered('{% time moment css="hint" %}', moment=moment) == expected


def test_no_time_is_said_in_words() -> None:
    assert rendered('{% time moment otherwise="not yet" %}', moment=None) == "not yet"


def test_a_part_that_refreshes_gives_nothing_of_that_to_what_lies_in_it() -> None:
    attributes = dict(
        re.findall(r'([\w-]+)="([^"]*)"', rendered('{% refreshing "/a/" target="#rows" also="change" %}'))
    )
    assert attributes["hx-trigger"] == "refresh, list-changed from:body, change"
    set_here = {"hx-target", "hx-swap", "hx-sync"}
    assert (
        set_here
        == set(attributes["hx-disinherit"].split())
        == attributes.keys() - {*("hx-get", "hx-trigger", "hx-disinherit")}
    )


def test_what_is_sent_along_is_escaped() -> None:
    part = rendered("{% refreshing address since=since %}", address="/a/?x=1&y=2", since=7)
    assert 'hx-get="/a/?x=1&amp;y=2"' in part
    assert "{&quot;since&quot;: 7}" in part


def test_a_comment_ends_on_its_line_or_it_would_be_read_on_the_page() -> None:
    lines = [(path, line) for path in TEMPLATES for line in path.read_text().splitlines()]
    assert [(str(path), line) for path, line in lines if line.count("{#") != line.count("#}")] == []


@pytest.mark.parametrize("pattern", ["<time", "data-live", "list-changed from:body"])
def test_templates_use_the_shared_part(pattern: str) -> None:
    assert [str(path) for path in TEMPLATES if pattern in path.read_text()] == []


def test_colors_stand_in_the_palette_alone() -> None:
    styles = [path for path in (STATIC / "css").rglob("*.css") if path.name != "palette.css"]
    values = [(path, line.partition("{")[2]) for path in styles for line in path.read_text().splitlines()]
    assert [(str(path), found) for path, value in values if (found := COLOR.findall(value))] == []
    scripts = [(path, re.findall(r"""["'`](.*?)["'`]""", path.read_text())) for path in (STATIC / "js").rglob("*.js")]
    assert [(str(path), text) for path, texts in scripts for text in texts if COLOR.fullmatch(text)] == []


def test_every_color_that_is_used_is_in_the_palette() -> None:
    defined = set(re.findall(r"(--[\w-]+):", "".join(path.read_text() for path in (STATIC / "css").rglob("*.css"))))
    used = {
        name for path in (STATIC / "css").rglob("*.css") for name in re.findall(r"var\((--[\w-]+)", path.read_text())
    }
    assert {name for name in used - defined if not name.startswith("--bs-")} == set()


@pytest.mark.parametrize("folder", ["css", "js"])
def test_no_folder_holds_more_than_one_sees_at_once(folder: str) -> None:
    folders = [path for path in [STATIC / folder, *(STATIC / folder).rglob("*")] if path.is_dir()]
    assert [str(path) for path in folders if len(list(path.iterdir())) > MOST_IN_A_FOLDER] == []


def test_a_word_leads_to_its_place_in_the_glossary() -> None:
    link = rendered('{% load glossary_links %}{% term "step" %}steps{% endterm %}')
    assert link.startswith('<a class="term" href="/glossary/#step" target="_blank" title="One small lesson.')
    assert link.endswith(">steps</a>")


def test_every_word_that_a_page_links_is_in_the_glossary() -> None:
    link = re.compile(r"""{% term "([^"]*)" %}|{% url 'glossary' %}#([\w-]+)""")
    linked = {one or other for path in TEMPLATES for one, other in link.findall(path.read_text())}
    assert linked >= {"step", "epoch", "batch-size", "split", "near-duplicates", "precision", "recall", "map", "loss"}
    assert linked <= {term.slug for term in glossary.TERMS}
