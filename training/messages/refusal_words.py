"""The words for what can't be started, stopped, retried, downloaded or deleted."""

from collections.abc import Mapping

from training.reasons import Param, Refusal

REFUSALS: dict[Refusal, str] = {
    # Starting a training.
    Refusal.NO_DATASET: "Choose at least one dataset.",
    Refusal.DATASET_NOT_READY: "“{dataset}” isn't ready yet. Wait until its state is READY.",
    Refusal.DATASET_FAILED: "The import of “{dataset}” failed, so you can't train on it. Choose another dataset.",
    Refusal.DATASET_DELETED: "A dataset you chose was deleted. Reload the page, then choose again.",
    Refusal.NO_TRAINING_FRAMES: (
        "These datasets have no training frames. Open one and move frames to training, or choose another dataset."
    ),
    Refusal.UNKNOWN_STARTING_MODEL: "There is no starting model “{name}”. Choose one of these: {offered_names}.",
    Refusal.BAD_STEPS: "Choose {least:,} to {most:,} training steps.",
    Refusal.BAD_MINUTES: "Choose 1 to {most:,} minutes.",
    Refusal.BAD_DETECTIONS: "Choose {least} to {most} detections.",
    Refusal.BAD_DESCRIPTION: "Describe your model in 1 to {most} characters, so your team can recognize it.",
    Refusal.TEAM_IS_FULL: (
        "Your team already has {trainings} waiting or running. This server allows {most} at a time. Wait until one "
        "ends, or stop one."
    ),
    Refusal.FILES_STILL_REMOVED: (
        "The server is still removing the files of a deleted model. Reload the page, then try again."
    ),
    Refusal.IN_TRASH: "This model is in the trash. Reload the page to start another one.",
    # Training a model more.
    Refusal.PARENT_DELETED: "The model “{parent}” was deleted. Reload the page, then choose again.",
    Refusal.NOT_ENDED: "“{job}” hasn't ended yet. Wait until it ends, or stop it first.",
    Refusal.NO_CHECKPOINT: (
        "“{job}” ended before its first checkpoint, so there's nothing to build on. Start a new training."
    ),
    Refusal.FILES_LOST: "The server lost the files of “{job}”, so it can't be trained more. Start a new training.",
    # Deleting models, and restoring them.
    Refusal.IS_ALIVE: "“{job}” is still {state}. Stop it first, then delete it.",
    Refusal.HAS_CHILDREN: "{names} {it_was} trained from “{job}”. Delete {it} first, or select {it} as well.",
    Refusal.NOT_IN_TRASH: "“{job}” isn't in the trash anymore. Reload the page.",
    # What is selected on the Models tab.
    Refusal.NOTHING_SELECTED: "Select one or more models first.",
    Refusal.COMPARE_TWO: "Select two models to compare.",
    Refusal.DOWNLOAD_ONE: "You can download one model at a time. Select only one.",
    Refusal.TRAIN_ONE_MORE: "You can train one model more at a time. Select only one.",
    Refusal.MODEL_IS_COMING: "We're packaging this model. You can download it in a minute.",
    Refusal.NO_MODEL: "This training ended without a model.",
    Refusal.NO_MODEL_YET: "You can download the model when its training has ended.",
    Refusal.NOTHING_TO_STOP: "“{job}” is {state}, so there's nothing to stop.",
    Refusal.NOTHING_TO_RETRY: "“{job}” is {state}. You can only retry a training in TRY_AGAIN_LATER.",
    Refusal.STOP_FIRST: "“{job}” hasn't ended yet. Stop it first.",
    # Labeling with a model.
    Refusal.NO_MODEL_TO_RUN: "That model has no file to run. Choose another model.",
    Refusal.NO_FRAMES_TO_RUN: "There is no such frame in this video. Choose other frames.",
    Refusal.ALL_FRAMES_LABELED: "All of these frames are labeled or ignored. Choose other frames.",
    Refusal.NO_LABELED_FRAMES: "None of these frames is labeled yet. Label some first.",
    Refusal.VIDEO_NOT_READY: "We're still getting the frames of “{video}”. Try again when that's done.",
    Refusal.RUNS_ON_THEIR_WAY: "Models already run over {most} sets of frames for your team. Wait until one is done.",
    Refusal.TOO_FEW_LABELED: "Label {least} frames first. You've labeled {labeled} so far.",
    Refusal.ASSISTANT_AT_WORK: "A quick assistant already learns from this video. Wait until it's done.",
    Refusal.BAD_CONFIDENCE: "Choose a minimum confidence from 0 to 1.",
}


def inflected(params: Mapping[str, Param]) -> dict[str, str]:
    """Return the lists and plurals that the params make."""
    told: dict[str, str] = {}
    if isinstance(offered := params.get("offered"), list):
        told["offered_names"] = ", ".join(offered)
    if "jobs" in params:
        told["trainings"] = "1 training" if params["jobs"] == 1 else f"{params['jobs']} trainings"
    if isinstance(children := params.get("children"), list):
        told["names"] = " and ".join(f"“{name}”" for name in children)
        told["it_was"], told["it"] = ("was", "it") if len(children) == 1 else ("were", "them")
    return told
