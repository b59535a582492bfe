"""Some of the archives of `make fuzz`: whatever is wrong with one, its import ends well or with a sentence."""

from pathlib import Path

import pytest
from rest_framework.test import APIClient

from bench.imports import fuzz
from bench.imports.mutations import KINDS, zipped
from datasets.formats.catalog import FORMATS
from ftcml.accounts.models import Team

# Files go when a deletion is committed.
pytestmark = pytest.mark.django_db(transaction=True)

SEED = 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_with_something_wrong(kind: str, team: Team, member_api: APIClient, tmp_path: Path) -> None:
    """In each format, and as the same seed always makes it: `python -m bench fuzz --seed 1 --only NUMBER`."""
    wrong = [case for case in fuzz.cases(SEED, len(FORMATS) * len(KINDS)) if case.kind == kind]
    assert {case.form for case in wrong} == set(FORMATS)
    outcomes = [fuzz.imported(case, team, member_api, tmp_path) for case in wrong]
    assert [outcome for outcome in outcomes if outcome.problem] == []


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_mutated_is_sound(form: str, team: Team, member_api: APIClient, tmp_path: Path) -> None:
    """Without a mutation the import ends READY, so what a mutation leads to is its own doing."""
    sound = fuzz.Case(0, form, "nothing", True, zipped(fuzz.sound_files(form)))  # by the API
    outcome = fuzz.imported(sound, team, member_api, tmp_path)
    assert (outcome.state, outcome.problem) == ("READY", "")


def test_the_same_seed_makes_the_same_archives() -> None:
    count = len(KINDS) * len(FORMATS)
    first, again, other = (list(fuzz.cases(seed, count)) for seed in (SEED, SEED, SEED + 1))
    assert first == again
    alike = sum(one.archive == another.archive for one, another in zip(first, other, strict=True))
    assert alike < count / 10  # two seeds may break the same thing in the same way now and then


def sound_voc() -> fuzz.Case:
    return fuzz.Case(0, "voc", "nothing", False, zipped(fuzz.sound_files("voc")))


def test_an_error_that_nobody_foresaw_is_a_problem(team: Team, member_api: APIClient, tmp_path: Path, settings) -> None:
    settings.IMPORT_MAX_UNPACKED_BYTES = "much"
    outcome = fuzz.imported(sound_voc(), team, member_api, tmp_path)
    assert (outcome.state, outcome.problem) == ("FAILED", "an error that nobody foresaw")


def test_what_lies_about_afterwards_is_a_problem(team: Team, member_api: APIClient, tmp_path: Path, settings) -> None:
    (settings.WORK_DIR / "import-forgotten").mkdir(parents=True)
    outcome = fuzz.imported(sound_voc(), team, member_api, tmp_path)
    assert outcome.problem == "left behind: ['import-forgotten']"
