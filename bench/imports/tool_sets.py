"""Small sets as CVAT, Label Studio and labelme write them: the formats that the server reads and never writes."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from bench.imports.mutations import Files

if TYPE_CHECKING:
    from datasets.formats.common.samples import PixelBox, Sample


def cvat_for_images(samples: "Iterable[Sample]") -> Files:
    """One annotations.xml that lists the pictures."""
    taken = list(samples)
    images = "".join(
        f'<image id="{number}" name={quoteattr(one.filename)} {_sides(one)}>'
        f"{''.join(f'<box label={quoteattr(box.label)} {_edges(box)}/>' for box in one.boxes)}</image>\n"
        for number, one in enumerate(taken)
    )
    return [("annotations.xml", _annotations("", images)), *_pictures(taken)]


def cvat_for_video(samples: "Iterable[Sample]") -> Files:
    """One annotations.xml with a track for each object, which leaves the picture after its frame."""
    taken = list(samples)
    tracks = "".join(
        f'<track id="{number}" label={quoteattr(box.label)} source="manual">{_shape(number, box, 0)}'
        f"{_shape(number + 1, box, 1)}</track>\n"
        for number, one in enumerate(taken)
        for box in one.boxes
    )
    width, height = _size(taken[0])
    meta = f"<original_size><width>{width}</width><height>{height}</height></original_size>"
    pictures = [(f"images/frame_{number:06d}.jpg", one.read()) for number, one in enumerate(taken)]
    return [("annotations.xml", _annotations(meta, tracks)), *pictures]


def label_studio(samples: "Iterable[Sample]") -> Files:
    """One .json file that is a list of tasks."""
    taken = list(samples)
    tasks = [
        {"id": number, "data": {"image": f"/data/upload/1/{one.filename}"}, "annotations": [{"result": _regions(one)}]}
        for number, one in enumerate(taken)
    ]
    return [("project.json", json.dumps(tasks, indent=1).encode()), *_pictures(taken)]


def labelme(samples: "Iterable[Sample]") -> Files:
    """A .json file for each picture."""
    files: Files = []
    for one in samples:
        width, height = _size(one)
        content = {
            "version": "5.4.1",
            "shapes": [_rectangle(box) for box in one.boxes],
            "imagePath": one.filename,
            "imageData": None,
            "imageHeight": height,
            "imageWidth": width,
        }
        name = str(PurePosixPath(one.filename).with_suffix(".json"))
        files += [(name, json.dumps(content, indent=1).encode()), (one.filename, one.read())]
    return files


# By the keys of datasets/formats/catalog.py.
WRITERS: "dict[str, Callable[[Iterable[Sample]], Files]]" = {
    "cvat": cvat_for_images,
    "cvat-video": cvat_for_video,
    "studio": label_studio,
    "labelme": labelme,
}


def _pictures(samples: "Iterable[Sample]") -> Files:
    return [(f"images/{one.filename}", one.read()) for one in samples]


def _size(one: "Sample") -> tuple[int, int]:
    assert one.size is not None
    return one.size


def _sides(one: "Sample") -> str:
    width, height = _size(one)
    return f'width="{width}" height="{height}"'


def _edges(box: "PixelBox") -> str:
    return f'occluded="0" xtl="{box.xmin}" ytl="{box.ymin}" xbr="{box.xmax}" ybr="{box.ymax}" z_order="0"'


def _shape(frame: int, box: "PixelBox", outside: int) -> str:
    return f'<box frame="{frame}" outside="{outside}" keyframe="1" {_edges(box)}/>'


def _annotations(meta: str, content: str) -> bytes:
    head = '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n'
    return f"{head}<meta><task><id>7</id>{meta}</task></meta>\n{content}</annotations>\n".encode()


def _regions(one: "Sample") -> Sequence[dict[str, Any]]:
    width, height = _size(one)
    return [
        {
            "type": "rectanglelabels",
            "original_width": width,
            "original_height": height,
            "value": {
                "x": 100 * box.xmin / width,
                "y": 100 * box.ymin / height,
                "width": 100 * (box.xmax - box.xmin) / width,
                "height": 100 * (box.ymax - box.ymin) / height,
                "rotation": 0,
                "rectanglelabels": [box.label],
            },
        }
        for box in one.boxes
    ]


def _rectangle(box: "PixelBox") -> dict[str, Any]:
    corners = [[box.xmin, box.ymin], [box.xmax, box.ymax]]
    return {"label": box.label, "points": corners, "group_id": None, "shape_type": "rectangle", "flags": {}}
