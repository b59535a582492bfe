"""Why a job is where it is, by the server's own words; what the trainer says of itself is in contract/failure.py."""

from enum import unique

from detector.contract.failure import Sentence


@unique
class Reason(Sentence):
    # Why it cannot be queued: TRY_AGAIN_LATER.
    SWITCHED_OFF = (
        "Training is switched off on this server{why}. This training is queued by itself when it is switched on again. "
        "Ask {support} when that is."
    )
    QUEUE_IS_FULL = (
        "The queue is full: {waiting}, the most that this server lets wait. "
        "This training is queued by itself when there is room."
    )
    NO_WORKER = (
        "No training worker has been seen for {minutes} minutes. This training is queued by itself when one is back. "
        "If that takes long, tell {support}."
    )
    # What the server says when it has queued it after all.
    ROOM_AGAIN = "There was room again, so the server queued it by itself."

    # Why an attempt ended, or the whole job.
    STOPPED_BY_TEAM = "Stopped by your team."
    CANCELED_BY_TEAM = "Stopped by your team before the first training step."
    OUT_OF_TIME = "maximum training time reached"
    OUT_OF_TIME_AT_ONCE = (
        "The maximum training time was over before the first training step. Start again with more minutes."
    )
    SHUT_DOWN = "The training worker was shut down; the job goes on when it is back."
    WORKER_IS_GONE = "The training worker or its machine is gone."
    KILLED = "The training process was killed, most likely because the machine ran out of memory."
    CRASHED = "The training process crashed ({signal})."
    NO_RESULT = "The training process ended without a result (code {code})."
    STUCK = "The training process was stuck for {minutes} minutes."
    STORAGE_IS_AWAY = "The server's file storage did not answer."
    SERVER_BROKE = "Something in the server broke during this job ({error})."
    # Follows one of those above.
    GIVEN_UP = (
        "That makes {deaths} ends in a row without a new checkpoint, so the training was given up. "
        "Ask {support} to look at the log."
    )

    # How it contradicts itself: STATE_UNSPECIFIED.
    LOST_CHECKPOINT = "The server has lost the files of this job's newest checkpoint."
    LOST_PARENT = "The server has lost the files of {parent}, which this job was to train more."
    LOST_FOLDER = "The folder in which this job was training is gone."
    NO_WORKER_HAS_IT = "This job is {state} and no worker has it."
    A_WORKER_HAS_IT = "This job is {state} while a worker has it."
    OTHER_STEP = "This job counts {steps} steps, and its newest checkpoint is of step {newest}."
