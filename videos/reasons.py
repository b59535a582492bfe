"""Why a video has no frames, or something about videos is refused, as codes. messages/ has the words.

A code is kept in the database and told by the API: it keeps its spelling for good.
"""

from enum import StrEnum, unique

from ftcml.core.reasons import Break, Param, Reason

__all__ = ["Code", "Param", "Reason"]


@unique
class Code(StrEnum):
    """Why something was refused; each with the params of its sentence."""

    OTHER = "other"  # text: a sentence that something else has made, such as the storage

    # The file itself.
    NOT_A_VIDEO = "not_a_video"
    NOT_A_PICTURE = "not_a_picture"  # file
    NO_FRAMES = "no_frames"
    DAMAGED = "damaged"
    CODEC_UNSUPPORTED = "codec_unsupported"  # codec
    TOO_LONG = "too_long"  # seconds
    TOO_MANY_PIXELS = "too_many_pixels"  # width, height
    TOO_MANY_FRAMES = "too_many_frames"  # most
    TOO_LARGE = "too_large"  # megabytes
    PICTURE_TOO_LARGE = "picture_too_large"  # file, megabytes
    ARCHIVE_TOO_LARGE = "archive_too_large"  # megabytes
    NOT_A_ZIP = "not_a_zip"
    BROKEN_ON_THE_WAY = "broken_on_the_way"
    EMPTY = "empty"

    # Taking the frames out of it.
    STUCK = Break.STUCK  # minutes
    TOO_MUCH_TIME = Break.TOO_MUCH_TIME  # minutes
    TOO_MUCH_MEMORY = Break.TOO_MUCH_MEMORY  # gigabytes
    CRASHED = "crashed"  # times
    FILES_MISSING = "files_missing"
    ARCHIVE = "archive"  # reason: [code, params] of another part of the server, which reads archives
    PICTURE_TOO_MANY_PIXELS = "picture_too_many_pixels"  # file, megapixels: of the only picture, or the first of many
    DISK_IS_FULL = Break.DISK_IS_FULL
    NO_WORK_FOLDER = Break.NO_WORK_FOLDER
    STORAGE_IS_AWAY = Break.STORAGE_IS_AWAY
    SERVER_BROKE = Break.SERVER_BROKE

    # What people ask for.
    COACHES_UPLOAD = "coaches_upload"
    TOO_MANY_VIDEOS = "too_many_videos"  # most
    TOO_MANY_PICTURES = "too_many_pictures"  # most
    ALREADY_UPLOADED = "already_uploaded"
    PHONE_TICKET_OVER = "phone_ticket_over"
    BAD_DESCRIPTION = "bad_description"  # most
    BAD_CHOICE = "bad_choice"
    NOT_READY = "not_ready"
    NOT_IN_TRASH = "not_in_trash"  # video
    UPLOAD_IS_GONE = "upload_is_gone"
    IN_USE = "in_use"  # video, holders: [names]
    BAD_LABEL = "bad_label"  # most
    TOO_MANY_LABELS = "too_many_labels"  # most
    LABEL_TAKEN = "label_taken"  # label
    LABEL_IN_USE = "label_in_use"  # label, boxes
    KEY_TAKEN = "key_taken"  # key
    TOO_MANY_BOXES = "too_many_boxes"  # most
    BAD_BOX = "bad_box"  # number
    NOT_CONFIRMED = "not_confirmed"  # number
    NOT_FINISHED = "not_finished"
    BAD_COMMENT = "bad_comment"  # most
    TOO_MANY_COMMENTS = "too_many_comments"  # most
    BAD_RANGE = "bad_range"
    NOT_A_MEMBER = "not_a_member"
    TOO_MANY_ASSIGNMENTS = "too_many_assignments"  # most
    CHANGED_MEANWHILE = "changed_meanwhile"

    # Tracking.
    TOO_MANY_TRACKINGS = "too_many_trackings"  # most
    NOTHING_TO_TRACK = "nothing_to_track"
    BAD_TRACKER = "bad_tracker"
    ALREADY_TRACKED = "already_tracked"
    NO_SUCH_OBJECT = "no_such_object"
    OBJECTS_OVERLAP = "objects_overlap"  # number
    TRACKING_CRASHED = "tracking_crashed"
