"""Plurals, lists and names of formats that sentences make from a reason's params."""

from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import pluralize

# The formats by their keys (formats/catalog.py): what each is called, and what its annotations are.
FORMATS: dict[str, tuple[str, str]] = {
    "voc": ("Pascal VOC", "an .xml file for each picture"),
    "coco": ("COCO", "a .json file with “images” and “annotations”"),
    "yolo": ("YOLO", "a .txt file of numbers for each picture"),
    "records": ("TFRecord (Object Detection API)", "a .record or .tfrecord file"),
    "cvat": ("CVAT for images 1.1", "an annotations.xml that lists pictures"),
    "cvat-video": ("CVAT for video 1.1", "an annotations.xml with tracks"),
    "studio": ("Label Studio JSON", "a .json file that is a list of tasks"),
    "labelme": ("labelme", "a .json file with “shapes” for each picture"),
}
# What is written alone: it is read as a format above.
WRITTEN_ALONE = {"limelight": "TFRecord for Limelight's trainer"}
# What files of annotations hold that says nothing of boxes.
PASSED_OVER = {
    "parts": "parts of objects",
    "tags": "tags of whole pictures",
    "canceled": "canceled annotations",
    "predictions": "predictions of models",
}


def inflected(params: Mapping[str, Any]) -> dict[str, str]:
    """Return the plurals, lists and names of formats that the params make."""
    told: dict[str, str] = {}
    if "boxes" in params:
        told |= _by_boxes(params["boxes"])
    if "files" in params:
        files = params["files"]
        told["files_counted"] = f"{files:,} annotation file{pluralize(files)}"
        told["frames_counted"] = f"{files:,} picture{pluralize(files)} {pluralize(files, 'was,were')}"
    if "bytes" in params:
        told["size"] = _size(params["bytes"])
    if "format" in params:
        told["export_again"] = f"Export {'the project' if params['format'] == 'studio' else 'it'} again."
    if "most" in params:
        told["datasets"] = f"dataset{pluralize(params['most'])}"
    if "others" in params:
        told["others_named"] = ", ".join(f"“{name}”" for name in params["others"])
        told["others_have"] = pluralize(len(params["others"]), "has,have")
    if "counts" in params:
        told["passed_over"] = ", ".join(f"{PASSED_OVER.get(what, what)} ({many:,})" for what, many in params["counts"])
    if "unusable" in params:
        told["coco_counts"] = _coco_counts(params["unusable"], params.get("unlisted", 0))
    if "models" in params:
        told["users"] = " and ".join(f"“{name}”" for name in params["models"])
        told["those_models"] = pluralize(len(params["models"]), "that model,those models")
    return told | _of_formats(params)


def _by_boxes(boxes: int) -> dict[str, str]:
    return {
        "boxes_counted": f"{boxes:,} box{pluralize(boxes, 'es')}",
        "s": pluralize(boxes, "s,"),
        "pictures": pluralize(boxes, "a picture,pictures"),
        "are": pluralize(boxes, "is,are"),
        "were": pluralize(boxes, "was,were"),
        "have": pluralize(boxes, "has,have"),
        "their": pluralize(boxes, "its,their"),
        "them": pluralize(boxes, "it,them"),
    }


def _coco_counts(unusable: int, unlisted: int) -> str:
    counts = {"entries that aren't valid COCO": unusable, "boxes of unlisted pictures": unlisted}
    return ", ".join(f"{what}: {count:,}" for what, count in counts.items() if count)


def _size(limit: int) -> str:
    return f"{limit / 1024**3:.0f} GB" if limit >= 1024**3 else f"{limit // 1024**2} MB"


def _of_formats(params: Mapping[str, Any]) -> dict[str, str]:
    return {
        "looked_for": "; ".join(f"{looks_for} ({name})" for name, looks_for in FORMATS.values()),
        "known_formats": ", ".join(f"{format_name(key)} (“{key}”)" for key in params.get("known", ())),
        "formats": " and ".join(
            f"{format_name(key)} ({_files(named, files)})" for key, named, files in params.get("found", ())
        ),
        "contents": _contents(params.get("kinds", []), params.get("more", 0)),
    }


def format_name(key: str) -> str:
    """Return what a format is called, and the key itself for one that doesn't exist."""
    return FORMATS[key][0] if key in FORMATS else WRITTEN_ALONE.get(key, key)


def _files(named: list[str], files: int) -> str:
    listed = ", ".join(f"“{name}”" for name in named)
    return f"{listed}, … {files:,} files" if files > len(named) else listed


def _contents(kinds: list[tuple[str, int]], more: int) -> str:
    """Return how many files of each kind there are. "" is the kind of files without an ending."""
    counted = ", ".join(f"{number:,} × {kind or 'no ending'}" for kind, number in kinds)
    others = f" and files of {more} other kind{pluralize(more)}" if more else ""
    return f"{counted}{others}" if kinds else "no file at all"
