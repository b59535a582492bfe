"""Which picture each entry of COCO's lists of images means, and what becomes of those that mean none."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath

from datasets.formats.common.picture_files import Match, PictureFiles, one_line
from datasets.formats.common.picture_index import Hints, lowered
from datasets.reasons import Note, Reason
from datasets.repairs import Kind, Repairs

# More pictures than a zip may hold are not looked for by other names too.
_MOST_ALIASES = 100_000


@dataclass(slots=True)
class Claim:
    """An entry about a picture. `boxes`: how many belong to it. `picture`: None where it can't be told."""

    file: str
    path: str
    size: tuple[int, int] | None
    boxes: int = 0
    picture: str | None = None


def settled(claims: list[Claim], pictures: PictureFiles, repairs: Repairs) -> set[str]:
    """Give each claim its picture. Returns the pictures that may be meant by claims that have none.

    1. Find the picture that each claim fits best.
    2. Of claims with different paths to one picture, that with the best fit has it; none, where several fit alike.
    """
    pictures.names_repeat |= _names_repeat(claims)
    unclear: set[str] = set()
    of_picture: dict[str, list[tuple[Claim, Match]]] = defaultdict(list)
    for claim in claims:
        found = pictures.found(claim.path, _hints(claim))
        if isinstance(found, Match):
            of_picture[found.picture].append((claim, found))
        elif found.names:
            unclear.update(found.names if claim.boxes else ())
            _leave_out(claim, Kind.PICTURE_UNCLEAR, Note.SEVERAL_FOR_ANNOTATION, repairs)
        else:
            _leave_out(claim, Kind.PICTURE_MISSING, Note.NOT_IN_ZIP, repairs)
    for picture, rivals in of_picture.items():
        best = max(match.agreement for _, match in rivals)
        fitting = [claim for claim, match in rivals if match.agreement == best]
        is_clear = len({claim.path.casefold() for claim in fitting}) == 1
        for claim, match in rivals:
            if match.agreement < best:
                _leave_out(claim, Kind.PICTURE_MISSING, Note.ONLY_ELSEWHERE, repairs)
            elif is_clear:
                claim.picture = picture
            else:
                unclear.update([picture] if claim.boxes else ())
                _leave_out(claim, Kind.PICTURE_UNCLEAR, Note.ONE_FOR_SEVERAL, repairs)
    return unclear


def aliases(claims: dict[str, Claim]) -> dict[str, Claim]:
    """Claims by what some programs write in place of their ids: the file's name, or a number with zeros in front."""
    if len(claims) > _MOST_ALIASES:
        return {}
    found: dict[str, list[Claim]] = defaultdict(list)
    for own, claim in claims.items():
        path = PurePosixPath(claim.path)
        for other in {claim.path, path.name, path.stem, own.lstrip("0")} - {own}:
            found[other].append(claim)
    return {other: those[0] for other, those in found.items() if len(those) == 1}


def _leave_out(claim: Claim, kind: Kind, note: Note, repairs: Repairs) -> None:
    repairs.add(kind, one_line(claim.path), Reason(note), boxes=claim.boxes)


def _hints(claim: Claim) -> Hints:
    """A path says most; else the folder of the file, and its name: instances_train.json is about pictures in train/."""
    own = lowered(PurePosixPath(claim.path).parts[:-1])
    beside = lowered(PurePosixPath(claim.file).parts[:-1])
    stem = PurePosixPath(claim.file).stem
    subsets = lowered([stem, stem.partition("_")[2]])
    return Hints((own, beside + own, *((subset, *own) for subset in subsets)), beside)


def _names_repeat(claims: list[Claim]) -> bool:
    """Whether one name stands for several pictures, by the paths and files that name it."""
    known: dict[str, tuple[str, str]] = {}
    for claim in claims:
        name = claim.path.rpartition("/")[2].casefold()
        if known.setdefault(name, (claim.file, claim.path)) != (claim.file, claim.path):
            return True
    return False
