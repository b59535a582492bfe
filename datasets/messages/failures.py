"""The words for why an import failed, or something was refused, by subject."""

from datasets.reasons import Code
from ftcml.core import messages

_PACKED_TOO_WELL = "unpacks to more than {times} times its size, which pictures never do. Zip your pictures again."

FAILURES: dict[str, str] = {
    # The zip file itself.
    Code.NOT_A_ZIP: messages.NOT_A_ZIP,
    Code.DAMAGED_ZIP: "That isn't a zip file, or it's damaged. Zip your pictures and annotations again.",
    Code.NAMES_BEHIND_ITS_END: "The zip file is damaged: its end is missing. Zip your pictures and annotations again.",
    Code.FILES_OVERLAP: "In the zip file, “{file}” overlaps another file. Zip your files again with another program.",
    Code.TOO_MANY_FILES: "The zip file has more than {most:,} files. Split it into smaller zip files.",
    Code.UNPACKS_TO_TOO_MUCH: "The zip file unpacks to more than {size}. Split it into smaller zip files.",
    Code.ZIP_PACKED_TOO_WELL: f"The zip file {_PACKED_TOO_WELL}",
    Code.FILE_PACKED_TOO_WELL: f"“{{file}}” {_PACKED_TOO_WELL}",
    Code.FILE_TOO_LARGE: "“{file}” is over {megabytes} MB. Files of its kind must be smaller.",
    Code.FILE_TWICE: "The zip file has “{file}” twice. Make a new zip file.",
    Code.NAME_TOO_LONG: "The name “{file}…” is over {most:,} characters. Give the file a shorter name.",
    Code.PATH_LEADS_OUT: (
        "In the zip file, “{file}” points outside its folder. Zip your files again with another program."
    ),
    Code.LINK: "“{file}” is a link. Zip the real files, not links to them.",
    Code.LOCKED: "The zip file has a password. Zip your files again without one.",
    Code.PACKED_RARELY: "We can't unpack “{file}”. Zip your files again with another program.",
    Code.FILE_DAMAGED: "“{file}” is damaged in the zip file. Zip your files again.",
    # What any format may meet.
    Code.SEVERAL_FORMATS: (
        "The zip file has annotations in more than one format: {formats}. Import it again and choose a format."
    ),
    Code.NOTHING_UNDERSTOOD: (
        "We found no annotations in the zip file. It has {contents}. We looked for {looked_for}."
    ),
    Code.UNKNOWN_FORMAT: "The format “{format}” isn't supported. Choose one of these: {known_formats}.",
    Code.NO_PICTURE: "The zip file has no pictures ({endings}). Add them, then import it again.",
    Code.TOO_MANY_ENTRIES: "The annotations have more than {most:,} {what}. Split them into several datasets.",
    Code.JSON_DAMAGED: "“{file}” is damaged or isn't JSON. {export_again}",
    Code.JSON_TOO_DEEP: "“{file}” has too many levels for annotations. {export_again}",
    Code.JSON_VALUE_TOO_LONG: "“{file}” has a value that is too long for annotations. {export_again}",
    Code.JSON_ENTRY_TOO_LARGE: "“{file}” has an entry of more than {most:,} values. {export_again}",
    # Pascal VOC.
    Code.NO_VOC: (
        "The zip file has no Pascal VOC annotations (one .xml file for each picture). Export them as Pascal VOC."
    ),
    Code.VOC_ENTITIES: "“{file}” defines XML entities, which aren't supported. Export it again with another program.",
    # COCO.
    Code.NO_COCO: (
        "The zip file has no COCO annotations (a .json file with “images” and “annotations”). Export them as COCO."
    ),
    Code.TOO_MANY_LISTINGS: "More than {most} files list “{picture}”. Remove the older files, then import again.",
    Code.ONE_ID_FOR_TWO: "“{file}” uses the id {id} for two pictures, so we can't match the boxes. Export it again.",
    Code.FILES_CONTRADICT: (
        "“{other}” and “{one}” have different boxes for “{picture}”. Remove the older file, then import again."
    ),
    # YOLO.
    Code.NO_YOLO: "The zip file has no YOLO labels (a .txt file of numbers for each picture). Export them as YOLO.",
    Code.NO_YOLO_NAMES: (
        "“{file}” and the other label files use numbers for labels, and no file names them. "
        "Add a file “classes.txt” with one name on each line. The first line is number 0."
    ),
    Code.YOLO_LINES_UNCLEAR: (
        "“{file}” has lines that could be polygons or boxes with extra numbers. "
        "Export it again with 5 numbers on each line."
    ),
    Code.NO_LABEL_FILE_FITS: (
        "No label file matches a picture, for example “{file}”. Give each label file the name of its picture, "
        "then zip both."
    ),
    Code.LABEL_FILE_OF_TWO_PICTURES: "“{file}” could belong to “{one}” or “{other}”. Give each picture its own name.",
    Code.PICTURE_OF_TWO_LABEL_FILES: "“{one}” or “{other}” could be its label file. Delete the wrong one.",
    Code.LABEL_FILE_ELSEWHERE: "“{file}” is in another folder, so we can't tell if it matches.",
    Code.TOO_MANY_OF_ONE_NAME: (
        "The zip file has more than {most} pictures named “{name}”, so we can't match “{file}”. "
        "Give each picture its own name."
    ),
    Code.YAML_TOO_LONG: "“{file}” is too long. Export it again.",
    Code.YAML_TOO_DEEP: "“{file}” has too many levels. Export it again.",
    Code.YAML_REFERS_TO_ITSELF: "“{file}” refers to its own parts with & and *. Write those parts out in full.",
    Code.YAML_UNREADABLE: "“{file}” isn't valid YAML. Export it again.",
    # TFRecord.
    Code.NO_RECORD_FILE: "The zip file has no .record file. Export your records again.",
    Code.RECORD_FILE_UNREADABLE: "“{file}” is empty, damaged or not a TFRecord file. Export your records again.",
    Code.RECORD_TOO_LARGE: "A record is over {megabytes} MB. Make its picture smaller.",
    Code.TOO_MANY_RECORDS: "The zip file has more than {most:,} records. Split it into several datasets.",
    Code.TOO_MANY_BOXES: "The records have more than {most:,} boxes. Split them into several datasets.",
    Code.NO_LABEL_MAP: (
        "The boxes in “{file}” have numbers instead of labels, and no label map names them. "
        "Add the label.pbtxt file, then import again."
    ),
    Code.TOO_MANY_LABEL_MAPS: "The zip file has more than {most} label maps ({ending}). Keep only one.",
    Code.LABEL_MAPS_TOO_LARGE: "The label maps ({ending}) are over 1 MB together. Keep only one.",
    # CVAT.
    Code.NO_CVAT_IMAGES: (
        "The zip file has no annotations.xml of CVAT for images. "
        "Export the task as “CVAT for images 1.1”, with its images."
    ),
    Code.NO_CVAT_VIDEO: (
        "The zip file has no annotations.xml of CVAT for video. "
        "Export the task as “CVAT for video 1.1”, with its images."
    ),
    Code.CVAT_DAMAGED: "“{file}” is damaged or isn't XML. Export it again from CVAT.",
    Code.CVAT_ENTITIES: "“{file}” defines XML entities, which aren't supported. Export it again from CVAT.",
    Code.CVAT_TOO_LARGE: "“{file}” is over {megabytes} MB. Export smaller tasks.",
    Code.NO_VIDEO_FRAMES: (
        "“{file}” numbers the frames of a video, but no picture has a name like frame_000000. "
        "Export the task as “CVAT for images 1.1”, with its images."
    ),
    Code.ONE_FRAME_OF_TWO: (
        "“{one}” and “{other}” could both be frame {frame} of “{file}”. Import each video as its own dataset."
    ),
    # Label Studio and labelme.
    Code.NO_LABEL_STUDIO: "The zip file has no JSON from Label Studio. Export the project as JSON with its pictures.",
    Code.NO_LABELME: "The zip file has no labelme annotations (a .json file with “shapes” for each picture). Add them.",
    Code.NO_LABELME_PICTURE: (
        "The zip file has no pictures, and “{file}” has none inside. Zip the pictures with their .json files."
    ),
    # Pictures.
    Code.PICTURE_TOO_LARGE: (
        "Every picture has too many pixels. “{file}” has more than {megapixels:g} million. "
        "Make the pictures smaller, then import them again."
    ),
    Code.TOO_MANY_UNREADABLE: (
        "We can't read more than one in ten of the {pictures} pictures, for example “{file}”. "
        "Copy the pictures again, then import them."
    ),
    # Labels and boxes.
    Code.TOO_MANY_LABELS: "There are {labels:,} different labels. A dataset can have {most}. Use fewer labels.",
    Code.LABEL_TOO_LONG: "The label “{label}…” is over {most} characters. Shorten it.",
    Code.NO_BOX_DRAWN: "No annotation has a box with a label. Draw at least one box, then export again.",
    Code.NO_BOX_PICTURES_MISSING: (
        "{boxes_counted} name{s} {pictures} that {are}n't in the zip file, for example “{example}”. "
        "Add the pictures under the names in the annotations."
    ),
    Code.NO_BOX_PICTURES_UNCLEAR: (
        "{boxes_counted} name{s} {pictures} that the zip file has several times, for example “{example}”. "
        "Give each picture its own name, or export with folders."
    ),
    Code.NO_BOX_ALL_DROPPED: (
        "{boxes_counted} {have} no label or no area inside {their} picture, for example in “{example}”. "
        "Fix that in your labeling tool, then export again."
    ),
    Code.NO_BOX_CROWDS: (
        "{boxes_counted} {are} around crowds, for example in “{example}”. Draw a box around each object."
    ),
    Code.NO_BOX_UNCLEAR: "{frames_counted} left out, for example “{example}”: {text}",
    Code.NO_BOX_ANNOTATIONS_SKIPPED: (
        "We can't use {files_counted}, for example “{example}”. The list below says why. Export again."
    ),
    Code.NO_BOX_FRAMES_SKIPPED: (
        "We can't use any box, for example in “{example}”. The list below says why. "
        "Export again with a box around each object."
    ),
    # What the server could not do.
    Code.NO_ARCHIVE: "We don't have this zip file. Its upload didn't finish, or the file was lost. Import it again.",
    Code.FILES_LOST: "We lost some files of this dataset. Import or produce it again, and tell {support}.",
    Code.CUT_OFF: (
        "We tried {attempts} times and crashed each time. The server may have too little memory. Ask {support}."
    ),
    Code.TOO_MUCH_MEMORY: (
        "This dataset needs more than {gigabytes:.1f} GB of memory. "
        "Make very large pictures smaller, or take fewer: a smaller zip file, or fewer videos."
    ),
    Code.TOO_MUCH_TIME: (
        "We stopped after {minutes} minutes, the limit. Take fewer pictures: a smaller zip file, or fewer videos."
    ),
    Code.STUCK: (
        "One file took over {minutes} minutes, so we stopped. "
        "Check that no annotation file is unusually large, then export again."
    ),
    Code.DISK_IS_FULL: "The server's disk is full. Ask {support} to free some space, then try again.",
    Code.NO_WORK_FOLDER: "The server can't write to its work folder. Ask {support} to fix it, then try again.",
    Code.STORAGE_IS_AWAY: messages.STORAGE_AWAY,
    Code.SERVER_BROKE: "Something broke on our side. Try again, or ask {support}.",
    # What is refused at once, so that no dataset keeps it.
    Code.BAD_DESCRIPTION: messages.BAD_DESCRIPTION,
    Code.BAD_PERCENT: "Enter 0 to {most} percent as evaluation frames.",
    Code.BAD_SEED: "Enter a random seed from 0 to {most:,}.",
    Code.TOO_MANY_DATASETS: "Your team has reached its limit of {most} {datasets}. Delete one first.",
    Code.DELETED_WHILE_STORED: "Someone deleted this dataset during its upload. Import it again if you need it.",
    Code.NOT_READY: "This dataset isn't ready yet. Wait until its import is done.",
    Code.IN_USE: (
        "“{dataset}” was used to train {users}. The pages of {those_models} and More Training still need its frames. "
        "Delete {those_models} first, on the Models tab. If a model is in the trash, click Delete Now there."
    ),
    # Exporting the labels of videos.
    Code.NOTHING_LABELED: "These videos have no labeled frames yet. Label some frames, then export them.",
    # Fixing the labels of a dataset.
    Code.LABELS_FIXED_IN: (
        "The video “{video}” shows the frames of “{dataset}”, so that you can fix their labels. Delete that video "
        "first, on the Videos tab. If it's in the trash, click Delete Now there."
    ),
    Code.FIXED_IN_TRASH: (
        "The labels of these frames are fixed in the video “{video}”, which is in the trash. "
        "Restore it, then try again."
    ),
    # Changing a dataset.
    Code.EDITED_DATASET_GONE: (
        "Someone deleted the dataset you changed before we saved the changes. Choose another dataset."
    ),
    Code.STILL_CHECKED: "We're still checking this dataset. Wait until that's done, then change it.",
    Code.ALREADY_SAVING: "We're still saving your team's changes to this dataset. Wait until that's done.",
    Code.NOTHING_CHANGED: "You haven't changed anything yet. Change a label or a frame first.",
    Code.NO_SUCH_LABEL: "This dataset has no label “{label}”. Reload the page to see its labels.",
    Code.NO_SUCH_FRAME: "Some of these frames aren't in this dataset anymore. Reload the page.",
    Code.BAD_LABEL: "Give the label a name of 1 to {most} characters.",
    Code.LABEL_TAKEN: "This dataset already has a label “{label}”. Merge the two, or choose another name.",
    Code.LAST_LABEL: "“{label}” is the only label left. Keep it: a dataset needs at least one.",
    Code.LAST_FRAME: "That would leave no {split} frames. Keep at least one of them.",
    Code.NO_BOX_LEFT: "No box would be left. Keep at least one frame that has a box.",
    Code.NOT_IN_TRASH: "“{dataset}” isn't in the trash anymore. Reload the page.",
    # Producing a dataset from videos.
    Code.VIDEO_NOT_READY: "“{video}” isn't ready yet. Wait until its frames are there, or uncheck it.",
    Code.VIDEO_GONE: "Someone deleted one of these videos. Close this, then select other videos.",
    Code.NO_FINISHED_FRAME: "No frame is finished yet. Draw the boxes of some frames first.",
    Code.ONE_FINISHED_FRAME: (
        "Only 1 frame is finished. A dataset needs one for training and one for evaluation. Finish more frames."
    ),
    Code.ONE_FRAME_TO_SHUFFLE: (
        "One of these videos has only 1 finished frame, which can't be shuffled. "
        "Finish more of its frames, or split by blocks."
    ),
    Code.LABELS_CHANGED: "Someone changed the labels of these videos. Close this, then click Produce Dataset again.",
    Code.KEPT_NOT_CHOSEN: "A video to keep for evaluation isn't among the chosen ones. Choose it as well.",
    Code.ALL_FOR_TRAINING: (
        "All {frames:,} frames would be for training. Hold some back for evaluation, so that you can test your model."
    ),
    Code.ALL_FOR_EVALUATION: "All {frames:,} frames would be for evaluation. Leave some for training.",
    Code.ALL_NEGATIVE: (
        "None of the {frames:,} frames would have a box. Draw some boxes, or don't leave out every label."
    ),
    Code.VERSION_IS_COMING: "“{dataset}” is being produced from these videos. Wait until it's there.",
    Code.NO_EARLIER_VERSION: "No dataset was produced from exactly these videos yet. Produce it as a new dataset.",
    Code.VIDEO_PICTURES_LOST: "We lost some pictures of these videos. Upload the videos again, and tell {support}.",
    # A sentence of another part of the server, or of an earlier version, which is shown as it is.
    Code.OTHER: "{text}",
}
