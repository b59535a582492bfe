"""The archives of the TF2 Detection Zoo that a starting model can start from, and where they lie once installed.

Pure Python: the web server reads this too.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Architecture = Literal["ssd_mobilenet_v2", "ssd_mobilenet_v2_fpnlite", "ssd_mobilenet_v1_fpn"]

_SITE = "http://download.tensorflow.org/models/object_detection/tf2/20200711"


@dataclass(frozen=True)
class Archive:
    """One archive of the zoo, trained on COCO 2017.

    `starting_model`: its name in the catalog. `blob_id`: git's id of the checkpoint's data file, 40 hex digits: what
    proves that an archive is the zoo's own.
    """

    name: str
    starting_model: str
    architecture: Architecture
    blob_id: str
    url: str


def _archive(name: str, starting_model: str, architecture: Architecture, blob_id: str) -> Archive:
    return Archive(name, starting_model, architecture, blob_id, f"{_SITE}/{name}.tar.gz")


ARCHIVES = (
    _archive(
        "ssd_mobilenet_v2_320x320_coco17_tpu-8",
        "SSD MobileNet v2 320x320",
        "ssd_mobilenet_v2",
        "0b751fc7b8d276541a48b6e6522a85ec1481cf28",
    ),
    _archive(
        "ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8",
        "SSD MobileNet V2 FPNLite 320x320",
        "ssd_mobilenet_v2_fpnlite",
        "6f76d65ba3854323048c358b7fb639eaf14960d3",
    ),
    _archive(
        "ssd_mobilenet_v2_fpnlite_640x640_coco17_tpu-8",
        "SSD MobileNet V2 FPNLite 640x640",
        "ssd_mobilenet_v2_fpnlite",
        "d840f3e144bfaae5f57de38016deba2bff78ce2f",
    ),
    _archive(
        "ssd_mobilenet_v1_fpn_640x640_coco17_tpu-8",
        "SSD MobileNet V1 FPN 640x640",
        "ssd_mobilenet_v1_fpn",
        "2908663894c99a6de2e5955d5a27834120eae298",
    ),
)


def archive(name: str) -> Archive:
    """The archive of that name, or the one for the starting model of that name. Raises KeyError where there is none."""
    for known in ARCHIVES:
        if name in (known.name, known.starting_model):
            return known
    raise KeyError(f"There are no starting weights {name!r}.")


def of_starting_model(name: str) -> Archive | None:
    """The archive for the starting model of that name; None where the zoo has none."""
    return next((known for known in ARCHIVES if known.starting_model == name), None)


def file_of(known: Archive, folder: Path) -> Path:
    """Where the weights of an archive lie in the folder of installed weights, once they are installed."""
    return folder / f"{known.name}.npz"


def installed(name: str, folder: Path) -> Path | None:
    """The weights installed for an archive or a starting model, or None. A file that is there is whole.

    Raises KeyError where there is no such archive or starting model.
    """
    path = file_of(archive(name), folder)
    return path if path.is_file() else None
