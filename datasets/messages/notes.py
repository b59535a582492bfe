"""The words for what an import skipped or mended in a file, by subject, and for how often it did."""

from datasets.reasons import Note
from datasets.repairs import Kind

_ANNOTATED_AS = "Annotated as {width} × {height}, but is {own_width} × {own_height}."
_DISAGREE = "“{one}” and “{other}” disagree about it"
_LOST = "{lost:,} of {total:,}, for example “{example}”."

NOTES: dict[str, str] = {
    # Pictures.
    Note.PICTURE_DAMAGED: "Damaged, or no picture: skipped.",
    Note.TOO_MANY_PIXELS: (
        "It has more than {megapixels:g} million pixels, the most that one picture may have: skipped."
    ),
    Note.LAST_BYTES_PUT_BACK: "Its file lacked the last bytes, which were put back.",
    Note.ROTATED: "The camera's rotation was applied.",
    Note.ROTATED_WITH_BOXES: "The camera's rotation was applied and its boxes turned with it.",
    Note.ROTATED_WITH_BOXES_UNSURE: (
        "The camera's rotation was applied and its boxes turned with it. Check that they are right."
    ),
    Note.ROTATED_BOXES_PLACED: (
        "The camera's rotation was applied. Its boxes were placed on the upright picture. Check that they are right."
    ),
    Note.BOXES_SCALED: f"{_ANNOTATED_AS} Its boxes were scaled to the picture.",
    Note.BOXES_TAKEN_FOR_PIXELS: f"{_ANNOTATED_AS} Its boxes were taken for pixels of the picture.",
    # Boxes and labels.
    Note.NO_BOX_USABLE: "None of its boxes could be used, so it was left out.",
    Note.BOXES_CUT: "{boxes_counted} over the border, cut off there.",
    Note.BOXES_DROPPED: "{boxes_counted} without a name or an area, dropped.",
    Note.BOXES_TWICE: "{boxes_counted} drawn twice, dropped.",
    Note.BOXES_AROUND: "{boxes_counted} {were} laid around a polygon, a mask or a rotated box.",
    Note.LABEL_IN_CAPITALS: "{boxes_counted} had this label in other capitals: “{label}”.",
    Note.LABEL_HIDES_LETTERS: "{boxes_counted} had this label with letters that can't be seen: “{label}”.",
    # Which picture is meant.
    Note.NOT_IN_ZIP: "The zip does not hold this picture.",
    Note.ITS_PICTURE_NOT_IN_ZIP: "The zip does not hold its picture.",
    Note.ONLY_ELSEWHERE: "The zip holds a picture of this name in another folder alone.",
    Note.SEVERAL_OF_THIS_NAME: "The zip holds several pictures of this name, and nothing says which of them is meant.",
    Note.SEVERAL_FOR_ANNOTATION: (
        "The zip holds several pictures of this name, and the annotation doesn't say which of them it means."
    ),
    Note.SEVERAL_OF_ITS_NAME: "The zip holds several pictures of its name, and nothing says which of them it means.",
    Note.ONE_FOR_SEVERAL: "The zip holds one picture for several of this name.",
    Note.DOUBTFUL: "The boxes of a picture of this name may be its own, so it was left out.",
    Note.PICTURE_TAKEN: "Its picture has another annotation.",
    Note.MAY_BE_OF_OTHERS: "It may belong to a picture that another label file may belong to as well.",
    Note.PICTURE_NOT_WITH_OTHERS: "Its picture isn't where the pictures of its folder are, so it can't be told.",
    Note.ANNOTATION_UNREADABLE: (
        "Its annotation “{file}” can't be read. Save it again in the program that it was made with."
    ),
    # Several annotations of one picture.
    Note.SAME_BOXES_AGAIN: "Listed more than once, each time with the same boxes.",
    Note.SAME_REGIONS_AGAIN: "Listed more than once, each time with the same regions.",
    Note.PUT_TOGETHER: "Listed more than once: its boxes were put together.",
    Note.PUT_TOGETHER_UNSURE: (
        "Listed more than once: its boxes were put together. Boxes at the same place have different labels. "
        "Check that they are right."
    ),
    Note.NEWEST_FILE_USED: "The boxes of “{file}” were used, the newest; {others_named} {others_have} others.",
    Note.NEWER_FILE_HAS_NONE: ("“{file}” is newer and has no boxes here, so those in {others_named} were left out."),
    Note.OLDER_FILES_LEFT: ("“{file}” is the newest, so its boxes were used instead of those in {others_named}."),
    Note.FILES_DISAGREE: (
        f"{_DISAGREE}, and nothing says which is right. Take one of them out of the zip, then import it again."
    ),
    Note.ANNOTATIONS_DISAGREE: (
        f"{_DISAGREE}, and nothing says which is newer. Take one of them out of the zip, then import it again."
    ),
    Note.OLDER_FILE_DISAGREES: f"{_DISAGREE}. Take the older one out of the zip, then import it again.",
    Note.OLDER_EXPORT_DISAGREES: f"{_DISAGREE}. Take the older one out of the zip, then import the zip again.",
    Note.ONE_PICTURE_FOR_TWO: (
        "“{file}” lists “{one}” and “{other}”, and only this picture is in the zip. Put both into the zip, in their "
        "folders, then import it again."
    ),
    Note.LISTED_DIFFERENTLY: (
        "“{file}” lists it twice, with different boxes. Correct that file, then import the set again."
    ),
    # Files of annotations.
    Note.SAME_IN_MORE: "The same in {files} more files.",
    Note.PASSED_OVER: "Passed over: {passed_over}.",
    Note.SEVERAL_NOTES: "{together}",
    Note.XML_NOT_VALID: "It isn't valid XML, and was read anyway.",
    Note.XML_OF_ANOTHER_KIND: "This is XML of another kind: passed over.",
    Note.XML_NOT_WHOLE: "This file is not whole XML. Its picture was left out as well.",
    Note.IN_ANOTHER_ELEMENT: "Its annotation lies in <{tag}>.",
    Note.SEVERAL_BOXES_OF_OBJECT: "An object with several boxes (<bndbox>) counts as several objects.",
    Note.SPLIT_LIST_DAMAGED: "This list is damaged, so it was not used.",
    Note.SPLIT_LINES_LOST: f"Lines that don't match exactly one picture in the zip: {_LOST}",
    Note.SPLIT_PLACES_LOST: f"Places that aren't in the zip: {_LOST}",
    # COCO.
    Note.COCO_PASSED_OVER: "Passed over, {coco_counts}.",
    Note.MASKS_TAKEN: "Masks that are marked as crowds (iscrowd), taken for single objects: {masks:,}.",
    Note.CROWDS_ONLY: "Only crowds are marked in it, so it was left out.",
    Note.CROWDS_LEFT_OUT: "Boxes around a crowd, left out: {crowds:,}.",
    # YOLO and TFRecord.
    Note.LABEL_FILE_DAMAGED: "Damaged. Its picture was left out as well.",
    Note.NAMES_DIFFER: "It calls label {number} “{its}”. “{believed}” was used, which calls it “{ours}”.",
    Note.RECORDS_CUT_OFF: "Damaged or cut off after record {record}: what follows was left out.",
    Note.IN_PIXELS: "Its boxes are in pixels instead of fractions, and were taken for that.",
    # CVAT.
    Note.NOT_DIRECTLY_INSIDE: (
        "Its images or tracks aren't directly inside <annotations>. Export the task from CVAT again."
    ),
    Note.TRACK_HAS_GAP: (
        "A track has no shape in frame {frame}, though it has one before and one after it. CVAT writes one for every "
        "frame: export the task from there."
    ),
    Note.FRAME_NOT_IN_ZIP: "“{file}” has boxes in this frame, and the zip does not hold its picture.",
    # Label Studio and labelme.
    Note.NO_TASK: "An entry of this file is no task of Label Studio. Export the project again.",
    Note.TURNED_IN_STUDIO: "It was turned in Label Studio. Turn it back there, then export the project again.",
    Note.SEVERAL_PICTURES_OF_TASK: (
        "Its task in Label Studio has several pictures. Make a task for each, then export the project again."
    ),
    Note.SEVERAL_ANNOTATIONS: (
        "“{file}” holds several annotations of it, and doesn't say which is the newest. Delete all but one in Label "
        "Studio, then export the project again."
    ),
    Note.SEVERAL_TASKS: (
        "More than one task of “{file}” may be about it. Delete all but one in Label Studio, or give each picture a "
        "name of its own, then export the project again."
    ),
    Note.NEWEST_USED: "Several people annotated it. The newest was used.",
    Note.NEWEST_OF: "{people} people annotated it. The newest was used.",
    Note.GROUND_TRUTH_OF: "{people} people annotated it. The one marked as ground truth was used.",
    Note.SKIPPED_IN_STUDIO: "It was skipped in Label Studio.",
    Note.NOT_ANNOTATED_YET: "It has no annotation yet in Label Studio.",
    Note.NO_LABELME_JSON: "Damaged, or no JSON of labelme.",
}

# In a summary, of all files together.
SUMMARIES: dict[Kind, str] = {
    Kind.PICTURE_SKIPPED: "Pictures skipped because they cannot be read",
    Kind.PICTURE_TOO_LARGE: "Pictures skipped because they have too many pixels",
    Kind.COMPLETED: "Pictures whose file lacked its last bytes",
    Kind.ANNOTATION_SKIPPED: "Annotations skipped",
    Kind.ANNOTATION_MENDED: "Annotations with something mended",
    Kind.PASSED_OVER: "Annotation files with entries that aren't boxes",
    Kind.PICTURE_MISSING: "Annotations whose picture isn't in the zip",
    Kind.PICTURE_UNCLEAR: "Annotations that fit several pictures, and were left out",
    Kind.OTHER_FILE_USED: "Annotations left out because others of the same pictures were used",
    Kind.CUT_OFF: "Record files that are damaged, and were read up to there",
    Kind.FRAME_SKIPPED: "Pictures left out because none of their boxes could be used",
    Kind.UNCLEAR: "Pictures left out because their boxes are unclear",
    Kind.NAMES_DIFFER: "Files that name the labels differently, which were not used",
    Kind.SPLIT_LOST: "Lists for the split that name pictures missing from the zip",
    Kind.ONE_OF_SEVERAL: "Pictures that several people annotated, of whom one was used",
    Kind.BOX_AROUND: "Pictures with other shapes than upright boxes, whose surrounding boxes were taken",
    Kind.LISTED_TWICE: "Pictures that were listed more than once",
    Kind.CROWD_LEFT_OUT: "Pictures with a box around a crowd, which was left out",
    Kind.MASK_TAKEN: "Annotation files whose masks were read as boxes",
    Kind.DUPLICATE_BOX: "Pictures with the same box twice",
    Kind.BOX_DROPPED: "Pictures with a box that was dropped",
    Kind.BOX_CLIPPED: "Pictures with a box that was cut off at the border",
    Kind.ROTATED: "Pictures turned upright",
    Kind.UNITS: "Record files whose boxes are in pixels instead of fractions",
    Kind.SIZE_DIFFERS: "Pictures whose size differs from their annotation",
    Kind.LABELS_MERGED: "Labels merged into one",
}
