"""Why a job is where it is, as codes: what the server says; what a trainer says of itself is in contract/failure.py.

messages/ has the words. A code is kept in the database and told by the API: it keeps its spelling for good.
"""

from enum import StrEnum, unique

from ftcml.core.reasons import Break, Param, Reason

__all__ = ["Code", "Note", "Param", "Reason", "Refusal", "RunFailure"]


@unique
class Code(StrEnum):
    """Each with the params of its sentence. Two more follow any other: `deaths` where the job was given up after so
    many deaths in a row, `kept_step` where a job that failed keeps what it had learned."""

    # What people do, and the server in their place.
    STARTED = "started"
    TRIED_AGAIN = "tried_again"  # by
    STOP_WANTED = "stop_wanted"  # by
    ROOM_AGAIN = "room_again"

    # Why it cannot be queued: TRY_AGAIN_LATER.
    SWITCHED_OFF = "switched_off"  # because: the operator's own words, "" for none
    QUEUE_IS_FULL = "queue_is_full"  # waiting
    NO_WORKER = "no_worker"  # minutes
    TOO_LITTLE_TIME = "too_little_time"  # remaining, wanted: minutes

    # Why an attempt ended, or the whole job.
    STOPPED_BY_TEAM = "stopped_by_team"
    CANCELED_BY_TEAM = "canceled_by_team"
    OUT_OF_TIME = "out_of_time"
    OUT_OF_TIME_AT_ONCE = "out_of_time_at_once"
    SHUT_DOWN = "shut_down"
    HANDED_OVER = "handed_over"
    WORKER_IS_GONE = "worker_is_gone"
    KILLED = "killed"
    CRASHED = "crashed"  # signal
    NO_RESULT = "no_result"  # exit_code
    STUCK = "stuck"  # minutes
    STORAGE_IS_AWAY = "storage_is_away"
    SERVER_BROKE = "server_broke"  # error

    # How it contradicts itself: STATE_UNSPECIFIED.
    LOST_CHECKPOINT = "lost_checkpoint"
    LOST_PARENT = "lost_parent"  # parent
    LOST_FOLDER = "lost_folder"
    NO_WORKER_HAS_IT = "no_worker_has_it"  # state
    A_WORKER_HAS_IT = "a_worker_has_it"  # state
    OTHER_STEP = "other_step"  # steps, newest

    # A sentence of another part of the server, or of an earlier version, which is shown as it is.
    OTHER = "other"  # text


@unique
class RunFailure(StrEnum):
    """Why a model's run over frames FAILED, or a quick assistant did."""

    NO_MODEL_FILE = "run_no_model_file"
    CRASHED = "run_crashed"  # times
    OTHER = "run_other"  # text
    # As any slow work ends (Break), with the same params.
    STUCK = f"run_{Break.STUCK}"
    TOO_MUCH_TIME = f"run_{Break.TOO_MUCH_TIME}"
    TOO_MUCH_MEMORY = f"run_{Break.TOO_MUCH_MEMORY}"
    DISK_IS_FULL = f"run_{Break.DISK_IS_FULL}"
    NO_WORK_FOLDER = f"run_{Break.NO_WORK_FOLDER}"
    STORAGE_IS_AWAY = f"run_{Break.STORAGE_IS_AWAY}"
    SERVER_BROKE = f"run_{Break.SERVER_BROKE}"
    # Of a quick assistant.
    NO_DATASET = "assistant_no_dataset"  # reason: why it couldn't be produced
    NO_MODEL = "assistant_no_model"


@unique
class Note(StrEnum):
    """What to know about a job's model. Worked out when it is shown (services/model_note.py), and not kept."""

    NOT_IMPROVED = "not_improved"  # steps, model_step
    EARLIER_IS_BETTER = "earlier_is_better"  # last_step, model_step
    LAST_NOT_MEASURED = "last_not_measured"  # last_step, model_step
    NOT_MEASURED = "not_measured"
    PARENT_NOT_MEASURED = "parent_not_measured"  # parent


@unique
class Refusal(StrEnum):
    """Why something can't be done with a training. Told at once, and not kept."""

    # Starting a training.
    NO_DATASET = "no_dataset"
    DATASET_NOT_READY = "dataset_not_ready"  # dataset
    DATASET_FAILED = "dataset_failed"  # dataset
    DATASET_DELETED = "dataset_deleted"
    NO_TRAINING_FRAMES = "no_training_frames"
    UNKNOWN_STARTING_MODEL = "unknown_starting_model"  # name, offered: [names]
    BAD_STEPS = "bad_steps"  # least, most
    BAD_MINUTES = "bad_minutes"  # most
    BAD_DETECTIONS = "bad_detections"  # least, most
    BAD_DESCRIPTION = "bad_description"  # most
    TEAM_IS_FULL = "team_is_full"  # jobs, most
    FILES_STILL_REMOVED = "files_still_removed"
    IN_TRASH = "in_trash"

    # Training a model more.
    PARENT_DELETED = "parent_deleted"  # parent
    NOT_ENDED = "not_ended"  # job
    NO_CHECKPOINT = "no_checkpoint"  # job
    FILES_LOST = "files_lost"  # job

    # Deleting models, and restoring them.
    IS_ALIVE = "is_alive"  # job, state
    HAS_CHILDREN = "has_children"  # job, children: [names]
    NOT_IN_TRASH = "not_in_trash"  # job

    # What is selected on the Models tab.
    NOTHING_SELECTED = "nothing_selected"
    COMPARE_TWO = "compare_two"
    DOWNLOAD_ONE = "download_one"
    TRAIN_ONE_MORE = "train_one_more"
    MODEL_IS_COMING = "model_is_coming"
    NO_MODEL = "no_model"
    NO_MODEL_YET = "no_model_yet"
    NOTHING_TO_STOP = "nothing_to_stop"  # job, state
    NOTHING_TO_RETRY = "nothing_to_retry"  # job, state
    STOP_FIRST = "stop_first"  # job

    # Labeling with a model.
    NO_MODEL_TO_RUN = "no_model_to_run"
    NO_FRAMES_TO_RUN = "no_frames_to_run"
    ALL_FRAMES_LABELED = "all_frames_labeled"
    NO_LABELED_FRAMES = "no_labeled_frames"
    VIDEO_NOT_READY = "video_not_ready"  # video
    RUNS_ON_THEIR_WAY = "runs_on_their_way"  # most
    TOO_FEW_LABELED = "too_few_labeled"  # labeled, least
    ASSISTANT_AT_WORK = "assistant_at_work"
    BAD_CONFIDENCE = "bad_confidence"
