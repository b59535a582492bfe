"""The label maps of the TensorFlow Object Detection API: label.pbtxt, label_map.pbtxt."""

import posixpath

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format
from google.protobuf.message import Message

from datasets.archive import Archive, UnreadableFile
from datasets.formats.files import one_line
from datasets.refusals import DatasetRefused

_SUFFIX = ".pbtxt"
_MAX_BYTES = 1024 * 1024
_MAX_FILES = 100


class LabelMaps:
    """The label maps of an archive. Raises DatasetRefused for more than anybody needs."""

    def __init__(self, archive: Archive) -> None:
        names = [name for name in archive.names if name.lower().endswith(_SUFFIX)]
        if len(names) > _MAX_FILES:
            raise DatasetRefused(f"The zip holds more than {_MAX_FILES} label maps ({_SUFFIX}). Leave one in it.")
        read = {name: _read(archive, name) for name in names}
        self._maps = {name: label_map for name, label_map in read.items() if label_map}

    def nearest(self, shard: str) -> dict[int, str] | None:
        """Id -> label, by the map that shares the most folders with the shard; None where there is no map."""

        def nearness(name: str) -> int:
            return len(posixpath.commonpath([posixpath.dirname(name), posixpath.dirname(shard)]))

        return self._maps[max(self._maps, key=nearness)] if self._maps else None


def parsed(text: str) -> dict[int, str]:
    """Id -> label; empty for text that is no label map."""
    label_map = _LabelMap()
    try:
        text_format.Parse(text, label_map, allow_unknown_field=True)
    except (text_format.ParseError, ValueError, RecursionError):
        return {}
    return {item.id: one_line(item.display_name or item.name) for item in label_map.item}


def _read(archive: Archive, name: str) -> dict[int, str]:
    try:
        return parsed(archive.read(name, _MAX_BYTES).decode(errors="replace"))
    except UnreadableFile:
        return {}


def _label_map_class() -> type[Message]:
    """The message class of the API's StringIntLabelMap; its other fields are passed over."""
    Field = descriptor_pb2.FieldDescriptorProto
    proto = descriptor_pb2.FileDescriptorProto(name="ftcml/label_map.proto", package="ftcml", syntax="proto2")
    item = proto.message_type.add(name="Item")
    item.field.add(name="name", number=1, label=Field.LABEL_OPTIONAL, type=Field.TYPE_STRING)
    item.field.add(name="id", number=2, label=Field.LABEL_OPTIONAL, type=Field.TYPE_INT32)
    item.field.add(name="display_name", number=3, label=Field.LABEL_OPTIONAL, type=Field.TYPE_STRING)
    whole = proto.message_type.add(name="LabelMap")
    whole.field.add(name="item", number=1, label=Field.LABEL_REPEATED, type=Field.TYPE_MESSAGE, type_name=".ftcml.Item")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(proto)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("ftcml.LabelMap"))


_LabelMap = _label_map_class()
