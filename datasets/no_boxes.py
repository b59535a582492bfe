"""Why a set of which every annotation was read has no box in the end, in a sentence for the person who made it."""

from django.template.defaultfilters import pluralize

from datasets.repairs import Kind, Repairs

_NOTHING_DRAWN = "No annotation holds a box with a label. Draw at least one box, and export the set again."
# Of each kind of repair by which boxes are lost: what happened to {boxes}, and what to do. {these}: whose boxes are
# not counted, since the files could not be read.
_SENTENCES: dict[Kind, str] = {
    Kind.PICTURE_MISSING: (
        "{boxes} name{s} {pictures} that {are}n't in this zip, for example “{example}”. Put the pictures into the zip "
        "under the names that the annotations use."
    ),
    Kind.PICTURE_UNCLEAR: (
        "{boxes} name{s} {pictures} of which this zip holds several, for example “{example}”. Give each picture a name "
        "of its own, or export the set with its folders."
    ),
    Kind.BOX_DROPPED: (
        "{boxes} {have} no label, or no area inside {their} picture, for example in “{example}”. Look at that one "
        "in the program that you drew the boxes with, then export the set again."
    ),
    Kind.CROWD_LEFT_OUT: (
        "{boxes} {are} drawn around crowds, for example in “{example}”. Draw a box around each single object."
    ),
    Kind.UNCLEAR: "{frames} left out, for example “{example}”: {text}",
    Kind.ANNOTATION_SKIPPED: (
        "{files} can't be used, for example “{example}”: the list below says why. Export the set again."
    ),
    Kind.FRAME_SKIPPED: (
        "Nothing marked in the pictures can be used as a box, for example in “{example}”: the list below says why. "
        "Export the set again, with a box around each object."
    ),
}


def why(repairs: Repairs) -> str:
    """The sentence, by the kind of repair that took most boxes, or else most files."""
    kinds = [kind for kind in _SENTENCES if repairs.files[kind]]
    if not kinds:
        return _NOTHING_DRAWN
    kind = max(kinds, key=lambda kind: (repairs.boxes[kind], repairs.files[kind]))
    boxes, files = repairs.boxes[kind] or repairs.files[kind], repairs.files[kind]
    return _SENTENCES[kind].format(
        boxes=f"{boxes:,} box{pluralize(boxes, 'es')}",
        s=pluralize(boxes, "s,"),
        pictures=pluralize(boxes, "a picture,pictures"),
        are=pluralize(boxes, "is,are"),
        have=pluralize(boxes, "has,have"),
        their=pluralize(boxes, "its,their"),
        files=f"{files:,} annotation file{pluralize(files)}",
        frames=f"{files:,} picture{pluralize(files)} {pluralize(files, 'was,were')}",
        example=repairs.examples[kind],
        text=repairs.texts[kind][:1].lower() + repairs.texts[kind][1:],
    )
