"""A small set of drawn pictures, as an annotation program would export it."""

import io
import zipfile
from pathlib import Path

from PIL import Image, ImageDraw

from datasets.importing import producing
from datasets.models import Dataset
from datasets.services import imports
from datasets.services.imports import ImportChoices
from ftcml.accounts.models import Team

WIDTH, HEIGHT = 160, 120

_ANNOTATION = """<annotation>
  <filename>{name}.jpg</filename>
  <size><width>{width}</width><height>{height}</height><depth>3</depth></size>
  {objects}
</annotation>"""

_OBJECT = """<object><name>{label}</name>
  <bndbox><xmin>{xmin}</xmin><ymin>20</ymin><xmax>{xmax}</xmax><ymax>80</ymax></bndbox></object>"""


def write_zip(path: Path, frames: int = 12, label: str = "cone") -> Path:
    """`frames` pictures with a box each; the last has none, and the first one's box reaches over the border."""
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(frames):
            xmin, xmax = (100, 190) if number == 0 else (20 + number, 70 + number)
            archive.writestr(f"frame-{number}.jpg", _picture(xmin, xmax))
            objects = "" if number == frames - 1 else _OBJECT.format(label=label, xmin=xmin, xmax=xmax)
            text = _ANNOTATION.format(name=f"frame-{number}", width=WIDTH, height=HEIGHT, objects=objects)
            archive.writestr(f"frame-{number}.xml", text)
    return path


def _picture(xmin: int, xmax: int) -> bytes:
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#dfe7e5")
    ImageDraw.Draw(picture).polygon([(xmin, 80), (xmax, 80), ((xmin + xmax) // 2, 20)], fill="#f59e0b")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG")
    return buffer.getvalue()


def imported(team: Team, archive: Path) -> Dataset:
    """Return the dataset that a worker has made of the zip file."""
    dataset = imports.request_import(team, None, archive, "cones, gym", ImportChoices(25))
    producing.produce(dataset)
    dataset.refresh_from_db()
    return dataset
