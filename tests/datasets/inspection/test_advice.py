"""Which warnings a dataset gets, each with what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.inspection.advice import FEW_BOXES, FEW_FRAMES, Kind, advice
from datasets.inspection.findings import Inspection
from datasets.messages import advice_words
from datasets.models import Dataset
from detector.contract import catalog, recall_by_size
from detector.contract.recall_by_size import RecallBySize
from ftcml.core.messages import listed, small_boxes
from ftcml.core.pictures.near_duplicates import NearDuplicates
from ftcml.core.pictures.object_sizes import SIZE_STEPS
from tests.factories import DatasetFactory

LARGE = len(SIZE_STEPS)


def counts(frames: int, negative: int, **boxes: int) -> dict:
    return {"frames": frames, "negative_frames": negative, "label_counts": boxes}


def kinds(training: dict, evaluation: dict, small: int = 0, alike: int = 0) -> set[Kind]:
    """What is said of a dataset with these counts, `small` of whose boxes of each label are too small."""
    dataset = DatasetFactory.build(
        labels=sorted(training["label_counts"]), counts={"training": training, "evaluation": evaluation}
    )
    sizes = {
        label: [small, *[0] * (LARGE - 1), training["label_counts"][label] + evaluation["label_counts"][label] - small]
        for label in dataset.labels
    }
    return {one.kind for one in advice(dataset, Inspection(sizes, NearDuplicates(alike, alike, [])))}


SOUND = counts(200, 20, ball=100, cube=90), counts(50, 5, ball=30, cube=30)


def test_nothing_is_said_of_a_sound_dataset() -> None:
    assert kinds(*SOUND) == set()


@pytest.mark.parametrize(
    ("kind", "training", "evaluation"),
    [
        (Kind.NO_EVALUATION, SOUND[0], counts(0, 0, ball=0, cube=0)),
        (Kind.FEW_FRAMES, counts(FEW_FRAMES - 1, 5, ball=40, cube=40), SOUND[1]),
        (Kind.NOT_IN_TRAINING, counts(200, 20, ball=100, cube=0), SOUND[1]),
        (Kind.NOT_IN_EVALUATION, SOUND[0], counts(50, 5, ball=30, cube=0)),
        (Kind.FEW_BOXES, counts(200, 20, ball=100, cube=FEW_BOXES - 1), SOUND[1]),
        (Kind.RARE_LABELS, counts(2000, 20, ball=1000, cube=99), SOUND[1]),
        (Kind.SIMILAR_LABELS, counts(200, 20, Cone=100, cone=90), counts(50, 5, Cone=30, cone=30)),
        (Kind.NO_NEGATIVE, counts(200, 0, ball=100, cube=90), counts(50, 0, ball=30, cube=30)),
    ],
)
def test_each_fault_alone_is_told_alone(kind: Kind, training: dict, evaluation: dict) -> None:
    assert kinds(training, evaluation) == {kind}


def test_one_small_box_in_ten_is_no_fault_but_more_are() -> None:
    even = counts(200, 20, ball=70), counts(50, 5, ball=30)
    assert kinds(*even, small=10) == set()
    assert kinds(*even, small=11) == {Kind.SMALL_BOXES}


def test_near_duplicates_are_told_with_how_many() -> None:
    assert kinds(*SOUND, alike=3) == {Kind.NEAR_DUPLICATES}


def test_many_labels_do_not_make_a_sentence_longer() -> None:
    assert listed(["a"]) == "“a”"
    assert listed(["a", "b"]) == "“a” and “b”"
    assert listed(list("abcde")) == "“a”, “b”, “c” and 2 more"


def test_sentences_agree_with_the_number_of_labels() -> None:
    assert advice_words.not_in_training(["cone"])[0] == "No training frame shows “cone”, so a model can't learn it."
    assert advice_words.not_in_training(["cone", "cube"]) == (
        "No training frame shows “cone” or “cube”, so a model can't learn them.",
        "Move frames that show them to training, or label more.",
    )
    assert advice_words.few_boxes(["cone"], 30)[0] == "“cone” has fewer than 30 training boxes."
    assert advice_words.few_boxes(["a", "b"], 20)[0] == "“a” and “b” have fewer than 20 training boxes each."


@given(
    st.integers(0, 300),
    st.integers(0, 300),
    st.lists(st.tuples(st.integers(0, 999), st.integers(0, 99)), min_size=1, max_size=9),
)
def test_whatever_is_in_a_dataset_every_warning_says_what_to_do(training: int, evaluation: int, boxes: list) -> None:
    labels = [f"label {number}" for number in range(len(boxes))]
    dataset: Dataset = DatasetFactory.build(
        labels=labels,
        counts={
            "training": counts(training, 0, **dict(zip(labels, [one for one, _ in boxes], strict=True))),
            "evaluation": counts(evaluation, 0, **dict(zip(labels, [other for _, other in boxes], strict=True))),
        },
    )
    sizes = {label: [one, 0, 0, 0, 0, other] for label, (one, other) in zip(labels, boxes, strict=True)}
    told = advice(dataset, Inspection(sizes, NearDuplicates(0, 0, [])))
    assert len({one.kind for one in told}) == len(told)
    for one in told:
        assert one.text.endswith(".")
        assert one.what_to_do.endswith(".")
        assert len(one.text) < 250


def test_small_boxes_name_the_starting_model_that_finds_most_of_them() -> None:
    measured = {
        catalog.DEFAULT: RecallBySize(0.04, 0.3, 0.8),
        "SSD MobileNet V2 FPNLite 640x640": RecallBySize(0.71, 0.8, 0.9),
        "SSD MobileNet V2 FPNLite 320x320": RecallBySize(0.21, 0.5, 0.9),
    }
    text, what_to_do = small_boxes(["ball"], 13, 10, 320, recall_by_size.finders(measured))
    assert text == (
        "13 boxes of “ball” are under 10 pixels when a frame shrinks to 320 × 320 for the model. In our test, SSD "
        "MobileNet v2 320x320 finds hardly any of 10, and SSD MobileNet V2 FPNLite 640x640 about 7 of 10."
    )
    assert what_to_do == "Choose SSD MobileNet V2 FPNLite 640x640 to train, or film from closer."


def test_where_no_model_finds_more_small_objects_than_the_usual_one_the_advice_is_to_film_from_closer() -> None:
    of_the_best = recall_by_size.finders({catalog.DEFAULT: RecallBySize(0.3, 0.5, 0.8)})
    assert small_boxes(["ball"], 1, 10, 320, of_the_best) == (
        "1 box of “ball” is under 10 pixels when a frame shrinks to 320 × 320 for the model. In our test, SSD "
        "MobileNet v2 320x320 finds about 3 of 10. No other starting model finds more.",
        "Film from closer, or crop the pictures.",
    )
    assert recall_by_size.finders({}) == []
