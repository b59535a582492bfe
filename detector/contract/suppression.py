"""What a model file gives of all the boxes that a network sees: which of them count as one, and how many. Pure Python.

The one place of these rules: the files, the metrics on the pages, the forms and the API all take them from here.
"""

from dataclasses import dataclass

# Of a job, and of each file of its model: the most detections in a picture.
DEFAULT_DETECTIONS = 25
FEWEST_DETECTIONS, MOST_DETECTIONS = 1, 100
# Of jobs before it was a choice.
EARLIER_DETECTIONS = 10
# Where nothing was measured: two boxes of a label that overlap by more than this count as one.
DEFAULT_IOU = 0.6
# Leaves out what no program would show, so that the rows behind the real detections are zeros.
MIN_SCORE = 0.01


@dataclass(frozen=True)
class Suppression:
    """`max_detections`: of a picture, the surest ones. `iou`: the intersection over union above which two boxes of the
    same label count as one, the surer one. `min_score`: below it there is no detection."""

    max_detections: int = DEFAULT_DETECTIONS
    iou: float = DEFAULT_IOU
    min_score: float = MIN_SCORE


# COCO's metrics count up to 100 detections of a picture, whatever the file gives, so that trainings compare.
OF_COCO = Suppression(MOST_DETECTIONS, min_score=1e-4)
