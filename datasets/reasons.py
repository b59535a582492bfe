"""Why there is no dataset, and what an import has repaired, as codes. messages/ has the words.

A code is kept in the database and told by the API: it keeps its spelling for good.
"""

from enum import StrEnum, unique

from ftcml.core import repairs
from ftcml.core.reasons import Break, Param, Reason

__all__ = ["Code", "Note", "Param", "Reason"]


@unique
class Code(StrEnum):
    """Why an import failed, or something else was refused; each with the params of its sentence."""

    # The zip file itself.
    NOT_A_ZIP = "not_a_zip"
    DAMAGED_ZIP = "damaged_zip"
    NAMES_BEHIND_ITS_END = "names_behind_its_end"
    FILES_OVERLAP = "files_overlap"  # file
    TOO_MANY_FILES = "too_many_files"  # most
    UNPACKS_TO_TOO_MUCH = "unpacks_to_too_much"  # bytes
    ZIP_PACKED_TOO_WELL = "zip_packed_too_well"  # times
    FILE_PACKED_TOO_WELL = "file_packed_too_well"  # file, times
    FILE_TOO_LARGE = "file_too_large"  # file, megabytes
    FILE_TWICE = "file_twice"  # file
    NAME_TOO_LONG = "name_too_long"  # file, most
    PATH_LEADS_OUT = "path_leads_out"  # file
    LINK = "link"  # file
    LOCKED = "locked"
    PACKED_RARELY = "packed_rarely"  # file
    FILE_DAMAGED = "file_damaged"  # file

    # What any format may meet.
    SEVERAL_FORMATS = "several_formats"  # found: [[format, files named, files]]
    NOTHING_UNDERSTOOD = "nothing_understood"  # kinds: [[ending, files]], more: kinds
    UNKNOWN_FORMAT = "unknown_format"  # format, known: [formats]
    NO_PICTURE = "no_picture"  # endings
    TOO_MANY_ENTRIES = "too_many_entries"  # most, what
    JSON_DAMAGED = "json_damaged"  # file, format
    JSON_TOO_DEEP = "json_too_deep"  # file, format
    JSON_VALUE_TOO_LONG = "json_value_too_long"  # file, format
    JSON_ENTRY_TOO_LARGE = "json_entry_too_large"  # file, format, most

    # Pascal VOC.
    NO_VOC = "no_voc"
    VOC_ENTITIES = "voc_entities"  # file

    # COCO.
    NO_COCO = "no_coco"
    TOO_MANY_LISTINGS = "too_many_listings"  # most, picture
    ONE_ID_FOR_TWO = "one_id_for_two"  # file, id
    FILES_CONTRADICT = "files_contradict"  # one, other, picture

    # YOLO.
    NO_YOLO = "no_yolo"
    NO_YOLO_NAMES = "no_yolo_names"  # file
    YOLO_LINES_UNCLEAR = "yolo_lines_unclear"  # file
    NO_LABEL_FILE_FITS = "no_label_file_fits"  # file
    LABEL_FILE_OF_TWO_PICTURES = "label_file_of_two_pictures"  # file, one, other
    PICTURE_OF_TWO_LABEL_FILES = "picture_of_two_label_files"  # one, other
    LABEL_FILE_ELSEWHERE = "label_file_elsewhere"  # file
    TOO_MANY_OF_ONE_NAME = "too_many_of_one_name"  # most, name, file
    YAML_TOO_LONG = "yaml_too_long"  # file
    YAML_TOO_DEEP = "yaml_too_deep"  # file
    YAML_REFERS_TO_ITSELF = "yaml_refers_to_itself"  # file
    YAML_UNREADABLE = "yaml_unreadable"  # file

    # TFRecord.
    NO_RECORD_FILE = "no_record_file"
    RECORD_FILE_UNREADABLE = "record_file_unreadable"  # file
    RECORD_TOO_LARGE = "record_too_large"  # megabytes
    TOO_MANY_RECORDS = "too_many_records"  # most
    TOO_MANY_BOXES = "too_many_boxes"  # most
    NO_LABEL_MAP = "no_label_map"  # file
    TOO_MANY_LABEL_MAPS = "too_many_label_maps"  # most, ending
    LABEL_MAPS_TOO_LARGE = "label_maps_too_large"  # ending

    # CVAT.
    NO_CVAT_IMAGES = "no_cvat_images"
    NO_CVAT_VIDEO = "no_cvat_video"
    CVAT_DAMAGED = "cvat_damaged"  # file
    CVAT_ENTITIES = "cvat_entities"  # file
    CVAT_TOO_LARGE = "cvat_too_large"  # file, megabytes
    NO_VIDEO_FRAMES = "no_video_frames"  # file
    ONE_FRAME_OF_TWO = "one_frame_of_two"  # one, other, frame, file

    # Label Studio and labelme.
    NO_LABEL_STUDIO = "no_label_studio"
    NO_LABELME = "no_labelme"
    NO_LABELME_PICTURE = "no_labelme_picture"  # file

    # Pictures.
    PICTURE_TOO_LARGE = "picture_too_large"  # file, megapixels
    TOO_MANY_UNREADABLE = "too_many_unreadable"  # pictures, file

    # Labels and boxes.
    TOO_MANY_LABELS = "too_many_labels"  # labels, most
    LABEL_TOO_LONG = "label_too_long"  # label, most
    NO_BOX_DRAWN = "no_box_drawn"
    NO_BOX_PICTURES_MISSING = "no_box_pictures_missing"  # boxes, example
    NO_BOX_PICTURES_UNCLEAR = "no_box_pictures_unclear"  # boxes, example
    NO_BOX_ALL_DROPPED = "no_box_all_dropped"  # boxes, example
    NO_BOX_CROWDS = "no_box_crowds"  # boxes, example
    NO_BOX_UNCLEAR = "no_box_unclear"  # files, example, note: [code, params]
    NO_BOX_ANNOTATIONS_SKIPPED = "no_box_annotations_skipped"  # files, example
    NO_BOX_FRAMES_SKIPPED = "no_box_frames_skipped"  # example

    # What the server could not do.
    NO_ARCHIVE = "no_archive"
    FILES_LOST = "files_lost"
    CUT_OFF = "cut_off"  # attempts
    TOO_MUCH_MEMORY = Break.TOO_MUCH_MEMORY  # gigabytes
    TOO_MUCH_TIME = Break.TOO_MUCH_TIME  # minutes
    STUCK = Break.STUCK  # minutes
    DISK_IS_FULL = Break.DISK_IS_FULL
    NO_WORK_FOLDER = Break.NO_WORK_FOLDER
    STORAGE_IS_AWAY = Break.STORAGE_IS_AWAY
    SERVER_BROKE = Break.SERVER_BROKE

    # What is refused at once, so that no dataset keeps it.
    BAD_DESCRIPTION = "bad_description"  # most
    BAD_PERCENT = "bad_percent"  # most
    BAD_SEED = "bad_seed"  # most
    TOO_MANY_DATASETS = "too_many_datasets"  # most
    DELETED_WHILE_STORED = "deleted_while_stored"
    NOT_READY = "not_ready"
    IN_USE = "in_use"  # dataset, models
    NOT_IN_TRASH = "not_in_trash"  # dataset
    LABELS_FIXED_IN = "labels_fixed_in"  # dataset, video
    FIXED_IN_TRASH = "fixed_in_trash"  # video

    # Exporting the labels of videos.
    NOTHING_LABELED = "nothing_labeled"

    # Changing a dataset.
    EDITED_DATASET_GONE = "edited_dataset_gone"
    STILL_CHECKED = "still_checked"
    ALREADY_SAVING = "already_saving"
    NOTHING_CHANGED = "nothing_changed"
    NO_SUCH_LABEL = "no_such_label"  # label
    NO_SUCH_FRAME = "no_such_frame"
    BAD_LABEL = "bad_label"  # most
    LABEL_TAKEN = "label_taken"  # label
    LAST_LABEL = "last_label"  # label
    LAST_FRAME = "last_frame"  # split
    NO_BOX_LEFT = "no_box_left"

    # Producing a dataset from videos.
    VIDEO_NOT_READY = "video_not_ready"  # video
    VIDEO_GONE = "video_gone"
    NO_FINISHED_FRAME = "no_finished_frame"
    ONE_FINISHED_FRAME = "one_finished_frame"
    ONE_FRAME_TO_SHUFFLE = "one_frame_to_shuffle"
    LABELS_CHANGED = "labels_changed"
    KEPT_NOT_CHOSEN = "kept_not_chosen"
    ALL_FOR_TRAINING = "all_for_training"  # frames
    ALL_FOR_EVALUATION = "all_for_evaluation"  # frames
    ALL_NEGATIVE = "all_negative"  # frames
    VERSION_IS_COMING = "version_is_coming"  # dataset
    NO_EARLIER_VERSION = "no_earlier_version"
    VIDEO_PICTURES_LOST = "video_pictures_lost"

    # A sentence of another part of the server, or of an earlier version, which is shown as it is.
    OTHER = "other"  # text


@unique
class Note(StrEnum):
    """What was skipped or repaired in one file; each with the params of its sentence."""

    # Pictures.
    PICTURE_DAMAGED = repairs.PictureNote.PICTURE_DAMAGED
    TOO_MANY_PIXELS = repairs.PictureNote.TOO_MANY_PIXELS  # megapixels
    LAST_BYTES_PUT_BACK = repairs.PictureNote.LAST_BYTES_PUT_BACK
    ROTATED = "rotated"
    ROTATED_WITH_BOXES = "rotated_with_boxes"
    ROTATED_WITH_BOXES_UNSURE = "rotated_with_boxes_unsure"
    ROTATED_BOXES_PLACED = "rotated_boxes_placed"
    BOXES_SCALED = "boxes_scaled"  # width, height, own_width, own_height
    BOXES_TAKEN_FOR_PIXELS = "boxes_taken_for_pixels"  # width, height, own_width, own_height

    # Boxes and labels.
    NO_BOX_USABLE = "no_box_usable"
    BOXES_CUT = "boxes_cut"  # boxes
    BOXES_DROPPED = "boxes_dropped"  # boxes
    BOXES_TWICE = "boxes_twice"  # boxes
    BOXES_AROUND = "boxes_around"  # boxes
    LABEL_IN_CAPITALS = "label_in_capitals"  # boxes, label
    LABEL_HIDES_LETTERS = "label_hides_letters"  # boxes, label

    # Which picture is meant.
    NOT_IN_ZIP = "not_in_zip"
    ITS_PICTURE_NOT_IN_ZIP = "its_picture_not_in_zip"
    ONLY_ELSEWHERE = "only_elsewhere"
    SEVERAL_OF_THIS_NAME = "several_of_this_name"
    SEVERAL_FOR_ANNOTATION = "several_for_annotation"
    SEVERAL_OF_ITS_NAME = "several_of_its_name"
    ONE_FOR_SEVERAL = "one_for_several"
    DOUBTFUL = "doubtful"
    PICTURE_TAKEN = "picture_taken"
    MAY_BE_OF_OTHERS = "may_be_of_others"
    PICTURE_NOT_WITH_OTHERS = "picture_not_with_others"
    ANNOTATION_UNREADABLE = "annotation_unreadable"  # file

    # Several annotations of one picture.
    SAME_BOXES_AGAIN = "same_boxes_again"
    SAME_REGIONS_AGAIN = "same_regions_again"
    PUT_TOGETHER = "put_together"
    PUT_TOGETHER_UNSURE = "put_together_unsure"
    NEWEST_FILE_USED = "newest_file_used"  # file, others
    NEWER_FILE_HAS_NONE = "newer_file_has_none"  # file, others
    OLDER_FILES_LEFT = "older_files_left"  # file, others
    FILES_DISAGREE = "files_disagree"  # one, other
    ANNOTATIONS_DISAGREE = "annotations_disagree"  # one, other
    OLDER_FILE_DISAGREES = "older_file_disagrees"  # one, other
    OLDER_EXPORT_DISAGREES = "older_export_disagrees"  # one, other
    ONE_PICTURE_FOR_TWO = "one_picture_for_two"  # file, one, other
    LISTED_DIFFERENTLY = "listed_differently"  # file

    # Files of annotations.
    SAME_IN_MORE = repairs.SAME_IN_MORE  # files
    PASSED_OVER = "passed_over"  # counts: [[what, how many]]
    SEVERAL_NOTES = "several_notes"  # notes: [[code, params]]
    XML_NOT_VALID = "xml_not_valid"
    XML_OF_ANOTHER_KIND = "xml_of_another_kind"
    XML_NOT_WHOLE = "xml_not_whole"
    IN_ANOTHER_ELEMENT = "in_another_element"  # tag
    SEVERAL_BOXES_OF_OBJECT = "several_boxes_of_object"
    SPLIT_LIST_DAMAGED = "split_list_damaged"
    SPLIT_LINES_LOST = "split_lines_lost"  # lost, total, example
    SPLIT_PLACES_LOST = "split_places_lost"  # lost, total, example

    # COCO.
    COCO_PASSED_OVER = "coco_passed_over"  # unusable, unlisted
    MASKS_TAKEN = "masks_taken"  # masks
    CROWDS_ONLY = "crowds_only"
    CROWDS_LEFT_OUT = "crowds_left_out"  # crowds

    # YOLO and TFRecord.
    LABEL_FILE_DAMAGED = "label_file_damaged"
    NAMES_DIFFER = "names_differ"  # number, its, believed, ours
    RECORDS_CUT_OFF = "records_cut_off"  # record
    IN_PIXELS = "in_pixels"

    # CVAT.
    NOT_DIRECTLY_INSIDE = "not_directly_inside"
    TRACK_HAS_GAP = "track_has_gap"  # frame
    FRAME_NOT_IN_ZIP = "frame_not_in_zip"  # file

    # Label Studio and labelme.
    NO_TASK = "no_task"
    TURNED_IN_STUDIO = "turned_in_studio"
    SEVERAL_PICTURES_OF_TASK = "several_pictures_of_task"
    SEVERAL_ANNOTATIONS = "several_annotations"  # file
    SEVERAL_TASKS = "several_tasks"  # file
    NEWEST_USED = "newest_used"
    NEWEST_OF = "newest_of"  # people
    GROUND_TRUTH_OF = "ground_truth_of"  # people
    SKIPPED_IN_STUDIO = "skipped_in_studio"
    NOT_ANNOTATED_YET = "not_annotated_yet"
    NO_LABELME_JSON = "no_labelme_json"
