"""CVAT for images 1.1: one XML file that lists the pictures with their shapes. It is CVAT's own default."""

from xml.etree.ElementTree import Element

from datasets.archive import Archive
from datasets.formats import cvat_xml, splits
from datasets.formats.drawn import Drawing, leave_out, samples
from datasets.formats.files import MAX_BOXES, PictureFiles, one_line, stated_size, too_many
from datasets.formats.samples import Found
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
        raise DatasetRefused(
            "The zip holds no annotations of CVAT for images (an annotations.xml). Export the task as “CVAT for images "
            "1.1”, with its images."
        )
    drawings: dict[str, Drawing | None] = {}
    listed: dict[str, str] = {}
    objects = 0
    for name in names:
        for element in cvat_xml.elements(name, archive):
            if element.tag == cvat_xml.IMAGE:
                objects += _note(element, name, pictures, drawings, listed, repairs)
            if objects > MAX_BOXES:
                raise too_many("shapes")
    found = samples(drawings, pictures, repairs)
    return Found(len(found), found)


def _note(
    image: Element,
    file: str,
    pictures: PictureFiles,
    drawings: dict[str, Drawing | None],
    listed: dict[str, str],
    repairs: Repairs,
) -> int:
    """Find the picture of an image and take its shapes in; returns how many there are."""
    name, subset = image.get("name") or "", image.get("subset") or ""
    shapes = [shape for shape in image if shape.tag not in _NO_SHAPES]
    picture = pictures.meant(f"{subset}/{name}" if subset else name, file) or pictures.meant(name, file)
    if not picture:
        repairs.add(Kind.ANNOTATION_SKIPPED, one_line(name), "The zip does not hold this picture.")
    elif listed.setdefault(picture, f"{subset}/{name}") != f"{subset}/{name}":
        leave_out(picture, f"“{file}” lists more than one picture that it may be.", drawings, repairs)
    elif (drawn := drawings.setdefault(picture, Drawing())) is not None:
        drawn.size = stated_size(cvat_xml.number(image, "width"), cvat_xml.number(image, "height"))
        drawn.split = splits.named_by(subset)
        for shape in shapes:
            label = one_line(shape.get("label"))
            drawn.add(label, cvat_xml.corners(shape), cvat_xml.is_plain_box(shape))
    return len(shapes)
