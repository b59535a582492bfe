"""The rows of training: a job, its checkpoints, metrics, model files and story, and the workers. One subject a module.

Rows are the truth: a page never reads the folder of an attempt.
"""

from training.models.checkpoints import Checkpoint, CheckpointQuerySet
from training.models.job_event import JobEvent, TrainerLog
from training.models.metrics import LiveLoss, MetricPoint
from training.models.model_file import ModelFile
from training.models.model_run import Detection, FrameDetections, LabelFinding, ModelRun
from training.models.quick_assistant import QuickAssistant
from training.models.switches import LastRobotCode, LastSweep, TrainingSwitch
from training.models.training_job import JobDataset, TrainingJob, current_spec_format
from training.models.workers import Drain, MeasuredSpeed, TrainingWorker

__all__ = [
    "Checkpoint",
    "CheckpointQuerySet",
    "Detection",
    "Drain",
    "FrameDetections",
    "JobDataset",
    "JobEvent",
    "LabelFinding",
    "LastRobotCode",
    "LastSweep",
    "LiveLoss",
    "MeasuredSpeed",
    "MetricPoint",
    "ModelFile",
    "ModelRun",
    "QuickAssistant",
    "TrainerLog",
    "TrainingJob",
    "TrainingSwitch",
    "TrainingWorker",
    "current_spec_format",
]
