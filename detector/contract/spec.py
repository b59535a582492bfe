"""What a supervisor asks a trainer to do. Pure Python, no TensorFlow."""

from dataclasses import dataclass

from detector.contract import catalog
from detector.contract.suppression import DEFAULT_DETECTIONS, DEFAULT_IOU, EARLIER_DETECTIONS, MIN_SCORE, Suppression

# The newest form of an attempt's files, which a supervisor and its trainers must share. 3: a failed Result has a cause.
# 4: what was saved without evaluation is measured when training is over, and progress tells the loss.
# 5: job.json says how many detections the files give, the overlaps that were chosen, and the highest mAP so far.
FORMAT = 5
# What a worker must know of job.json for a job that trains another model more, and for any other.
FORMAT_WITH_PARENT = 2
FORMAT_WITHOUT_PARENT = 1
# And for one whose files give another number of detections than those of all workers before.
FORMAT_WITH_DETECTIONS = 5


def needed_format(has_parent: bool, max_detections: int) -> int:
    """Return what a worker must know for a job: an earlier one leaves it to others."""
    if max_detections != EARLIER_DETECTIONS:
        return FORMAT_WITH_DETECTIONS
    return FORMAT_WITH_PARENT if has_parent else FORMAT_WITHOUT_PARENT


@dataclass(frozen=True)
class JobSpec:
    """What a trainer is asked to do.

    `label_names`: sorted; the class id of a name is its place, from 0 in the exported model and from 1 in the shards.
    `training_shards`, `evaluation_shards`: paths of TFRecord files. `resume_from`: folder of a checkpoint of this job,
    or "" to start from the starting weights. `resume_step`, `resume_map`: the step of that checkpoint, and its mAP,
    None where it was not measured. `best_from`, `best_step`, `best_map`: the best checkpoint of this job so far, which
    may be that one, or "" where none was measured. `highest_map`: the highest mAP of all its checkpoints so far, which
    may be another one's (checkpoints.py). `first_step`, `steps`: the steps to begin and to end at.
    `parent_from`: folder of a checkpoint of another job, whose weights this one starts from, or "" where it resumes or
    has no parent. `parent`: what that job is called, e.g. 'the model "raccoons" at step 400', or "" without a parent.
    `parent_best_from`, `parent_best_step`, `parent_best_map`: the checkpoint that the parent's model is of, which is
    exported where it's clearly better than all of this job's; the mAP is on this job's evaluation frames, None where it
    is unknown. `measures_at_end`: whether to measure, when training is over, what was saved without an evaluation.
    `measures_last_apart`: whether to save the last step before it is measured: a trainer has died since the newest
    checkpoint, perhaps of measuring. `weights_folder`: of installed starting weights, or "".
    `starting_weights`: the name of those to start from, or "" for the best that there are; the network is built as they
    need it, so a job that has a parent names those of the first of its lineage. `device`: auto, cpu, gpu or tpu.
    `devices`: logical devices to split a CPU into (1 uses it whole). `max_detections`: in a picture, of the exported
    files and so of the Summary. `resume_iou`, `best_iou`, `parent_best_iou`: `nms_iou` in the Summary of the checkpoint
    that is named so.
    """

    starting_model: str
    label_names: list[str]
    training_shards: list[str]
    evaluation_shards: list[str]
    training_frames: int
    evaluation_frames: int
    batch_size: int
    steps: int
    first_step: int = 0
    checkpoint_interval: int = 100
    seed: int = 0
    resume_from: str = ""
    resume_step: int = 0
    resume_map: float | None = None
    best_from: str = ""
    best_step: int = 0
    best_map: float = 0.0
    highest_map: float = 0.0
    parent_from: str = ""
    parent: str = ""
    parent_best_from: str = ""
    parent_best_step: int = 0
    parent_best_map: float | None = None
    measures_at_end: bool = True
    measures_last_apart: bool = False
    weights_folder: str = ""
    starting_weights: str = ""
    device: str = "auto"
    devices: int = 1
    description: str = ""
    max_detections: int = DEFAULT_DETECTIONS
    resume_iou: float = DEFAULT_IOU
    best_iou: float = DEFAULT_IOU
    parent_best_iou: float = DEFAULT_IOU
    format: int = FORMAT

    def suppression(self, iou: float = DEFAULT_IOU) -> Suppression:
        """Return what the files of a checkpoint give whose best overlap is this."""
        least = catalog.starting_model(self.starting_model).least_score
        return Suppression(self.max_detections, iou, max(MIN_SCORE, least))
