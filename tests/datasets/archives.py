"""Archives as annotation programs, careless people and attackers make them."""

import io
import json
import zipfile
from pathlib import Path
from typing import IO

from PIL import ExifTags, Image

Box = tuple[str, float, float, float, float]

SIZE = (160, 120)
A_BALL: Box = ("ball", 20, 30, 80, 90)


def picture(size: tuple[int, int] = SIZE, kind: str = "JPEG", mode: str = "RGB", orientation: int = 1) -> bytes:
    """A picture with a slope of brightness, so that each of its corners is another gray."""
    image = Image.linear_gradient("L").resize(size).convert(mode)
    stream = io.BytesIO()
    if orientation != 1:
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = orientation
        image.save(stream, kind, exif=exif)
    else:
        image.save(stream, kind)
    return stream.getvalue()


def annotation(filename: str, boxes: list[Box], size: tuple[int, int] | None = SIZE) -> str:
    """The Pascal VOC file of one picture; boxes are (label, xmin, ymin, xmax, ymax)."""
    objects = "".join(
        f"<object><name>{label}</name><bndbox><xmin>{xmin}</xmin><ymin>{ymin}</ymin>"
        f"<xmax>{xmax}</xmax><ymax>{ymax}</ymax></bndbox></object>"
        for label, xmin, ymin, xmax, ymax in boxes
    )
    extent = f"<size><width>{size[0]}</width><height>{size[1]}</height></size>" if size else ""
    return f"<annotation><filename>{filename}</filename>{extent}{objects}</annotation>"


def one_frame(data: bytes, boxes: list[Box], name: str = "a.jpg", size: tuple[int, int] | None = SIZE) -> dict:
    """The files of one picture and its annotation."""
    return {name: data, f"{Path(name).stem}.xml": annotation(name, boxes, size)}


def sound_frames(count: int = 10, boxes: list[Box] | None = None) -> dict:
    """`count` pictures of which each has the same boxes (one ball, when not said)."""
    files: dict = {}
    for number in range(count):
        files |= one_frame(picture(), [A_BALL] if boxes is None else boxes, f"frame-{number:03d}.jpg")
    return files


def coco(images: dict, categories: dict, boxes: list, /, **more: object) -> str:
    """A COCO file: images are id -> file name, categories id -> name, boxes (image, category, x, y, width, height).

    More lists take the place of these.
    """
    annotations = [
        {"id": number, "image_id": image, "category_id": category, "bbox": bbox, "iscrowd": 0, "segmentation": []}
        for number, (image, category, *bbox) in enumerate(boxes, start=1)
    ]
    width, height = SIZE
    content = {
        "info": {"description": "made by a test"},
        "images": [
            {"id": number, "file_name": name, "width": width, "height": height} for number, name in images.items()
        ],
        "annotations": annotations,
        "categories": [{"id": number, "name": name, "supercategory": ""} for number, name in categories.items()],
    }
    return json.dumps(content | more)


def write_zip(path: Path | IO[bytes], files: dict) -> Path | IO[bytes]:
    """A zip of name -> content; a name may also be a ZipInfo."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
