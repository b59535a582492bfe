"""The words for why an import failed, or something was refused, by subject."""

from datasets.reasons import Code
from ftcml.core.files.storage import AWAY

_PACKED_TOO_WELL = (
    "unpacks to more than {times} times its size, as no photographs do. Make the zip again from real ones."
)

FAILURES: dict[str, str] = {
    # The zip file itself.
    Code.NOT_A_ZIP: "This is not a zip file. Zip the folder with the pictures and annotations, and choose that.",
    Code.DAMAGED_ZIP: (
        "This is not a zip file, or it is damaged. Zip the folder with the pictures and annotations again."
    ),
    Code.NAMES_BEHIND_ITS_END: "The zip is damaged: it names files behind its end. Zip the folder again.",
    Code.FILES_OVERLAP: "In the zip, “{file}” lies on top of another file. Make the zip again with a usual tool.",
    Code.TOO_MANY_FILES: "The zip holds more than {most:,} files. Split it into several datasets.",
    Code.UNPACKS_TO_TOO_MUCH: "The zip unpacks to more than {size}. Split it into several datasets.",
    Code.ZIP_PACKED_TOO_WELL: f"The zip {_PACKED_TOO_WELL}",
    Code.FILE_PACKED_TOO_WELL: f"“{{file}}” {_PACKED_TOO_WELL}",
    Code.FILE_TOO_LARGE: "“{file}” is larger than {megabytes} MB, the most that one file of its kind may have.",
    Code.FILE_TWICE: "The zip holds “{file}” twice. Zip the folder again, into a new file.",
    Code.NAME_TOO_LONG: "“{file}…” is longer than {most:,} letters. Give the files shorter names.",
    Code.PATH_LEADS_OUT: (
        "The zip holds “{file}”, a path that leads out of its folder. Make the zip again with a usual tool."
    ),
    Code.LINK: "“{file}” is a link, not a file. Zip the real files instead of links to them.",
    Code.LOCKED: "The zip is locked with a password. Make it again without one.",
    Code.PACKED_RARELY: "“{file}” is packed in a rare way. Make the zip again with a usual tool.",
    Code.FILE_DAMAGED: "“{file}” is damaged in the zip. Make the zip again.",
    # What any format may meet.
    Code.SEVERAL_FORMATS: (
        "The zip holds annotations in more than one format: {formats}. Import it again and choose the format to use."
    ),
    Code.NOTHING_UNDERSTOOD: (
        "The zip holds no annotations that are understood here. It holds {contents}. Looked for: {looked_for}."
    ),
    Code.UNKNOWN_FORMAT: "There is no format “{format}” here. Choose one of these: {known_formats}.",
    Code.NO_PICTURE: "The zip holds no picture ({endings}).",
    Code.TOO_MANY_ENTRIES: "The annotations hold more than {most:,} {what}. Split the set into several.",
    Code.JSON_DAMAGED: "“{file}” is damaged, or no JSON. {export_again}",
    Code.JSON_TOO_DEEP: "“{file}” nests deeper than any annotation does. {export_again}",
    Code.JSON_VALUE_TOO_LONG: "“{file}” holds a value that is longer than annotations need. {export_again}",
    Code.JSON_ENTRY_TOO_LARGE: "“{file}” has an entry of more than {most:,} values. {export_again}",
    # Pascal VOC.
    Code.NO_VOC: (
        "The zip holds no Pascal VOC annotation (one .xml file for each picture). Export the set as Pascal VOC."
    ),
    Code.VOC_ENTITIES: (
        "“{file}” defines XML entities, which annotations never need. Export the set again with a usual tool."
    ),
    # COCO.
    Code.NO_COCO: (
        "The zip holds no COCO annotation that can be read (a .json file with “images” and “annotations”). "
        "Export the set as COCO."
    ),
    Code.TOO_MANY_LISTINGS: (
        "More than {most} files list “{picture}”. Leave the older ones out of the zip, then import it again."
    ),
    Code.ONE_ID_FOR_TWO: (
        "“{file}” has the id {id} for two pictures, so whose boxes are whose can't be told. Export the set again."
    ),
    Code.FILES_CONTRADICT: (
        "“{other}” and “{one}” both say where the objects in “{picture}” are, and not the same. "
        "Leave the older of the two files out of the zip, then import it again."
    ),
    # YOLO.
    Code.NO_YOLO: "The zip holds no YOLO label (a .txt file of numbers for each picture). Export the set as YOLO.",
    Code.NO_YOLO_NAMES: (
        "In “{file}” and the other label files the labels are numbers, and no file of the zip says what they "
        "stand for. "
        "Add a file “classes.txt” with one name on each line, the first for number 0."
    ),
    Code.YOLO_LINES_UNCLEAR: (
        "“{file}” holds lines that may be polygons, or boxes with a confidence and a track number, and the other label "
        "files don't tell. Export the set again with 5 numbers on each line."
    ),
    Code.NO_LABEL_FILE_FITS: (
        "No label file belongs to a picture in the zip, for example “{file}”. Give each label file the name of its "
        "picture, and zip both."
    ),
    Code.LABEL_FILE_OF_TWO_PICTURES: "“{file}” may belong to “{one}” or “{other}”. Give each picture its own name.",
    Code.PICTURE_OF_TWO_LABEL_FILES: "“{one}” or “{other}” may be its label file. Delete the one that isn't.",
    Code.LABEL_FILE_ELSEWHERE: "“{file}” lies elsewhere, so it can't be told whether it belongs to it.",
    Code.TOO_MANY_OF_ONE_NAME: (
        "The zip holds more than {most} pictures called “{name}”, so it can't be told which one “{file}” is for. "
        "Give each picture its own name."
    ),
    Code.YAML_TOO_LONG: "“{file}” is longer than any description of a set. Export the set again.",
    Code.YAML_TOO_DEEP: "“{file}” nests deeper than any description of a set. Export the set again.",
    Code.YAML_REFERS_TO_ITSELF: "“{file}” refers to parts of itself (& and *). Write them out, without these.",
    Code.YAML_UNREADABLE: "“{file}” is no YAML that can be read. Export the set again.",
    # TFRecord.
    Code.NO_RECORD_FILE: (
        "The zip holds no TFRecord file that can be read: there is no .record file in it. Export the set again."
    ),
    Code.RECORD_FILE_UNREADABLE: (
        "The zip holds no TFRecord file that can be read: “{file}” is empty, damaged or of another kind. "
        "Export the set again."
    ),
    Code.RECORD_TOO_LARGE: (
        "A record of the set is larger than {megabytes} MB, the most that one may have. Make its pictures smaller."
    ),
    Code.TOO_MANY_RECORDS: "The set holds more than {most:,} records. Split it into several datasets.",
    Code.TOO_MANY_BOXES: "The records hold more than {most:,} boxes. Split the set into several.",
    Code.NO_LABEL_MAP: (
        "The boxes in “{file}” have numbers instead of labels, and the zip holds no label map that names them. "
        "Put the set's label.pbtxt into the zip."
    ),
    Code.TOO_MANY_LABEL_MAPS: "The zip holds more than {most} label maps ({ending}). Leave one in it.",
    Code.LABEL_MAPS_TOO_LARGE: "The label maps ({ending}) of the zip hold more than 1 MB. Leave one in it.",
    # CVAT.
    Code.NO_CVAT_IMAGES: (
        "The zip holds no annotations of CVAT for images (an annotations.xml). Export the task as “CVAT for "
        "images 1.1”, "
        "with its images."
    ),
    Code.NO_CVAT_VIDEO: (
        "The zip holds no annotations of CVAT for video (an annotations.xml with tracks). Export the task as “CVAT for "
        "video 1.1”, with its images."
    ),
    Code.CVAT_DAMAGED: "“{file}” is damaged, or no XML. Export the set again from CVAT.",
    Code.CVAT_ENTITIES: "“{file}” defines XML entities, which annotations never need. Export the set again from CVAT.",
    Code.CVAT_TOO_LARGE: "“{file}” is larger than {megabytes} MB. Export smaller tasks.",
    Code.NO_VIDEO_FRAMES: (
        "“{file}” numbers the frames of a video, and no picture of the zip is called frame_000000 or the like. "
        "Export the task as “CVAT for images 1.1”, with its images."
    ),
    Code.ONE_FRAME_OF_TWO: (
        "“{one}” and “{other}” may both be frame {frame} of “{file}”. Import each video as a dataset of its own."
    ),
    # Label Studio and labelme.
    Code.NO_LABEL_STUDIO: "The zip holds no JSON of Label Studio. Export the project as JSON, and add its pictures.",
    Code.NO_LABELME: "The zip holds no annotation of labelme (a .json file with “shapes” for each picture).",
    Code.NO_LABELME_PICTURE: (
        "The zip holds no picture: “{file}” and the others don't hold theirs either. Zip the pictures together with "
        "their .json files."
    ),
    # Pictures.
    Code.PICTURE_TOO_LARGE: (
        "“{file}”: It has more than {megapixels:g} million pixels, the most that one picture may have: skipped. "
        "No other picture is left."
    ),
    Code.TOO_MANY_UNREADABLE: (
        "More than one in ten of the {pictures} pictures cannot be read; “{file}” is one of them. "
        "Get the pictures again from where they came from."
    ),
    # Labels and boxes.
    Code.TOO_MANY_LABELS: "The set has {labels:,} different labels; {most} is the most it may have.",
    Code.LABEL_TOO_LONG: "The label “{label}…” is longer than {most} letters. Shorten it.",
    Code.NO_BOX_DRAWN: "No annotation holds a box with a label. Draw at least one box, and export the set again.",
    Code.NO_BOX_PICTURES_MISSING: (
        "{boxes_counted} name{s} {pictures} that {are}n't in this zip, for example “{example}”. Put the pictures into "
        "the zip under the names that the annotations use."
    ),
    Code.NO_BOX_PICTURES_UNCLEAR: (
        "{boxes_counted} name{s} {pictures} of which this zip holds several, for example “{example}”. Give "
        "each picture "
        "a name of its own, or export the set with its folders."
    ),
    Code.NO_BOX_ALL_DROPPED: (
        "{boxes_counted} {have} no label, or no area inside {their} picture, for example in “{example}”. Look at that "
        "one in the program that you drew the boxes with, then export the set again."
    ),
    Code.NO_BOX_CROWDS: (
        "{boxes_counted} {are} drawn around crowds, for example in “{example}”. Draw a box around each single object."
    ),
    Code.NO_BOX_UNCLEAR: "{frames_counted} left out, for example “{example}”: {text}",
    Code.NO_BOX_ANNOTATIONS_SKIPPED: (
        "{files_counted} can't be used, for example “{example}”: the list below says why. Export the set again."
    ),
    Code.NO_BOX_FRAMES_SKIPPED: (
        "Nothing marked in the pictures can be used as a box, for example in “{example}”: the list below says why. "
        "Export the set again, with a box around each object."
    ),
    # What the server could not do.
    Code.NO_ARCHIVE: (
        "The server does not have the zip file of this dataset: the upload did not arrive whole, or the file was lost. "
        "Import it again."
    ),
    Code.FILES_LOST: "The server has lost files of this dataset. Import it again, and tell {support}.",
    Code.CUT_OFF: (
        "The import was cut off {attempts} times. Perhaps the server has too little memory for these pictures. "
        "Ask {support}."
    ),
    Code.TOO_MUCH_MEMORY: (
        "This zip file needs more than the {gigabytes:.1f} GB of memory that one import may use. Split it into smaller "
        "zip files, make very large pictures smaller, and import each zip file."
    ),
    Code.TOO_MUCH_TIME: (
        "The import was stopped after {minutes} minutes, the longest that one may take. Split the zip file into "
        "smaller ones and import each one."
    ),
    Code.STUCK: (
        "The server worked on one file of this zip for {minutes} minutes and wasn't done, so the import was stopped. "
        "Export the set again, and check that its annotations are no larger than usual."
    ),
    Code.DISK_IS_FULL: "The server's disk is full. Ask {support} to make room, then import the file again.",
    Code.NO_WORK_FOLDER: (
        "The server can't write to its work folder. Ask {support} to look at it, then import the file again."
    ),
    Code.STORAGE_IS_AWAY: f"{AWAY} Then import the file again.",
    Code.SERVER_BROKE: "Something in the server broke during the import. Try again, or ask {support}.",
    # What is refused at once, so that no dataset keeps it.
    Code.BAD_DESCRIPTION: "Give the dataset a description of 1 to {most} letters.",
    Code.BAD_PERCENT: "Choose 0 to {most} percent of the frames for evaluation.",
    Code.BAD_SEED: "Choose 0 to {most:,} as the number that the split is drawn by.",
    Code.TOO_MANY_DATASETS: "Your team has reached its limit of {most} {datasets}. Delete one first.",
    Code.DELETED_WHILE_STORED: "This dataset was deleted while its zip file was being stored.",
    Code.NOT_READY: "This dataset is not ready, so it has no files yet.",
    Code.IN_USE: "“{dataset}” was used by {users}. Delete that first, on the Models tab.",
    # Changing a dataset.
    Code.EDITED_DATASET_GONE: "The dataset that you changed was deleted before your changes were saved.",
    Code.STILL_CHECKED: "We're still checking this dataset. Wait until that's done, then change it.",
    Code.ALREADY_SAVING: "Your team's changes to this dataset are being saved. Wait until that's done.",
    Code.NOTHING_CHANGED: "You haven't changed anything yet. Change a label or a frame first.",
    Code.NO_SUCH_LABEL: "This dataset has no label “{label}”.",
    Code.BAD_LABEL: "Give the label a name of 1 to {most} characters.",
    Code.LABEL_TAKEN: "There is already a label “{label}”. Merge the two, or choose another name.",
    Code.LAST_LABEL: "“{label}” is the only label left. Keep it: a dataset needs at least one.",
    Code.LAST_FRAME: "That would leave no {split} frames. Keep at least one.",
    Code.NO_BOX_LEFT: "No box would be left. Keep at least one frame that has a box.",
    Code.NOT_IN_TRASH: "“{dataset}” isn't in the trash any more. Reload the page.",
    # A sentence of another part of the server, or of an earlier version, which is shown as it is.
    Code.OTHER: "{text}",
}
