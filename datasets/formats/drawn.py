"""What programs that draw more than boxes say of each picture, gathered until the samples are made."""

from dataclasses import dataclass, field

from datasets.formats import splits
from datasets.formats.files import PictureFiles
from datasets.formats.samples import PixelBox, Sample
from datasets.formats.shapes import Corners, are_numbers
from datasets.repairs import Kind, Repairs
from datasets.split import Split


@dataclass(slots=True)
class Drawing:
    """What is drawn on one picture. `objects`: all of it. `around`: how many boxes were laid around other shapes."""

    size: tuple[int, int] | None = None
    split: Split | None = None
    boxes: list[PixelBox] = field(default_factory=list)
    objects: int = 0
    around: int = 0

    def add(self, label: str, corners: Corners | None, is_box: bool = True) -> None:
        """Take one shape in, by the box around it; None for a shape that has none."""
        self.objects += 1
        if label and corners and are_numbers(corners):
            self.boxes.append(PixelBox(label, *corners))
            self.around += not is_box


def samples(drawings: dict[str, Drawing | None], pictures: PictureFiles, repairs: Repairs) -> list[Sample]:
    """The samples of all pictures, in the order of their names; None leaves a picture out. Says which boxes are around
    other shapes."""
    found: list[Sample] = []
    for picture in pictures.names:
        drawn = drawings.get(picture, Drawing())
        if drawn is None:
            continue
        if drawn.around:
            number = "1 box was" if drawn.around == 1 else f"{drawn.around} boxes were"
            repairs.add(Kind.BOX_AROUND, picture, f"{number} laid around a polygon, a mask or a rotated box.")
        split = drawn.split or splits.of_path(picture)
        found.append(Sample(picture, pictures.reader(picture), drawn.size, drawn.boxes, drawn.objects, split))
    return found


def leave_out(picture: str, why: str, drawings: dict[str, Drawing | None], repairs: Repairs) -> None:
    """Leave a picture out of which can't be told what is drawn on it, and say so."""
    if drawings.get(picture, Drawing()) is not None:
        repairs.add(Kind.UNCLEAR, picture, why)
    drawings[picture] = None
