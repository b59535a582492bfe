"""The words for what an import skipped or fixed in a file, by subject, and for how often it did."""

from datasets.reasons import Note
from datasets.repairs import Kind

_ANNOTATED_AS = "The annotation says {width} × {height}, but the picture is {own_width} × {own_height}."
_DISAGREE = "“{one}” and “{other}” disagree about it"
_LOST = "{lost:,} of {total:,}, for example “{example}”."

NOTES: dict[str, str] = {
    # Pictures.
    Note.PICTURE_DAMAGED: "Damaged or not a picture, so we skipped it.",
    Note.TOO_MANY_PIXELS: "Over {megapixels:g} million pixels, so we skipped it.",
    Note.LAST_BYTES_PUT_BACK: "The end of the file was missing. We restored it.",
    Note.ROTATED: "We turned it upright.",
    Note.ROTATED_WITH_BOXES: "We turned it upright with its boxes.",
    Note.ROTATED_WITH_BOXES_UNSURE: "We turned it upright with its boxes. Check them.",
    Note.ROTATED_BOXES_PLACED: "We turned it upright and left its boxes where they were. Check them.",
    Note.BOXES_SCALED: f"{_ANNOTATED_AS} We scaled the boxes.",
    Note.BOXES_TAKEN_FOR_PIXELS: f"{_ANNOTATED_AS} We read the boxes as pixels.",
    # Boxes and labels.
    Note.NO_BOX_USABLE: "We couldn't use any of its boxes.",
    Note.BOXES_CUT: "{boxes_counted} reached over the edge. We cut {them} there.",
    Note.BOXES_DROPPED: "{boxes_counted} had no label or no area. We removed {them}.",
    Note.BOXES_TWICE: "{boxes_counted} {were} drawn twice. We kept one of each.",
    Note.BOXES_AROUND: "{boxes_counted} {were} drawn around a polygon, a mask or a rotated box.",
    Note.LABEL_IN_CAPITALS: "{boxes_counted} had this label in other capital letters: “{label}”.",
    Note.LABEL_HIDES_LETTERS: "{boxes_counted} had this label with invisible characters: “{label}”.",
    # Which picture is meant.
    Note.NOT_IN_ZIP: "This picture isn't in the zip file.",
    Note.ITS_PICTURE_NOT_IN_ZIP: "Its picture isn't in the zip file.",
    Note.ONLY_ELSEWHERE: "A picture with this name is only in another folder.",
    Note.SEVERAL_OF_THIS_NAME: "Several pictures have this name, so we can't tell which one is meant.",
    Note.SEVERAL_FOR_ANNOTATION: (
        "Several pictures have this name, and the annotation doesn't say which one it means."
    ),
    Note.SEVERAL_OF_ITS_NAME: "Several pictures have its name, so we can't tell which one it means.",
    Note.ONE_FOR_SEVERAL: "There is one picture for several annotations with this name.",
    Note.DOUBTFUL: "Boxes of another picture with this name could belong to it.",
    Note.PICTURE_TAKEN: "Its picture has another annotation.",
    Note.MAY_BE_OF_OTHERS: "Another label file could belong to the same picture.",
    Note.PICTURE_NOT_WITH_OTHERS: "Its picture isn't with the other pictures of its folder, so we can't match it.",
    Note.ANNOTATION_UNREADABLE: "We can't read its annotation “{file}”. Save it again in your labeling tool.",
    # Several annotations of one picture.
    Note.SAME_BOXES_AGAIN: "Listed more than once, each time with the same boxes.",
    Note.SAME_REGIONS_AGAIN: "Listed more than once, each time with the same regions.",
    Note.PUT_TOGETHER: "Listed more than once: we combined the boxes.",
    Note.PUT_TOGETHER_UNSURE: (
        "Listed more than once: we combined the boxes. Some boxes in the same place have different labels. Check them."
    ),
    Note.NEWEST_FILE_USED: "We used the boxes of “{file}”, the newest file. {others_named} {others_have} others.",
    Note.NEWER_FILE_HAS_NONE: "“{file}” is newer and has no boxes here, so we skipped those in {others_named}.",
    Note.OLDER_FILES_LEFT: "We used the boxes of “{file}”, the newest file, instead of those in {others_named}.",
    Note.FILES_DISAGREE: f"{_DISAGREE}, and we can't tell which is right. Remove one, then import again.",
    Note.ANNOTATIONS_DISAGREE: f"{_DISAGREE}, and we can't tell which is newer. Remove one, then import again.",
    Note.OLDER_FILE_DISAGREES: f"{_DISAGREE}. Remove the older one, then import again.",
    Note.OLDER_EXPORT_DISAGREES: f"{_DISAGREE}. Remove the older one, then import again.",
    Note.ONE_PICTURE_FOR_TWO: (
        "“{file}” lists “{one}” and “{other}”, but only this picture is in the zip file. "
        "Add both in their folders, then import again."
    ),
    Note.LISTED_DIFFERENTLY: "“{file}” lists it twice, with different boxes. Fix that file, then import again.",
    # Files of annotations.
    Note.SAME_IN_MORE: "The same happened in {files} more files.",
    Note.PASSED_OVER: "We skipped {passed_over}.",
    Note.SEVERAL_NOTES: "{together}",
    Note.XML_NOT_VALID: "It isn't valid XML. We read what we could.",
    Note.XML_OF_ANOTHER_KIND: "This XML isn't an annotation, so we skipped it.",
    Note.XML_NOT_WHOLE: "This XML file isn't complete, so we skipped it and its picture.",
    Note.IN_ANOTHER_ELEMENT: "Its annotation is inside <{tag}>.",
    Note.SEVERAL_BOXES_OF_OBJECT: "An object with several boxes (<bndbox>) counts as several objects.",
    Note.SPLIT_LIST_DAMAGED: "This list is damaged, so we didn't use it.",
    Note.SPLIT_LINES_LOST: f"Lines that don't match exactly one picture: {_LOST}",
    Note.SPLIT_PLACES_LOST: f"Places that aren't in the zip file: {_LOST}",
    # COCO.
    Note.COCO_PASSED_OVER: "We skipped {coco_counts}.",
    Note.MASKS_TAKEN: "We read masks marked as crowds (iscrowd) as single objects: {masks:,}.",
    Note.CROWDS_ONLY: "It only has boxes around crowds.",
    Note.CROWDS_LEFT_OUT: "We skipped boxes around a crowd: {crowds:,}.",
    # YOLO and TFRecord.
    Note.LABEL_FILE_DAMAGED: "Damaged, so we skipped it and its picture.",
    Note.NAMES_DIFFER: "It calls label {number} “{its}”. We used “{believed}”, which calls it “{ours}”.",
    Note.RECORDS_CUT_OFF: "Damaged or cut off after record {record}. We skipped the rest.",
    Note.IN_PIXELS: "Its boxes are in pixels instead of fractions. We read them as pixels.",
    # CVAT.
    Note.NOT_DIRECTLY_INSIDE: (
        "Its images or tracks aren't directly inside <annotations>. Export the task from CVAT again."
    ),
    Note.TRACK_HAS_GAP: (
        "A track has no shape in frame {frame}, but one before and one after. Export the task from CVAT again."
    ),
    Note.FRAME_NOT_IN_ZIP: "“{file}” has boxes in this frame, but its picture isn't in the zip file.",
    # Label Studio and labelme.
    Note.NO_TASK: "An entry of this file isn't a Label Studio task. Export the project again.",
    Note.TURNED_IN_STUDIO: "It was turned in Label Studio. Turn it back there, then export the project again.",
    Note.SEVERAL_PICTURES_OF_TASK: (
        "Its task in Label Studio has several pictures. Make a task for each, then export the project again."
    ),
    Note.SEVERAL_ANNOTATIONS: (
        "“{file}” has several annotations of it and doesn't say which is newest. "
        "Delete all but one in Label Studio, then export the project again."
    ),
    Note.SEVERAL_TASKS: (
        "More than one task of “{file}” could be about it. Delete all but one in Label Studio, or give each "
        "picture its own name. Then export the project again."
    ),
    Note.NEWEST_USED: "Several people annotated it. We used the newest annotation.",
    Note.NEWEST_OF: "{people} people annotated it. We used the newest annotation.",
    Note.GROUND_TRUTH_OF: "{people} people annotated it. We used the one marked as ground truth.",
    Note.SKIPPED_IN_STUDIO: "It was skipped in Label Studio.",
    Note.NOT_ANNOTATED_YET: "It has no annotation yet in Label Studio.",
    Note.NO_LABELME_JSON: "Damaged or not a labelme file.",
}

# In a summary, of all files together.
SUMMARIES: dict[Kind, str] = {
    Kind.PICTURE_SKIPPED: "Pictures skipped: can't be read",
    Kind.PICTURE_TOO_LARGE: "Pictures skipped: too many pixels",
    Kind.COMPLETED: "Pictures with a missing end, restored",
    Kind.ANNOTATION_SKIPPED: "Annotations skipped",
    Kind.ANNOTATION_REPAIRED: "Annotations fixed",
    Kind.PASSED_OVER: "Annotation files with entries that aren't boxes",
    Kind.PICTURE_MISSING: "Annotations skipped: picture not in the zip file",
    Kind.PICTURE_UNCLEAR: "Annotations skipped: fit several pictures",
    Kind.OTHER_FILE_USED: "Annotations skipped: others of the same pictures used",
    Kind.CUT_OFF: "Damaged record files, read as far as possible",
    Kind.FRAME_SKIPPED: "Pictures skipped: no usable box",
    Kind.UNCLEAR: "Pictures skipped: unclear boxes",
    Kind.LEFT_UNLABELED: "Pictures left unlabeled: unclear or unusable boxes",
    Kind.NAMES_DIFFER: "Files with other label names, not used",
    Kind.SPLIT_LOST: "Split lists with missing pictures",
    Kind.ONE_OF_SEVERAL: "Pictures annotated by several people, one used",
    Kind.BOX_AROUND: "Pictures with other shapes, read as boxes",
    Kind.LISTED_TWICE: "Pictures listed more than once",
    Kind.CROWD_LEFT_OUT: "Pictures with a box around a crowd, skipped",
    Kind.MASK_TAKEN: "Annotation files with masks, read as boxes",
    Kind.DUPLICATE_BOX: "Pictures with the same box twice",
    Kind.BOX_DROPPED: "Pictures with a box that was removed",
    Kind.BOX_CLIPPED: "Pictures with a box cut at the edge",
    Kind.ROTATED: "Pictures turned upright",
    Kind.UNITS: "Record files with boxes in pixels",
    Kind.SIZE_DIFFERS: "Pictures with another size than annotated",
    Kind.LABELS_MERGED: "Labels merged into one",
}
