"""The names and folders of data.yaml, as tools, people and editors write them."""

import time
from contextlib import suppress

import pytest

from datasets.refusals import DatasetRefused
from datasets.split import Split
from tests.datasets.archives import picture
from tests.datasets.formats.yolo.yolo_files import A_LINE, BALL, beside, two_folders
from tests.datasets.reading import read


@pytest.mark.parametrize(
    "names",
    [
        "ball\r\ncube\r\n".encode("utf-16"),
        "\ufeffball\ncube\n".encode(),
        b"ball\n\n\n",
    ],
    ids=["windows' shell", "windows' editor", "blank lines at the end"],
)
def test_names_in_the_ways_of_editors(names: bytes) -> None:
    assert read(beside(**{"classes.txt": names})).boxes == {"a.jpg": BALL}


def test_names_in_the_letters_of_old_windows() -> None:
    assert read(beside(**{"classes.txt": "Würfel".encode("cp1252")})).boxes == {"a.jpg": [("Würfel", 20, 30, 80, 90)]}


def test_data_yaml_is_believed_before_what_tools_left_behind() -> None:
    files = beside() | {"data.yaml": 'names: ["cube"]', "obj.names": "robot", "other.yaml": "names: nothing"}
    assert read(files).boxes == {"a.jpg": [("cube", 20, 30, 80, 90)]}


def test_of_nested_folders_in_data_yaml_the_inner_one_counts() -> None:
    files = {"images/1.jpg": picture(), "images/hall/2.jpg": picture(), "1.txt": A_LINE}
    files["data.yaml"] = "train: images\nval: images/hall\nnames: [ball]"
    assert read(files).splits == {"images/1.jpg": Split.TRAINING, "images/hall/2.jpg": Split.EVALUATION}


def test_folders_of_data_yaml_that_are_not_there_say_nothing() -> None:
    files = beside() | {"data.yaml": "train: /content/x/train\nval: valid/images\ntest: [1, {a: b}]\nnames: [ball]"}
    found = read(files)
    assert found.splits == {"a.jpg": None}
    text = "Places that aren't in the zip file: 3 of 3, for example “/content/x/train”."
    assert found.repairs == [("split_lost", "data.yaml", text)]


def test_lines_of_a_list_that_lead_to_no_picture_are_counted_once() -> None:
    """data.yaml names the list, and so does its own name."""
    files = beside() | {"b.jpg": picture(), "train.txt": "x/a.jpg\n\n", "val.txt": "x/b.jpg\nx/c.jpg\nb\n"}
    files["data.yaml"] = "train: train.txt\nval: val.txt\nnames: [ball]"
    found = read(files)
    assert found.splits == {"a.jpg": Split.TRAINING, "b.jpg": Split.EVALUATION}
    text = "Lines that don't match exactly one picture: 2 of 3, for example “x/c.jpg”."
    assert found.repairs == [("split_lost", "val.txt", text)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: &a [x, x]\nb: &b [*a, *a]\nnames: [*b, *b]", "“data.yaml” refers to its own parts"),
        ("names: &n [ball]", "“data.yaml” refers to its own parts"),
        ("names: " + "[" * 50_000, "“data.yaml” has too many levels."),
        ("names:\n" + "".join(" " * depth + "- \n" for depth in range(30)), "“data.yaml” has too many levels"),
        ("names: [ball", "“data.yaml” isn't valid YAML."),
        ("names: [ball]\n? [a]\n: b", "“data.yaml” isn't valid YAML."),
        ('names: ["\\UFFFFFFFF"]', "“data.yaml” isn't valid YAML."),
        ("names: [ball]\n" + "# more\n" * 50_000, "“data.yaml” is too long."),
    ],
    ids=["grows", "anchor", "nests", "nests in lines", "cut off", "odd key", "no letter", "long"],
)
def test_yaml_that_no_tool_writes(text: str, sentence: str) -> None:
    with pytest.raises(DatasetRefused) as refused:
        read(two_folders() | {"data.yaml": text})
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    "text",
    [
        "train:\ttrain/images\nval: valid/images\nnames:\n\t- ball\n\t- cube\n",
        'path: "C:\\Users\\new"\ntrain: "..\\train\\images"\nval:\n- "D:\\x\\valid\\images"\nnames: ["b\\u0061ll"]\n',
        "train: C:\\new\\train\\images\nval: .\\valid\\images\nnames: {0: ball}\n",
    ],
    ids=["tabs", "paths of Windows", "the same without quotes"],
)
def test_yaml_as_people_and_windows_write_it(text: str) -> None:
    found = read(two_folders() | {"data.yaml": text})
    assert found.boxes == {"train/images/train.jpg": BALL, "valid/images/valid.jpg": BALL}
    assert list(found.splits.values()) == [Split.TRAINING, Split.EVALUATION]


@pytest.mark.parametrize(
    "text",
    ["\n" * 150_000, "names:\n" + "\n" * 150_000, "names: [" + "'a\n" * 15_000, 'names: "' + "a \n" * 15_000 + '"',
     "names: {" + "a: b, " * 10_000, "names:\n" + "- a\n" * 15_000, "names: " + "? " * 20_000, " " * 150_000 + ":"],
)  # fmt: skip
def test_the_longest_yaml_is_read_or_refused_in_a_moment(text: str) -> None:
    before = time.process_time()
    with suppress(DatasetRefused):
        read(two_folders() | {"data.yaml": text, "classes.txt": "ball"})
    assert time.process_time() - before < 1


def test_yaml_that_is_about_something_else_is_passed_over() -> None:
    files = beside() | {"ci.yml": "a: &a {b: 1}\nc: *a\n", "list.yaml": "- names: [robot]", "text.yaml": "names"}
    assert read(files).boxes == {"a.jpg": BALL}
