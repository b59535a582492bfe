"""Sets in TFRecord files with one ball in each frame, with the fewest words."""

import io
import zipfile
from contextlib import suppress

from datasets.archive.zip_archive import Archive, UnreadableFile
from datasets.formats.common.samples import PixelBox, Sample
from datasets.formats.tf_records import tf_examples
from datasets.protos.tf_example_pb2 import Example
from datasets.refusals import DatasetRefused
from datasets.repairs import Repairs
from datasets.tfrecords import label_map_text
from tests.datasets.archives import picture

# Every feature that the reference writes for a frame with one ball, and one cube whose label is told by its id alone.
OF_THE_REFERENCE = {
    "image/height": [120],
    "image/width": [160],
    "image/filename": [b"video-1_00007.jpg"],
    "image/source_id": [b"video-1_00007.jpg"],
    "image/key/sha256": [b"0123"],
    "image/encoded": [picture()],
    "image/format": [b"jpg"],
    "image/object/bbox/xmin": [0.25],
    "image/object/bbox/xmax": [0.5],
    "image/object/bbox/ymin": [0.125],
    "image/object/bbox/ymax": [0.75],
    "image/object/class/text": [b"ball"],
    "image/object/class/label": [1],
}


JPEG = picture()
A_BALL = PixelBox("ball", 40, 15, 80, 90)


BALL_AND_CUBE = label_map_text(["ball", "cube"])


def record(**changes: list | None) -> bytes:
    """The frame of one ball as the reference writes it; `changes` by the last word of a feature's key, None to lack."""
    message = Example()
    for key, values in OF_THE_REFERENCE.items():
        values = changes.get(key.rpartition("/")[2], values)
        if values is not None:
            feature = message.features.feature[key]
            kinds = {bytes: feature.bytes_list, float: feature.float_list, int: feature.int64_list}
            kinds[type(values[0]) if values else bytes].value.extend(values)
    return message.SerializeToString()


def zipped(files: dict[str, bytes | str]) -> Archive:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return Archive(stream)


def found(files: dict[str, bytes | str], repairs: Repairs | None = None) -> list[Sample]:
    return list(tf_examples.read(zipped(files), repairs or Repairs()).samples)


def only(files: dict[str, bytes | str]) -> Sample:
    (sample,) = found(files)
    return sample


def survives(files: dict[str, bytes | str]) -> None:
    """Samples or a refusal, whatever is in the files."""
    with suppress(DatasetRefused):
        for sample in tf_examples.read(zipped(files), Repairs()).samples:
            with suppress(UnreadableFile):
                sample.read()
