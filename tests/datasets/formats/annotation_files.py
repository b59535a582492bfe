"""Files of CVAT, Label Studio and labelme, as these programs write them, with the fewest words."""

import json
from contextlib import suppress

from datasets.archive.zip_archive import UnreadableFile
from datasets.formats.catalog import FORMATS
from datasets.refusals import DatasetRefused
from datasets.repairs import Repairs
from tests.datasets.archives import A_BALL
from tests.datasets.reading import Read, archive_of

BALL = [A_BALL]


def kinds(found: Read) -> list[tuple[str, str]]:
    return [(kind, file) for kind, file, _ in found.repairs]


A_BOX = '<box label="ball" source="manual" occluded="0" xtl="20.00" ytl="30.00" xbr="80.00" ybr="90.00" z_order="0"/>'


def cvat(*images: str) -> str:
    """The annotations.xml of a task."""
    task = "<id>7</id><name>gym</name><mode>annotation</mode><labels><label><name>ball</name></label></labels>"
    content = f"<meta><task>{task}</task><dumped>2024-05-01</dumped></meta>{''.join(images)}"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>{content}</annotations>'


def image(name: str, *shapes: str, **more: str) -> str:
    attributes = {"id": "0", "name": name, "width": "160", "height": "120"} | more
    written = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return f"<image {written}>{''.join(shapes)}</image>"


OTHER_BOX = A_BOX.replace("20.00", "40.00")


def track(*shapes: str, label: str = "ball") -> str:
    return f'<track id="0" label="{label}" source="manual">{"".join(shapes)}</track>'


def shape(frame: int, outside: int = 0, keyframe: int = 0) -> str:
    return A_BOX.replace("<box label=", f'<box frame="{frame}" outside="{outside}" keyframe="{keyframe}" x=')


def video(*tracks: str) -> str:
    size = "<original_size><width>160</width><height>120</height></original_size>"
    return f"<annotations><version>1.1</version><meta><task>{size}</task></meta>{''.join(tracks)}</annotations>"


def region(label: str = "ball", **more: object) -> dict:
    """A_BALL in percent of 160 by 120."""
    value = {"x": 12.5, "y": 25, "width": 37.5, "height": 50, "rotation": 0, "rectanglelabels": [label]}
    value |= more.pop("value", {})  # type: ignore[arg-type]
    return {
        "id": "Dx_aB91ISN",
        "type": "rectanglelabels",
        "from_name": "label",
        "to_name": "image",
        "original_width": 160,
        "original_height": 120,
        "image_rotation": 0,
        "value": value,
    } | more


def task(path: str, *regions: dict, number: int = 1, **more: object) -> dict:
    annotations = [{"id": 1, "completed_by": 1, "was_cancelled": False, "result": list(regions)}]
    return {"id": number, "data": {"image": path}, "annotations": annotations, "predictions": []} | more


def labelme(path: str, *shapes: dict, **more: object) -> str:
    content = {"version": "5.4.1", "flags": {}, "shapes": shapes, "imagePath": path, "imageData": None}
    return json.dumps(content | {"imageHeight": 120, "imageWidth": 160} | more)


def drawn(points: list, kind: str = "rectangle", label: object = "ball") -> dict:
    return {"label": label, "points": points, "group_id": None, "shape_type": kind, "flags": {}}


def survives(files: dict, key: str) -> None:
    """Samples or a sentence, whatever is in the files."""
    with suppress(DatasetRefused):
        for sample in FORMATS[key].read(archive_of(files), Repairs()).samples:
            with suppress(UnreadableFile):
                sample.read()
