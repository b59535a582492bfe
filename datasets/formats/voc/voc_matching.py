"""Which Pascal VOC annotation belongs to which picture."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from datasets.formats.common.file_ages import age
from datasets.formats.common.picture_files import PICTURE_SUFFIXES, Match, PictureFiles, Unclear
from datasets.formats.common.picture_index import Hints, lowered
from datasets.formats.voc.voc_xml import Annotation
from datasets.reasons import Note, Reason
from datasets.repairs import Kind, Repairs

_Rivals = dict[str, list[tuple[Annotation, Match]]]


@dataclass
class Matched:
    """`of_picture`: picture -> annotation. `unclear`: pictures that may be meant by annotations that have none.

    `contested`: pictures with several annotations of which none is the newest for certain.
    """

    of_picture: dict[str, Annotation] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)
    contested: set[str] = field(default_factory=set)

    def is_settled(self, picture: str) -> bool:
        """Whether no further annotation can have the picture."""
        return picture in self.of_picture or picture in self.contested


def match(
    annotations: list[Annotation],
    pictures: PictureFiles,
    written: Callable[[str], tuple[int, ...]],
    repairs: Repairs,
) -> Matched:
    """Find the picture of each annotation.

    1. An annotation's own name leads to its picture: pictures and annotations are renamed together, and <filename> is
       left as it was.
    2. Each of the others takes the picture of its <filename>, when no other has that.

    Of several annotations to one picture, the one whose folders fit best has it, then the newest. Where that can't be
    told of files that contradict each other, the picture is left out.
    """
    pictures.names_repeat |= _names_repeat(annotations)
    matched = Matched()
    undecided: list[tuple[Annotation, Unclear | None]] = []
    rivals: _Rivals = defaultdict(list)
    for annotation in annotations:
        found = _of_own_name(annotation, pictures)
        if isinstance(found, Match):
            rivals[found.picture].append((annotation, found))
        else:
            undecided.append((annotation, found))
    undecided += [(annotation, None) for annotation in _settle(rivals, matched, pictures, written, repairs)]
    rivals = defaultdict(list)
    for annotation, unclear in undecided:
        found = pictures.found(annotation.filename, _hints(annotation)) if annotation.filename else Unclear()
        if isinstance(found, Match) and not matched.is_settled(found.picture):
            rivals[found.picture].append((annotation, found))
        else:
            _leave_out(annotation, unclear, found, matched, repairs)
    for annotation in _settle(rivals, matched, pictures, written, repairs):
        repairs.add(Kind.ANNOTATION_SKIPPED, annotation.name, Reason(Note.PICTURE_TAKEN), boxes=annotation.objects)
    return matched


def _settle(
    rivals: _Rivals,
    matched: Matched,
    pictures: PictureFiles,
    written: Callable[[str], tuple[int, ...]],
    repairs: Repairs,
) -> list[Annotation]:
    """Give each picture its annotation; returns those that have no picture."""
    left: list[Annotation] = []
    for picture, claims in rivals.items():
        most = max(found.agreement for _, found in claims)
        best = _newest([annotation for annotation, found in claims if found.agreement == most], written)
        if len(best) > 1:
            best = [annotation for annotation in best if not _is_of_another(annotation, rivals, pictures)] or best
        if _agree(best):
            matched.of_picture[picture] = best[0]
            best = best[:1]
        else:
            matched.contested.add(picture)
            _note_contested(picture, best, repairs)
        settled = {annotation.name for annotation in best}
        left += [annotation for annotation, _ in claims if annotation.name not in settled]
    return left


def _newest(rivals: list[Annotation], written: Callable[[str], tuple[int, ...]]) -> list[Annotation]:
    """The newest, and those that may be as new."""
    ages = {rival.name: age(rival.name, written(rival.name)) for rival in rivals}
    newest = rivals[0]
    for rival in rivals:
        if ages[rival.name].is_newer_than(ages[newest.name]):
            newest = rival
    return [rival for rival in rivals if not ages[newest.name].is_newer_than(ages[rival.name])]


def _is_of_another(annotation: Annotation, rivals: _Rivals, pictures: PictureFiles) -> bool:
    """Whether its <filename> leads to a picture that no annotation calls its own."""
    found = pictures.found(annotation.filename, _hints(annotation)) if annotation.filename else Unclear()
    return isinstance(found, Match) and found.picture not in rivals


def _agree(rivals: list[Annotation]) -> bool:
    """Whether all say the same, as copies do."""
    said = {(rival.boxes is None, rival.size, rival.objects, frozenset(rival.boxes or ())) for rival in rivals}
    return len(said) == 1


def _note_contested(picture: str, rivals: list[Annotation], repairs: Repairs) -> None:
    note = Reason(Note.ANNOTATIONS_DISAGREE, {"one": rivals[0].name, "other": rivals[1].name})
    repairs.add(Kind.UNCLEAR, picture, note, boxes=sum(rival.objects for rival in rivals))


def _of_own_name(annotation: Annotation, pictures: PictureFiles) -> Match | Unclear:
    """By the annotation's own name: of 1.xml the picture 1.jpg, of 1.jpg.xml as well."""
    hints = _hints(annotation)
    stem = PurePosixPath(annotation.name).stem
    found = pictures.of_stem(stem, hints)
    if isinstance(found, Unclear) and found.names:  # 1.jpg and 1.png: <filename> tells which
        exact = pictures.of_name(annotation.filename, hints)
        return exact if isinstance(exact, Match) and exact.picture in found.names else found
    if found == Unclear() and stem.lower().endswith(PICTURE_SUFFIXES):
        return pictures.of_name(stem, hints)
    return found


def _leave_out(
    annotation: Annotation, unclear: Unclear | None, found: Match | Unclear, matched: Matched, repairs: Repairs
) -> None:
    names = (unclear.names if unclear else ()) + (found.names if isinstance(found, Unclear) else ())
    if names:
        matched.unclear.update(names if annotation.objects else ())
        repairs.add(Kind.PICTURE_UNCLEAR, annotation.name, Reason(Note.SEVERAL_OF_ITS_NAME), boxes=annotation.objects)
    elif unclear is None or isinstance(found, Match):
        repairs.add(Kind.ANNOTATION_SKIPPED, annotation.name, Reason(Note.PICTURE_TAKEN), boxes=annotation.objects)
    else:
        repairs.add(
            Kind.PICTURE_MISSING, annotation.name, Reason(Note.ITS_PICTURE_NOT_IN_ZIP), boxes=annotation.objects
        )


def _hints(annotation: Annotation) -> Hints:
    """The folder of the annotation says most, then what it says itself."""
    beside = lowered(PurePosixPath(annotation.name).parts[:-1])
    said = (lowered(PurePosixPath(path).parts[:-1]) for path in annotation.folders)
    return Hints((beside, *said), beside)


def _names_repeat(annotations: list[Annotation]) -> bool:
    """Whether one name stands in several folders."""
    names = {PurePosixPath(annotation.name.lower()) for annotation in annotations}
    return len({name.stem for name in names}) < len(names)
