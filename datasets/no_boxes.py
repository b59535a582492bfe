"""Why a set of which every annotation was read has no box in the end."""

from datasets.reasons import Code, Param
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs

# The kinds of repair by which boxes are lost.
_CODES: dict[Kind, Code] = {
    Kind.PICTURE_MISSING: Code.NO_BOX_PICTURES_MISSING,
    Kind.PICTURE_UNCLEAR: Code.NO_BOX_PICTURES_UNCLEAR,
    Kind.BOX_DROPPED: Code.NO_BOX_ALL_DROPPED,
    Kind.CROWD_LEFT_OUT: Code.NO_BOX_CROWDS,
    Kind.UNCLEAR: Code.NO_BOX_UNCLEAR,
    Kind.ANNOTATION_SKIPPED: Code.NO_BOX_ANNOTATIONS_SKIPPED,
    Kind.FRAME_SKIPPED: Code.NO_BOX_FRAMES_SKIPPED,
}


def no_boxes(repairs: Repairs) -> DatasetRefused:
    """Why, by the kind of repair that took most boxes, or else most files."""
    kinds = [kind for kind in _CODES if repairs.files[kind]]
    if not kinds:
        return DatasetRefused(Code.NO_BOX_DRAWN)
    kind = max(kinds, key=lambda kind: (repairs.boxes[kind], repairs.files[kind]))
    files = repairs.files[kind]
    # Where the boxes could not be counted, since the files could not be read, each file counts as one.
    params: dict[str, Param] = {
        "files": files,
        "boxes": repairs.boxes[kind] or files,
        "example": repairs.examples[kind],
    }
    if kind is Kind.UNCLEAR:
        note = repairs.notes[kind]
        params["note"] = [note.code, note.params]
    return DatasetRefused(_CODES[kind], **params)
