"""CVAT for images 1.1: one XML file that lists the pictures with their shapes. It is CVAT's own default."""

from xml.etree.ElementTree import Element

from datasets.archive.zip_archive import Archive
from datasets.formats.common import own_splits
from datasets.formats.common.drawings import Drawing, Drawings
from datasets.formats.common.picture_files import MAX_BOXES, PictureFiles, one_line, stated_size, too_many
from datasets.formats.common.samples import Found
from datasets.formats.cvat import cvat_xml
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetRefused
from datasets.repairs import Kind, Repairs

# Labels of the whole picture, which say nothing of where anything is.
_NO_SHAPES = ("tag", "attribute")


def marks(archive: Archive) -> list[str]:
    """CVAT's XML files that list pictures."""
    return cvat_xml.files_with(cvat_xml.IMAGE, archive)


def read(archive: Archive, repairs: Repairs) -> Found:
    """Every picture of the archive with its boxes, in the order of the pictures' names.

    A picture that no file lists has no boxes. Raises DatasetRefused when there is no picture, no annotation file, or
    one that cannot be read to its end.
    """
    pictures = PictureFiles(archive)
    names = marks(archive)
    if not names:
        raise DatasetRefused(Code.NO_CVAT_IMAGES)
    drawings = Drawings(pictures, repairs)
    objects = 0
    for name in names:
        images = tags = 0
        for element in cvat_xml.elements(name, archive, repairs):
            if element.tag == cvat_xml.IMAGE:
                objects += _note(element, name, drawings)
                images, tags = images + 1, tags + len(element.findall("tag"))
            if objects > MAX_BOXES:
                raise too_many("shapes")
        if not images:
            repairs.add(Kind.ANNOTATION_SKIPPED, name, Reason(Note.NOT_DIRECTLY_INSIDE))
        repairs.pass_over(name, {"tags": tags})
    found = drawings.samples()
    return Found(len(found), found)


def _note(image: Element, file: str, drawings: Drawings) -> int:
    """Find the picture of an image and take its shapes in; returns how many there are."""
    name, subset = image.get("name") or "", image.get("subset") or ""
    path = f"{subset}/{name}" if subset else name
    shapes = [shape for shape in image if shape.tag not in _NO_SHAPES]
    if picture := drawings.find(path, file, len(shapes)):
        size = stated_size(cvat_xml.number(image, "width"), cvat_xml.number(image, "height"))
        drawn = Drawing(size, own_splits.named_by(subset))
        for shape in shapes:
            drawn.add(one_line(shape.get("label")), cvat_xml.corners(shape), cvat_xml.is_plain_box(shape))
        drawings.take(picture, drawn, file, path)
    return len(shapes)
