"""Sentences become codes with params. This is the only place that reads a sentence; it does so once.

The sentences are those that the version before this one wrote, whatever messages.py says by now. One that lists what was
found in a zip, or counts lost boxes, is kept as it is.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import migrations, models

_ROWS_AT_ONCE = 500

# code -> the sentence, with the params in braces. {support} is told anew whenever a reason is shown.
SENTENCES = {
    "damaged_zip": "This is not a zip file, or it is damaged. Zip the folder with the pictures and annotations again.",
    "names_behind_its_end": "The zip is damaged: it names files behind its end. Zip the folder again.",
    "files_overlap": "In the zip, “{file}” lies on top of another file. Make the zip again with a usual tool.",
    "too_many_files": "The zip holds more than {most} files. Split it into several datasets.",
    "zip_packed_too_well": (
        "The zip unpacks to more than {times} times its size, as no photographs do. Make the zip again from real "
        "ones."
    ),
    "file_packed_too_well": (
        "“{file}” unpacks to more than {times} times its size, as no photographs do. Make the zip again from real "
        "ones."
    ),
    "file_too_large": "“{file}” is larger than {megabytes} MB, the most that one file of its kind may have.",
    "file_twice": "The zip holds “{file}” twice. Zip the folder again, into a new file.",
    "name_too_long": "“{file}…” is longer than {most} letters. Give the files shorter names.",
    "path_leads_out": (
        "The zip holds “{file}”, a path that leads out of its folder. Make the zip again with a usual tool."
    ),
    "link": "“{file}” is a link, not a file. Zip the real files instead of links to them.",
    "locked": "The zip is locked with a password. Make it again without one.",
    "packed_rarely": "“{file}” is packed in a rare way. Make the zip again with a usual tool.",
    "file_damaged": "“{file}” is damaged in the zip. Make the zip again.",
    "no_picture": "The zip holds no picture ({endings}).",
    "too_many_entries": "The annotations hold more than {most} {what}. Split the set into several.",
    "json_damaged": "“{file}” is damaged, or no JSON. Export the {unit} again.",
    "json_too_deep": "“{file}” nests deeper than any annotation does. Export the {unit} again.",
    "json_value_too_long": "“{file}” holds a value that is longer than annotations need. Export the {unit} again.",
    "json_entry_too_large": "“{file}” has an entry of more than {most} values. Export the {unit} again.",
    "no_voc": "The zip holds no Pascal VOC annotation (one .xml file for each picture). Export the set as Pascal VOC.",
    "voc_entities": (
        "“{file}” defines XML entities, which annotations never need. Export the set again with a usual tool."
    ),
    "no_coco": (
        "The zip holds no COCO annotation that can be read (a .json file with “images” and “annotations”). Export "
        "the set as COCO."
    ),
    "too_many_listings": (
        "More than {most} files list “{picture}”. Leave the older ones out of the zip, then import it again."
    ),
    "one_id_for_two": (
        "“{file}” has the id {id} for two pictures, so whose boxes are whose can't be told. Export the set again."
    ),
    "files_contradict": (
        "“{other}” and “{one}” both say where the objects in “{picture}” are, and not the same. Leave the older of "
        "the two files out of the zip, then import it again."
    ),
    "no_yolo": "The zip holds no YOLO label (a .txt file of numbers for each picture). Export the set as YOLO.",
    "no_yolo_names": (
        "In “{file}” and the other label files the labels are numbers, and no file of the zip says what they stand "
        "for. Add a file “classes.txt” with one name on each line, the first for number 0."
    ),
    "yolo_lines_unclear": (
        "“{file}” holds lines that may be polygons, or boxes with a confidence and a track number, and the other "
        "label files don't tell. Export the set again with 5 numbers on each line."
    ),
    "no_label_file_fits": (
        "No label file belongs to a picture in the zip, for example “{file}”. Give each label file the name of its "
        "picture, and zip both."
    ),
    "label_file_of_two_pictures": "“{file}” may belong to “{one}” or “{other}”. Give each picture its own name.",
    "picture_of_two_label_files": "“{one}” or “{other}” may be its label file. Delete the one that isn't.",
    "label_file_elsewhere": "“{file}” lies elsewhere, so it can't be told whether it belongs to it.",
    "too_many_of_one_name": (
        "The zip holds more than {most} pictures called “{name}”, so it can't be told which one “{file}” is for. "
        "Give each picture its own name."
    ),
    "yaml_too_long": "“{file}” is longer than any description of a set. Export the set again.",
    "yaml_too_deep": "“{file}” nests deeper than any description of a set. Export the set again.",
    "yaml_refers_to_itself": "“{file}” refers to parts of itself (& and *). Write them out, without these.",
    "yaml_unreadable": "“{file}” is no YAML that can be read. Export the set again.",
    "no_record_file": (
        "The zip holds no TFRecord file that can be read: there is no .record file in it. Export the set again."
    ),
    "record_file_unreadable": (
        "The zip holds no TFRecord file that can be read: “{file}” is empty, damaged or of another kind. Export the "
        "set again."
    ),
    "record_too_large": (
        "A record of the set is larger than {megabytes} MB, the most that one may have. Make its pictures smaller."
    ),
    "too_many_records": "The set holds more than {most} records. Split it into several datasets.",
    "too_many_boxes": "The records hold more than {most} boxes. Split the set into several.",
    "no_label_map": (
        "The boxes in “{file}” have numbers instead of labels, and the zip holds no label map that names them. Put "
        "the set's label.pbtxt into the zip."
    ),
    "too_many_label_maps": "The zip holds more than {most} label maps ({ending}). Leave one in it.",
    "label_maps_too_large": "The label maps ({ending}) of the zip hold more than 1 MB. Leave one in it.",
    "no_cvat_images": (
        "The zip holds no annotations of CVAT for images (an annotations.xml). Export the task as “CVAT for images "
        "1.1”, with its images."
    ),
    "no_cvat_video": (
        "The zip holds no annotations of CVAT for video (an annotations.xml with tracks). Export the task as “CVAT "
        "for video 1.1”, with its images."
    ),
    "cvat_damaged": "“{file}” is damaged, or no XML. Export the set again from CVAT.",
    "cvat_entities": "“{file}” defines XML entities, which annotations never need. Export the set again from CVAT.",
    "cvat_too_large": "“{file}” is larger than {megabytes} MB. Export smaller tasks.",
    "no_video_frames": (
        "“{file}” numbers the frames of a video, and no picture of the zip is called frame_000000 or the like. "
        "Export the task as “CVAT for images 1.1”, with its images."
    ),
    "one_frame_of_two": (
        "“{one}” and “{other}” may both be frame {frame} of “{file}”. Import each video as a dataset of its own."
    ),
    "no_label_studio": "The zip holds no JSON of Label Studio. Export the project as JSON, and add its pictures.",
    "no_labelme": "The zip holds no annotation of labelme (a .json file with “shapes” for each picture).",
    "no_labelme_picture": (
        "The zip holds no picture: “{file}” and the others don't hold theirs either. Zip the pictures together with "
        "their .json files."
    ),
    "picture_too_large": (
        "“{file}”: It has more than {megapixels} million pixels, the most that one picture may have: skipped. No "
        "other picture is left."
    ),
    "too_many_unreadable": (
        "More than one in ten of the {pictures} pictures cannot be read; “{file}” is one of them. Get the pictures "
        "again from where they came from."
    ),
    "too_many_labels": "The set has {labels} different labels; {most} is the most it may have.",
    "label_too_long": "The label “{label}…” is longer than {most} letters. Shorten it.",
    "no_box_drawn": "No annotation holds a box with a label. Draw at least one box, and export the set again.",
    "no_archive": (
        "The server does not have the zip file of this dataset: the upload did not arrive whole, or the file was "
        "lost. Import it again."
    ),
    "files_lost": "The server has lost files of this dataset. Import it again, and tell {support}.",
    "cut_off": (
        "The import was cut off {attempts} times. Perhaps the server has too little memory for these pictures. Ask "
        "{support}."
    ),
    "too_much_memory": (
        "This zip file needs more than the {gigabytes} GB of memory that one import may use. Split it into smaller "
        "zip files, make very large pictures smaller, and import each zip file."
    ),
    "too_much_time": (
        "The import was stopped after {minutes} minutes, the longest that one may take. Split the zip file into "
        "smaller ones and import each one."
    ),
    "stuck": (
        "The server worked on one file of this zip for {minutes} minutes and wasn't done, so the import was stopped. "
        "Export the set again, and check that its annotations are no larger than usual."
    ),
    "disk_is_full": "The server's disk is full. Ask {support} to make room, then import the file again.",
    "no_work_folder": (
        "The server can't write to its work folder. Ask {support} to look at it, then import the file again."
    ),
    "storage_is_away": (
        "The server's file storage does not answer. Try again in a few minutes; if it still does not, tell "
        "{support}. Then import the file again."
    ),
    "server_broke": "Something in the server broke during the import. Try again, or ask {support}.",
}
_NUMBERS = {
    "attempts", "frame", "gigabytes", "labels", "megabytes", "megapixels", "minutes", "most", "pictures", "times",
}  # fmt: skip
# Of formats whose annotations are JSON, by what people export from their programs.
_FORMAT_OF_UNIT = {"set": "coco", "project": "studio"}


def _pattern(sentence: str) -> str:
    """Of a sentence, with a group for each param."""
    literal, *rest = re.split(r"{(\w+)}", sentence)
    parts = [re.escape(literal)]
    for name, literal in zip(rest[::2], rest[1::2], strict=True):
        parts += [f"(?P<{name}>{_words(name)})", re.escape(literal)]
    return "".join(parts)


def _words(name: str) -> str:
    if name == "unit":
        return "|".join(_FORMAT_OF_UNIT)
    return r"[\d.,]*\d" if name in _NUMBERS else ".+?"


_PATTERNS = {code: re.compile(_pattern(said), re.DOTALL) for code, said in SENTENCES.items()}


def reason_in(sentence: str) -> tuple[str, dict[str, Any]]:
    """The code and the params that a sentence was made of; "other" for one that is not known, and "" for none."""
    for code, pattern in _PATTERNS.items() if sentence else ():
        if found := pattern.fullmatch(sentence):
            words = {name: word for name, word in found.groupdict().items() if name != "support"}
            unit = words.pop("unit", "")
            try:
                params = {name: _number(word) if name in _NUMBERS else word for name, word in words.items()}
            except ValueError:  # a file's name that has such words in it
                break
            return code, params | ({"format": _FORMAT_OF_UNIT[unit]} if unit else {})
    return ("other", {"text": sentence}) if sentence else ("", {})


def _number(word: str) -> int | float:
    plain = word.replace(",", "")
    return float(plain) if "." in plain else int(plain)


def _batches(rows: Any) -> Iterator[list[Any]]:
    batch = []
    for row in rows.iterator(_ROWS_AT_ONCE):
        batch.append(row)
        if len(batch) == _ROWS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def make_codes(apps: Any, schema_editor: Any) -> None:
    """Each row by one update: PostgreSQL alters no table that has rows which were changed twice.

    What was said of a file stays in its words: it was for people, and nothing asks what it meant.
    """
    model = apps.get_model("datasets", "Dataset")
    rows = model.objects.exclude(error="", repairs=[]).only("pk", "error", "repairs").order_by("pk")
    for batch in _batches(rows):
        for row in batch:
            row.reason_code, row.reason_params = reason_in(row.error)
            for entry in row.repairs:
                entry |= {"code": "other", "params": {"text": entry.pop("text")}}
        model.objects.bulk_update(batch, ["reason_code", "reason_params", "repairs"])


def write_sentences(apps: Any, schema_editor: Any) -> None:
    """The way back. A code that came later is all that there is to say."""
    model = apps.get_model("datasets", "Dataset")
    rows = model.objects.exclude(reason_code="", repairs=[]).only("pk", "reason_code", "reason_params", "repairs")
    for batch in _batches(rows.order_by("pk")):
        for row in batch:
            row.error = sentence(row.reason_code, row.reason_params)
            for entry in row.repairs:
                entry["text"] = sentence(entry.pop("code"), entry.pop("params"))
        model.objects.bulk_update(batch, ["error", "repairs"])


def sentence(code: str, params: dict[str, Any]) -> str:
    """Return what the version before would have said."""
    if not code or code == "other":
        return str(params.get("text", ""))
    unit = {written: unit for unit, written in _FORMAT_OF_UNIT.items()}.get(params.get("format", ""), "set")
    words = {"support": settings.SUPPORT_CONTACT, "unit": unit, **params}
    return re.sub(r"{(\w+)}", lambda name: str(words.get(name[1], "…")), SENTENCES.get(code, code))


class Migration(migrations.Migration):
    dependencies = [("datasets", "0009_removals_of_deleted")]

    operations = [
        migrations.AddField("dataset", "reason_code", models.CharField("reason", blank=True, max_length=40)),
        migrations.AddField(
            "dataset",
            "reason_params",
            models.JSONField("numbers and names of the reason", blank=True, default=dict),
        ),
        migrations.RunPython(make_codes, write_sentences),
    ]
