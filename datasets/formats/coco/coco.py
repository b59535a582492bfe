"""COCO: one JSON file for many pictures. https://cocodataset.org/#format-data"""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from datasets.archive.zip_archive import Archive, UnreadableFile
from datasets.formats.coco.coco_claims import Claim, aliases, settled
from datasets.formats.coco.coco_entries import Id, Object, id_of, object_of, text_of
from datasets.formats.coco.coco_joining import joined
from datasets.formats.coco.coco_listings import Listing
from datasets.formats.coco.coco_versions import Versions
from datasets.formats.coco.coco_writing import write
from datasets.formats.common import json_entries, own_splits
from datasets.formats.common.file_ages import Age, age
from datasets.formats.common.json_entries import BrokenJson
from datasets.formats.common.picture_files import (
    MAX_BOXES,
    PictureFiles,
    number_of,
    one_line,
    stated_size,
    tidy,
    too_many,
)
from datasets.formats.common.samples import Found, PixelBox, Sample
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs

__all__ = ["marks", "read", "write"]

# The largest file of COCO itself, of 118,287 pictures, has 448 MB.
_MAX_ANNOTATION_BYTES = 512 * 1024 * 1024
# COCO and CVAT lay files of other tasks about the same pictures beside their instances_….json.
_OF_OTHER_TASKS = re.compile(r"(captions|person_keypoints|stuff|panoptic|image_info|labels)(_|\.)")
# It writes the size of the stored picture, and boxes of the picture as it is shown (label-studio issue 6608).
_DRAWS_UPRIGHT = "Label Studio"


@dataclass
class _File:
    """One annotation file, whose ids are its own. `has_single`: whether it has an object that is no crowd."""

    name: str
    said: dict[str, str] = field(default_factory=dict)
    claims: dict[Id, Claim] = field(default_factory=dict)
    labels: dict[Id, str] = field(default_factory=dict)
    objects: list[Object] = field(default_factory=list)
    unusable: int = 0
    has_single: bool = False

    def is_crowd(self, drawn: Object) -> bool:
        """Whether an object that says so is many: where all objects say so, they are masks of single ones."""
        return drawn.is_crowd and not drawn.is_described and self.has_single

    @cached_property
    def label_names(self) -> frozenset[str]:
        return frozenset(self.labels.values())

    @cached_property
    def _aliases(self) -> dict[str, Claim]:
        return aliases(self.claims)

    def claim(self, image: Id) -> Claim | None:
        """The entry of an object's picture, once all of the file is read."""
        if own := self.claims.get(image):
            return own
        number = image.lstrip("0")
        return self._aliases.get(image) or self.claims.get(number) or self._aliases.get(number)

    def take(self, drawn: Object) -> None:
        """Note one object."""
        self.objects.append(drawn)
        self.has_single |= not drawn.is_crowd


def marks(archive: Archive) -> list[str]:
    """The .json files that list images and annotations.

    COCO lays other files about the same pictures beside its instances_….json: where there is one, they aren't meant.
    """
    found = [name for name in archive.names if name.lower().endswith(".json") and _lists_images(name, archive)]
    if not any(_file_name(name).startswith("instances") for name in found):
        return found
    return [name for name in found if not _OF_OTHER_TASKS.match(_file_name(name))]


def read(archive: Archive, repairs: Repairs) -> Found:
    """Every picture of the archive with its boxes, in the order of the pictures' names.

    A picture that no file lists has no boxes. One on which only crowds are marked is left out. Raises DatasetRefused
    when there is no picture, no annotation file, or one that cannot be read to its end.
    """
    pictures = PictureFiles(archive)
    names = marks(archive)
    if not names:
        raise DatasetRefused(Code.NO_COCO)
    reader = _Reader(archive, repairs)
    for name in names:
        reader.read(name)
    unclear = settled([claim for file in reader.files for claim in file.claims.values()], pictures, repairs)
    for file in reader.files:
        reader.give_boxes(file)
    samples = [
        sample
        for picture in pictures.names
        if (sample := _sample(picture, reader.listing(picture), pictures, repairs, is_unclear=picture in unclear))
    ]
    return Found(len(samples), samples)


@dataclass
class _Reader:
    """Collects in `files` what they say, and in `found` what they say of each picture."""

    archive: Archive
    repairs: Repairs
    files: list[_File] = field(default_factory=list)
    found: dict[str, dict[str, Listing]] = field(default_factory=dict)
    _entries: Counter[str] = field(default_factory=Counter)

    def read(self, name: str) -> None:
        """Take one file in. Raises DatasetRefused."""
        file = _File(name)
        self.files.append(file)
        note = {"images": _note_image, "categories": _note_category, "annotations": _note_object}
        said = ("info.contributor", "info.date_created")
        try:
            for what, entry in json_entries.entries(self.archive.pieces(name, _MAX_ANNOTATION_BYTES), (*note, *said)):
                if what in said:
                    file.said[what] = entry
                    continue
                self._entries[what] += 1
                if self._entries[what] > MAX_BOXES:
                    raise too_many(what)
                file.unusable += not (isinstance(entry, dict) and note[what](file, entry))
        except BrokenJson as broken:
            raise DatasetRefused(broken.code, file=name, format="coco", **broken.params) from None
        except UnreadableFile:
            raise DatasetRefused(Code.FILE_DAMAGED, file=name) from None
        for drawn in file.objects:
            if claim := file.claim(drawn.image):
                claim.boxes += 1

    def give_boxes(self, file: _File) -> None:
        """Now that all is known, give each picture its boxes, whatever the order of the file's parts."""
        for claim in file.claims.values():
            if claim.picture:
                listing = self.found.setdefault(claim.picture, {}).setdefault(file.name, Listing(file.name))
                listing.size = listing.size or claim.size
                listing.split = listing.split or own_splits.of_path(file.name)
                listing.times += 1
                listing.is_drawn_upright = file.said.get("info.contributor") == _DRAWS_UPRIGHT or None
        unlisted = masks = 0
        file.objects.reverse()
        while file.objects:  # each makes room for its box
            drawn = file.objects.pop()
            its_picture = file.claim(drawn.image)
            unlisted += its_picture is None
            if its_picture and its_picture.picture:
                listing = self.found[its_picture.picture][file.name]
                is_crowd = file.is_crowd(drawn)
                masks += drawn.is_crowd and not is_crowd
                listing.crowds += is_crowd
                listing.objects += not is_crowd
                listing.boxes += [] if is_crowd else _box(drawn, file)
        self._note_counts(file, unlisted, masks)

    def listing(self, picture: str) -> Listing | None:
        """What is said of the picture. Raises DatasetRefused where files contradict each other."""
        of_files = self.found.get(picture)
        return joined(picture, list(of_files.values()), self._versions, self.repairs) if of_files else None

    @cached_property
    def _versions(self) -> Versions:
        """The files compared, once all pictures have their boxes."""
        known = {file.name: file.label_names for file in self.files}
        found = ((picture, list(of_files.values())) for picture, of_files in self.found.items())
        return Versions(found, self._ages.__getitem__, known.__getitem__)

    @cached_property
    def _ages(self) -> dict[str, Age]:
        return {
            file.name: age(file.name, self.archive.written(file.name), file.said.get("info.date_created", ""))
            for file in self.files
        }

    def _note_counts(self, file: _File, unlisted: int, masks: int) -> None:
        if file.unusable or unlisted:
            note = Reason(Note.COCO_PASSED_OVER, {"unusable": file.unusable, "unlisted": unlisted})
            self.repairs.add(Kind.ANNOTATION_SKIPPED, file.name, note, boxes=unlisted)
        if masks:
            self.repairs.add(Kind.MASK_TAKEN, file.name, Reason(Note.MASKS_TAKEN, {"masks": masks}))


def _file_name(name: str) -> str:
    return PurePosixPath(name.lower()).name


def _lists_images(name: str, archive: Archive) -> bool:
    """Whether the file is COCO's; it is read no further than it takes to know."""
    missing = {"images", "annotations"}
    try:
        for listed in json_entries.list_names(archive.pieces(name, _MAX_ANNOTATION_BYTES)):
            missing.discard(listed)
            if not missing:
                return True
    except (BrokenJson, UnreadableFile):
        pass
    return False


def _note_image(file: _File, entry: dict[str, Any]) -> bool:
    """Note which picture the entry means; returns whether it means any."""
    image, path = id_of(entry.get("id")), text_of(entry.get("file_name"))
    if image is None or path is None or not path.strip():
        return False
    size = stated_size(number_of(entry.get("width")), number_of(entry.get("height")))
    claim = Claim(file.name, tidy(path), size)
    if file.claims.setdefault(image, claim).path != claim.path:
        raise DatasetRefused(Code.ONE_ID_FOR_TWO, file=file.name, id=str(image))
    return True


def _note_category(file: _File, entry: dict[str, Any]) -> bool:
    category, name = id_of(entry.get("id")), text_of(entry.get("name"))
    if category is None or name is None:
        return False
    file.labels[category] = one_line(name)
    return True


def _note_object(file: _File, entry: dict[str, Any]) -> bool:
    if drawn := object_of(entry):
        file.take(drawn)
    return drawn is not None


def _box(drawn: Object, file: _File) -> list[PixelBox]:
    """The object's box, or nothing for an object without a label or a box. Some programs write names for ids."""
    category = drawn.category or ""
    label = file.labels.get(category) or (category if category in file.label_names else None)
    return [PixelBox(label, *drawn.corners)] if label and drawn.corners else []


def _sample(
    picture: str, about: Listing | None, pictures: PictureFiles, repairs: Repairs, is_unclear: bool
) -> Sample | None:
    """The sample of one picture; None where something may be marked that can't be used, so that it cannot teach
    "nothing is here"."""
    if is_unclear and not about:
        repairs.add(Kind.FRAME_SKIPPED, picture, Reason(Note.DOUBTFUL))
        return None
    is_annotated = about is not None
    about = about or Listing("")
    if about.is_left_out:  # said already
        return None
    if about.crowds and not about.objects:
        repairs.add(Kind.FRAME_SKIPPED, picture, Reason(Note.CROWDS_ONLY))
        return None
    if about.crowds:
        note = Reason(Note.CROWDS_LEFT_OUT, {"crowds": about.crowds})
        repairs.add(Kind.CROWD_LEFT_OUT, picture, note, boxes=about.crowds)
    split = about.split or own_splits.of_path(picture)
    return Sample(
        picture,
        pictures.reader(picture),
        about.size,
        about.boxes,
        about.objects,
        split,
        about.is_drawn_upright,
        is_annotated,
    )
