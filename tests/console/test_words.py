import pytest

from ftcml.console.templatetags.console_words import minutes, size


@pytest.mark.parametrize(("seconds", "words"), [(0, "0"), (90, "1.5"), (36_000, "600"), (6_000_000, "100,000")])
def test_minutes(seconds: int, words: str) -> None:
    assert minutes(seconds) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1.0 kB"), (2 * 10**9, "2.0 GB"), (5 * 10**15, "5,000.0 TB")],
)
def test_sizes(count: int, words: str) -> None:
    assert size(count) == words
