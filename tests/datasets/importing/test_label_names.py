"""Labels that a person takes for one."""

from collections import Counter

import pytest

from datasets import messages
from datasets.label_names import renamed, visible
from datasets.models import Dataset
from datasets.repairs import Repairs
from tests.datasets.archives import one_frame, picture

BOX = (20, 30, 80, 90)


@pytest.mark.parametrize(
    ("label", "clean"),
    [
        ("co\u200bne", "cone"),
        ("\ufeffred\u00adcone\u200e", "redcone"),
        ("cone \u200b", "cone"),
        ("\u200b", "\u200b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("c\u200done", "cone"),
    ],
)
def test_letters_that_take_no_room(label: str, clean: str) -> None:
    assert visible(label) == clean


@pytest.mark.django_db
def test_labels_with_letters_that_cannot_be_seen_become_one(import_zip) -> None:
    labels = ["cone", "cone\u200b", "cone\u00a0"]
    boxes = [(label, 20 + number, *BOX[1:]) for number, label in enumerate(labels)]
    dataset = import_zip(one_frame(picture(), boxes))
    assert dataset.labels == ["cone"]
    assert [(entry["kind"], entry["file"], messages.of_repair(entry)) for entry in dataset.repairs] == [
        ("labels_merged", "cone", "1 box had this label with invisible characters: “cone\\u200b”.")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("merges", "labels"), [(False, ["Cone", "cone"]), (True, ["cone"])])
def test_labels_in_other_capitals_become_one_where_it_is_asked_for(import_zip, merges: bool, labels: list[str]) -> None:
    boxes = [("cone", *BOX), ("Cone", *BOX), ("cone", 1, 1, 50, 50)]
    dataset = import_zip(one_frame(picture(), boxes), merges_labels=merges)
    assert (dataset.state, dataset.labels) == (Dataset.State.READY, labels)
    assert len(dataset.frames.get().boxes) == (2 if merges else 3)


def test_the_usual_spelling_wins() -> None:
    assert renamed(Counter({"CONE": 3, "Cone": 5, "ball": 9}), True, Repairs()) == {"CONE": "Cone"}
