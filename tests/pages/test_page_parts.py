"""The parts that all templates share: each pattern stands in one place."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

TEMPLATES = sorted(Path(settings.BASE_DIR / "templates").rglob("*.html"))


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_a_time_carries_its_zone_for_the_browser_to_show() -> None:
    moment = datetime(2026, 1, 2, 15, 4, 5, tzinfo=UTC)
    expected = '<time class="hint" datetime="2026-01-02T15:04:05+00:00">Jan 2, 2026, 15:04</time>'
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


@pytest.mark.parametrize("pattern", ["<time", "data-live", "list-changed from:body"])
def test_templates_use_the_shared_part(pattern: str) -> None:
    assert [str(path) for path in TEMPLATES if pattern in path.read_text()] == []
