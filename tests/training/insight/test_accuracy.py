"""What the Models tab says of a checkpoint, counted when it is published."""

from training.insight.accuracy import Accuracy

# Two labels: 9 of 10 balls are found, one is taken for a cube; 4 of 5 cubes, one is missed; 3 boxes show nothing.
CONFUSION = [[9, 1, 0], [0, 4, 1], [2, 1, 0]]


def _label(ap50: float | None) -> dict:
    return {"label": "", "objects": 1, "ap50": ap50, "ap": None, "precision": None, "recall": None, "curve": []}


def test_objects_found_and_false_alarms_are_counted_at_the_threshold() -> None:
    accuracy = Accuracy.of({"confusion": CONFUSION, "labels": [_label(1.0), _label(0.5), _label(None)]})
    assert accuracy == Accuracy(objects_there=15, objects_found=13, false_alarms=3, ap50=0.75)


def test_without_an_evaluation_nothing_is_said() -> None:
    assert Accuracy.of(None) == Accuracy.of({"confusion": [], "labels": []}) == Accuracy()
