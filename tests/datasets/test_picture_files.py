"""Which picture an annotation means, where several have its name."""

import io
import time
import zipfile
from itertools import takewhile
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.archive import Archive
from datasets.formats.files import PictureFiles, one_line

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
def test_it_is_the_one_with_most_folders_in_common(names: set[str], path: str, beside: str) -> None:
    """With the end of the path that is named, then with the place of the annotation."""

    def nearness(picture: str) -> tuple[int, int]:
        folders = PurePosixPath(picture).parts[:-1]
        ends = shared(PurePosixPath(path).parts[:-1][::-1], folders[::-1])
        return ends, shared(PurePosixPath(beside).parts, folders)

    found = pictures(sorted(names)).named(path, f"{beside}/note.xml")
    named_so = [name for name in names if PurePosixPath(name).name == PurePosixPath(path).name]
    assert (found is None) == (not named_so)
    assert found is None or nearness(found) == max(map(nearness, named_so))


def test_thousands_of_pictures_with_one_name_are_told_apart_at_once() -> None:
    """To compare each annotation with each of them would take an hour for as many as a zip may have."""
    found = pictures([f"{number}/a.jpg" for number in range(2500)])
    began = time.process_time()
    assert all(found.named("a.jpg", f"{number}/a.xml") == f"{number}/a.jpg" for number in range(2500))
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
