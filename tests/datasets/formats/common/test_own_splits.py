"""A set that says itself what is for training and what for evaluation keeps its split."""

import pytest

from datasets.formats.common import own_splits
from datasets.models import Dataset
from datasets.split import Split
from tests.datasets.archives import A_BALL, annotation, one_frame, picture, sound_frames


def frames(dataset: Dataset, split: Split) -> list[str]:
    return [frame.filename for frame in dataset.frames.filter(split=split)]


def in_folder(folder: str, count: int) -> dict:
    return {f"{folder}/{name}": content for name, content in sound_frames(count).items()}


@pytest.mark.parametrize("folder", ["valid", "val", "test", "set/Validation/images"])
def test_folders_are_kept(import_zip, folder: str) -> None:
    dataset = import_zip(in_folder("train", 3) | in_folder(folder, 5), eval_percent=50)
    assert (len(frames(dataset, Split.TRAINING)), len(frames(dataset, Split.EVALUATION))) == (3, 5)
    assert dataset.keeps_split


def test_validation_and_test_are_both_for_evaluation(import_zip) -> None:
    dataset = import_zip(in_folder("train", 3) | in_folder("valid", 2) | in_folder("test", 1))
    assert len(frames(dataset, Split.EVALUATION)) == 3


def test_names_that_end_on_the_split_are_kept(import_zip) -> None:
    files = one_frame(picture(), [A_BALL], "a_train.jpg") | one_frame(picture(), [A_BALL], "b_val.jpg")
    dataset = import_zip(files)
    assert frames(dataset, Split.TRAINING) == ["a_train.jpg"]
    assert frames(dataset, Split.EVALUATION) == ["b_val.jpg"]


def test_lists_of_pascal_voc_are_kept_and_the_rest_is_for_training(import_zip) -> None:
    pictures = {f"set/JPEGImages/{name}.jpg": picture() for name in "abcd"}
    notes = {f"set/Annotations/{name}.xml": annotation(f"{name}.jpg", [A_BALL]) for name in "abcd"}
    lists = {"train": "a\nb\n", "val": "c -1\n", "trainval": "a\nb\nc\n"}
    dataset = import_zip(pictures | notes | {f"set/ImageSets/Main/{name}.txt": text for name, text in lists.items()})
    assert frames(dataset, Split.EVALUATION) == ["set/JPEGImages/c.jpg"]
    assert len(frames(dataset, Split.TRAINING)) == 3


def test_a_folder_for_one_split_alone_says_nothing(import_zip) -> None:
    dataset = import_zip(in_folder("train", 10), eval_percent=30)
    assert len(frames(dataset, Split.EVALUATION)) == 3
    assert not dataset.keeps_split


def test_a_split_is_drawn_where_the_person_wants_it(import_zip) -> None:
    files = in_folder("train", 9) | in_folder("valid", 1)
    drawn = {seed: import_zip(files, eval_percent=40, keeps_split=False, split_seed=seed) for seed in (0, 1)}
    assert all(len(frames(dataset, Split.EVALUATION)) == 4 for dataset in drawn.values())
    assert frames(drawn[0], Split.EVALUATION) != frames(drawn[1], Split.EVALUATION)


@pytest.mark.parametrize("path", ["gym/1.jpg", "trained/1.jpg", "test_3.jpg", "valley/train.d/1.jpg"])
def test_other_words_name_no_split(path: str) -> None:
    assert own_splits.of_path(path) is None
