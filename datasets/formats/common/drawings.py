"""What programs that draw more than boxes say of each picture, gathered until the samples are made."""

from collections import Counter
from dataclasses import dataclass, field

from datasets.formats.common import own_splits
from datasets.formats.common.picture_files import Match, PictureFiles, Unclear, hints_of, one_line
from datasets.formats.common.samples import PixelBox, Sample
from datasets.formats.common.shapes import Corners, are_numbers
from datasets.reasons import Note, Reason
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

    def says_the_same(self, other: "Drawing") -> bool:
        """Whether both draw the same boxes on a picture of the same size."""
        if not self.objects and not other.objects:
            return True
        is_alike = (self.size, self.objects, len(self.boxes)) == (other.size, other.objects, len(other.boxes))
        return is_alike and Counter(self.boxes) == Counter(other.boxes)


@dataclass(slots=True)
class _Claim:
    """What a file says of a picture, by the name that the file gives it. `rival`: what another place says instead."""

    drawn: Drawing
    file: str
    name: str
    agreement: tuple[int, ...]
    times: int = 1
    rival: "_Claim | None" = None


class Drawings:
    """What the files of an archive say of its pictures.

    Where two of them, or two places of one, draw different boxes on one picture, it can't be told which are right: the
    picture is left out. What is left out, and what is said of pictures that the archive lacks, goes to the repairs.
    """

    def __init__(self, pictures: PictureFiles | None, repairs: Repairs) -> None:
        """`pictures` is None for an archive that holds none."""
        self._pictures = pictures
        self._repairs = repairs
        self._claims: dict[str, _Claim] = {}
        self._left_out: set[str] = set()
        self._doubtful: set[str] = set()

    def find(self, path: str, file: str, objects: int) -> Match | None:
        """The picture that is meant by a path in a file; None where it can't be told, which is noted."""
        found = self.found(path, file)
        if isinstance(found, Match):
            return found
        self.miss(path or file, found, objects)
        return None

    def found(self, path: str, file: str) -> Match | Unclear:
        """The same without a note."""
        return self._pictures.found(path, hints_of(path, file)) if self._pictures else Unclear()

    def miss(self, name: str, found: Unclear, objects: int) -> None:
        """Note the objects that are said of a picture which the archive lacks, or holds several of."""
        if found.names:
            self.doubt(found, objects)
            self._repairs.add(Kind.PICTURE_UNCLEAR, one_line(name), Reason(Note.SEVERAL_OF_THIS_NAME), boxes=objects)
        else:
            self._repairs.add(Kind.PICTURE_MISSING, one_line(name), Reason(Note.NOT_IN_ZIP), boxes=objects)

    def doubt(self, found: Unclear, objects: int) -> None:
        """Leave out the pictures that may be meant where objects are said of one of them, unless more is known."""
        self._doubtful.update(found.names if objects else ())

    def take(self, picture: Match, drawn: Drawing, file: str, name: str = "") -> None:
        """Take in what a file says of a picture, by the name that it gives the picture.

        Of two names in one file, the one whose folders fit better is the picture's own.
        """
        claim = _Claim(drawn, file, name or picture.picture, picture.agreement)
        other = self._claims.setdefault(picture.picture, claim)
        if other is claim:
            return
        if file == other.file and claim.agreement != other.agreement:
            better, worse = (claim, other) if claim.agreement > other.agreement else (other, claim)
            if other.rival and other.rival.file != file:
                better.rival = other.rival
            self._claims[picture.picture] = better
            self.miss(worse.name, Unclear(), worse.drawn.objects)
        elif drawn.says_the_same(other.drawn):
            other.times += 1
        else:
            other.rival = other.rival or claim

    def leave_out(self, picture: str, why: Reason, boxes: int = 0) -> None:
        """Leave a picture out of which can't be told what is drawn on it, and say so."""
        if picture not in self._left_out:
            self._left_out.add(picture)
            self._repairs.add(Kind.UNCLEAR, picture, why, boxes=boxes)

    def drop(self, picture: str) -> None:
        """Leave a picture out of which was said already why."""
        self._left_out.add(picture)

    def samples(self) -> list[Sample]:
        """The samples of all pictures but those left out, in the order of their names."""
        if not self._pictures:
            return []
        waiting = [picture for picture in self._pictures.names if picture not in self._left_out]
        return [sample for picture in waiting if (sample := self._sample(picture, self._pictures))]

    def _sample(self, picture: str, pictures: PictureFiles) -> Sample | None:
        claim = self._claims.get(picture)
        if claim is None and picture in self._doubtful:
            self._repairs.add(Kind.FRAME_SKIPPED, picture, Reason(Note.DOUBTFUL))
            return None
        if claim and claim.rival:
            lost = max(claim.drawn.objects, claim.rival.drawn.objects)
            self.leave_out(picture, _contradiction(claim, claim.rival), lost)
            return None
        if claim and claim.times > 1:
            self._repairs.add(Kind.LISTED_TWICE, picture, Reason(Note.SAME_BOXES_AGAIN))
        drawn = claim.drawn if claim else Drawing()
        if drawn.around:
            self._repairs.add(Kind.BOX_AROUND, picture, Reason(Note.BOXES_AROUND, {"boxes": drawn.around}))
        split = drawn.split or own_splits.of_path(picture)
        return Sample(
            picture,
            pictures.reader(picture),
            drawn.size,
            drawn.boxes,
            drawn.objects,
            split,
            is_annotated=claim is not None,
        )


def _contradiction(one: _Claim, other: _Claim) -> Reason:
    """What two places say of a picture, and what to do."""
    if one.file != other.file:
        return Reason(Note.OLDER_FILE_DISAGREES, {"one": one.file, "other": other.file})
    if one.name != other.name:
        names = {"one": one_line(one.name), "other": one_line(other.name)}
        return Reason(Note.ONE_PICTURE_FOR_TWO, {"file": one.file, **names})
    return Reason(Note.LISTED_DIFFERENTLY, {"file": one.file})
