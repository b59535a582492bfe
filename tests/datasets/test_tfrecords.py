"""The shards as TensorFlow and the Object Detection API's decoder of tf-models-official read them."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from datasets.protos import tf_example_pb2
from datasets.tfrecords import Box, Record, label_map_text, write_shard
from tests.datasets.archives import picture

# Runs on its own: this process must not load TensorFlow.
READ_BACK = """
import json, sys
import numpy as np
import tensorflow as tf
import datasets.tfrecords  # whose classes live beside TensorFlow's
from official.vision.dataloaders.tf_example_decoder import TfExampleDecoder

decoder = TfExampleDecoder()
answer = []
for data in tf.data.TFRecordDataset(sys.argv[1]):
    features = tf.train.Example.FromString(data.numpy()).features.feature
    values = {}
    for key, feature in features.items():
        kind = feature.WhichOneof("kind")
        if key != "image/encoded":
            found = getattr(feature, kind).value if kind else []
            values[key] = [value.decode() if kind == "bytes_list" else value for value in found]
    decoded = decoder.decode(data)
    answer.append({
        "features": values,
        "image": decoded["image"].shape.as_list(),
        "boxes": np.round(decoded["groundtruth_boxes"].numpy().astype(float), 4).tolist(),
        "classes": decoded["groundtruth_classes"].numpy().tolist(),
    })
print(json.dumps(answer))
"""


@pytest.mark.tensorflow
def test_tensorflow_and_its_decoder_read_a_shard(tmp_path: Path) -> None:
    data, gray = picture(), picture(mode="L")
    shard = tmp_path / "training-00000-of-00001.record"
    records = [
        Record("größe 1.jpg", data, 160, 120, [Box("cube", 0.1, 0.2, 0.3, 0.4), Box("ball", 0.5, 0.5, 1.0, 1.0)]),
        Record("negative.jpg", gray, 160, 120),
    ]
    assert write_shard(shard, records, ["ball", "cube"]) == 2
    run = subprocess.run([sys.executable, "-c", READ_BACK, str(shard)], capture_output=True, text=True, check=True)
    labeled, negative = json.loads(run.stdout.splitlines()[-1])
    assert labeled["image"] == [120, 160, 3]
    assert labeled["boxes"] == [[0.1, 0.2, 0.3, 0.4], [0.5, 0.5, 1.0, 1.0]]
    assert labeled["classes"] == [2, 1]
    assert labeled["features"]["image/object/class/text"] == ["cube", "ball"]
    assert labeled["features"]["image/filename"] == labeled["features"]["image/source_id"] == ["größe 1.jpg"]
    assert labeled["features"]["image/format"] == ["jpeg"]
    assert (labeled["features"]["image/height"], labeled["features"]["image/width"]) == ([120], [160])
    assert labeled["features"]["image/key/sha256"] == [hashlib.sha256(data).hexdigest()]
    assert (negative["image"], negative["boxes"], negative["classes"]) == ([120, 160, 3], [], [])


def test_a_label_outside_the_label_map_is_an_error(tmp_path: Path) -> None:
    record = Record("a.jpg", picture(), 160, 120, [Box("cone", 0, 0, 1, 1)])
    with pytest.raises(KeyError):
        write_shard(tmp_path / "a.record", [record], ["ball"])


def test_a_label_map_survives_quotes_and_other_alphabets() -> None:
    text = label_map_text(['5" cone', "back\\slash", "größe"])
    assert 'id: 1\n  name: "5\\" cone"' in text
    assert 'id: 2\n  name: "back\\\\slash"' in text
    assert 'id: 3\n  name: "größe"' in text


def test_writing_needs_no_tensorflow() -> None:
    program = "import sys, datasets.tfrecords; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_the_generated_classes_are_those_of_the_proto_file() -> None:
    """After a change of the .proto file, `make protos` writes them anew."""
    described: dict[str, set[tuple[str, int]]] = {}
    for line in Path(tf_example_pb2.__file__).with_name("tf_example.proto").read_text().splitlines():
        if found := re.match(r"message (\w+)", line):
            fields = described.setdefault(found[1], set())
        elif found := re.match(r".* (\w+) = (\d+);", line):
            fields.add((found[1], int(found[2])))
    generated = {
        name: {(field.name, field.number) for field in message.fields}
        for name, message in tf_example_pb2.DESCRIPTOR.message_types_by_name.items()
    }
    assert described == generated
