"""Which picture an annotation means, where several have its name."""

import io
import time
import zipfile
from itertools import takewhile
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.archive.zip_archive import Archive
from datasets.formats.common.picture_files import PictureFiles, one_line

FOLDERS = st.lists(st.sampled_from("ab"), max_size=4).map("/".join)
NAMES = st.sampled_from(["1.jpg", "2.jpg"])
PATHS = st.builds(lambda folders, name: str(PurePosixPath(folders, name)), FOLDERS, NAMES)


def pictures(names: list[str]) -> PictureFiles:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for name in names:
            opened.writestr(name, b"")
    return PictureFiles(Archive(stream))


def shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


@settings(max_examples=50)
@given(st.sets(PATHS, min_size=1), PATHS, FOLDERS)
def test_what_is_found_has_the_name_and_no_other_fits_better(names: set[str], path: str, beside: str) -> None:
    """With the end of the path that is named, then with the place of the annotation."""

    def nearness(picture: str) -> tuple[int, ...]:
        folders, around, own = (PurePosixPath(place).parts for place in (PurePosixPath(picture).parent, beside, parent))
        ends = [shared(ending[::-1], folders[::-1]) for ending in (own, around + own)]
        return (*ends, shared(around, folders), around == folders)

    parent = str(PurePosixPath(path).parent)
    found = pictures(sorted(names)).named(path, str(PurePosixPath(beside, "note.xml")))
    named_so = [name for name in names if PurePosixPath(name).name == PurePosixPath(path).name]
    if found is None:
        best = sorted(map(nearness, named_so))[-2:]
        is_tie = len(best) == 2 and best[0] == best[1]
        assert not named_so or is_tie or any(nearness(name) > best[-1] for name in names)
    else:
        assert found in named_so
        around = PurePosixPath(found).parent
        assert all(
            nearness(found) > nearness(name)
            or (nearness(found) == nearness(name) and around in PurePosixPath(name).parent.parents)
            for name in named_so
            if name != found
        )


@pytest.mark.parametrize(
    ("names", "path", "beside", "found"),
    [
        (["train/1.jpg", "val/1.jpg"], "1.jpg", "annotations/val/1.xml", "val/1.jpg"),
        (["train/1.jpg", "valid/1.jpg"], "1.jpg", "annotations/val/1.xml", "valid/1.jpg"),
        (["train/1.jpg", "val/1.jpg"], "1.jpg", "annotations/1.xml", None),
        (["train/1.jpg", "val/1.jpg", "train/2.jpg"], "2.jpg", "annotations/val/2.xml", None),
        (["train/1.jpg", "val/2.jpg", "train/3.jpg"], "3.jpg", "annotations/val/3.xml", "train/3.jpg"),
        (["one/images/1.jpg", "two/images/1.jpg"], "1.jpg", "two/labels/1.xml", "two/images/1.jpg"),
        (["1.jpg", "images/1.jpg"], "1.jpg", "1.xml", "1.jpg"),
        (["images/1.jpg", "images/red/1.jpg"], "1.jpg", "annotations/1.xml", "images/1.jpg"),
        (["images/1.jpg", "images/1.png"], "1.gif", "annotations/1.xml", None),
        (["a.jpg", "A.jpg"], "A.jpg", "A.xml", "A.jpg"),
        (["a.jpg"], "A.JPG", "A.xml", "a.jpg"),
    ],
)
def test_a_name_is_looked_for_in_its_own_folder_then_everywhere(
    names: list[str], path: str, beside: str, found: str | None
) -> None:
    assert pictures(names).named(path, beside) == found


def test_thousands_of_pictures_with_one_name_are_told_apart_at_once() -> None:
    """To compare each annotation with each of them would take an hour for as many as a zip may have."""
    found = pictures([f"{number}/a.jpg" for number in range(2500)])
    began = time.process_time()
    assert all(found.named("a.jpg", f"{number}/a.xml") == f"{number}/a.jpg" for number in range(2500))
    assert time.process_time() - began < 5


def test_thousands_of_pictures_that_cannot_be_told_apart_are_given_up_at_once() -> None:
    found = pictures([f"{number}/a.jpg" for number in range(2500)])
    began = time.process_time()
    assert not any(found.named("a.jpg", "all.json") for _ in range(2500))
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\0b", "ab"),
        ("\ud800cone", "cone"),
        (" red \n\t cone ", "red cone"),
        (None, ""),
        ("e\u0301", "é"),
        ("x" * 5000, "x" * 1000),
    ],
)
def test_a_text_becomes_one_that_every_database_and_file_can_hold(text: str | None, clean: str) -> None:
    assert one_line(text) == clean
