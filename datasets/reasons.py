"""Why there is no dataset, or no other one, as codes. messages.py has the words.

A code is kept in the database and told by the API: it keeps its spelling for good.
"""

from enum import StrEnum, unique

from ftcml.core.reasons import Param, Reason

__all__ = ["Code", "Param", "Reason"]


@unique
class Code(StrEnum):
    """Each with the params of its sentence."""

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
    NO_BOX_UNCLEAR = "no_box_unclear"  # files, example, text
    NO_BOX_ANNOTATIONS_SKIPPED = "no_box_annotations_skipped"  # files, example
    NO_BOX_FRAMES_SKIPPED = "no_box_frames_skipped"  # example

    # What the server could not do.
    NO_ARCHIVE = "no_archive"
    FILES_LOST = "files_lost"
    CUT_OFF = "cut_off"  # attempts
    TOO_MUCH_MEMORY = "too_much_memory"  # gigabytes
    TOO_MUCH_TIME = "too_much_time"  # minutes
    STUCK = "stuck"  # minutes
    DISK_IS_FULL = "disk_is_full"
    NO_WORK_FOLDER = "no_work_folder"
    STORAGE_IS_AWAY = "storage_is_away"
    SERVER_BROKE = "server_broke"

    # What is refused at once, so that no dataset keeps it.
    BAD_DESCRIPTION = "bad_description"  # most
    BAD_PERCENT = "bad_percent"  # most
    BAD_SEED = "bad_seed"  # most
    TOO_MANY_DATASETS = "too_many_datasets"  # most
    DELETED_WHILE_STORED = "deleted_while_stored"
    NOT_READY = "not_ready"
    IN_USE = "in_use"  # dataset, models

    # A sentence of another part of the server, or of an earlier version, which is shown as it is.
    OTHER = "other"  # text
