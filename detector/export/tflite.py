"""Write a trained detector as the `.tflite` files that robots load."""

import gc
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tensorflow as tf
import tf_keras
from numpy.typing import NDArray
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from detector.contract import attempt_files
from detector.contract.model_variants import FLOAT32
from detector.contract.suppression import Suppression
from detector.export.calibration import quantized
from detector.export.metadata import OUTPUTS, ModelCard, add_metadata
from detector.export.rewrite import float_results
from detector.network import Detector, build


class Exporter:
    """A detector that was traced once and can be converted in several ways, each of which takes a few seconds.

    `suppression`: what is in all of its files.
    """

    def __init__(
        self,
        detector: Detector,
        label_names: list[str],
        name: str,
        description: str = "",
        suppression: Suppression | None = None,
    ) -> None:
        """`label_names`: a name's place is its class id, from 0. `name` and `description` are for people.

        Raises ValueError where there are not as many names as the detector has scores.
        """
        if len(label_names) != detector.label_count:
            raise ValueError(
                f"The detector tells {detector.label_count} labels apart, but was given names {label_names}."
            )
        self.label_names = label_names
        self.suppression = suppression or Suppression()
        self.detector = detector
        self.card = ModelCard(name, description, label_names, self.suppression)
        self.network = frozen(detector)
        self._saved = TemporaryDirectory(prefix="export-")
        _save(self.network, detector, self.suppression, self._saved.name)
        self._converter = tf.lite.TFLiteConverter.from_saved_model(self._saved.name)
        self._converter.allow_custom_ops = True

    def write(self, variant: str, path: Path, calibration: Sequence[NDArray[np.uint8]] = ()) -> None:
        """Write one of model_variants.VARIANTS as a `.tflite` file with metadata: the file is whole or not there.

        In: image [1, S, S, 3] in [-1, 1]. Out, by metadata.OUTPUTS: boxes [1, K, 4] of (top, left, bottom, right) in
        fractions of the sides, class ids [1, K], scores [1, K], count [1]; the best first, zeros behind the last. K is
        the suppression's `max_detections`. All of them are float32 in every variant.
        `calibration`: pictures [S, S, 3] like those that the model will see, from which int8 takes the range of each
        layer's values.
        """
        if variant == "int8":
            converted = float_results(quantized(self._float32, [as_input(picture) for picture in calibration]))
        else:
            converted = self._float32 if variant == FLOAT32 else self._converted(variant)
        attempt_files.write_atomically(path, add_metadata(converted, self.card))

    @cached_property
    def _float32(self) -> bytes:
        return self._converted(FLOAT32)

    def _converted(self, variant: str) -> bytes:
        self._converter.optimizations = [] if variant == FLOAT32 else [tf.lite.Optimize.DEFAULT]
        self._converter.target_spec.supported_types = [tf.float16] if variant == "float16" else []
        # The converter looks for garbage, which takes long among all that a training has made.
        gc.freeze()
        try:
            return bytes(self._converter.convert())
        finally:
            gc.unfreeze()


def export(
    detector: Detector,
    label_names: list[str],
    path: Path,
    name: str,
    description: str = "",
    suppression: Suppression | None = None,
) -> Exporter:
    """Write the float32 file. Returns what writes the other variants. See Exporter."""
    exporter = Exporter(detector, label_names, name, description, suppression)
    exporter.write(FLOAT32, path)
    return exporter


def as_input(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A picture [S, S, 3] as the exported model takes it: [1, S, S, 3] in [-1, 1]."""
    return picture[np.newaxis].astype(np.float32) / 127.5 - 1.0


def frozen(detector: Detector) -> tf.types.experimental.ConcreteFunction:
    """The network as a function of image [1, S, S, 3] in [-1, 1]: gives each anchor's encodings and scores.

    Its weights are constants. Of variables TensorFlow would trace how each is saved and restored, in a SavedModel and
    again in each conversion, which takes longer than all the rest.
    """
    network = _in_float32_on_one_device(detector)

    @tf.function(input_signature=[_image(detector)], autograph=False)
    def find(image: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        raw = network(image, training=False)
        return raw["boxes"], tf.sigmoid(raw["scores"])

    return convert_variables_to_constants_v2(find.get_concrete_function())


def _save(
    network: tf.types.experimental.ConcreteFunction, detector: Detector, suppression: Suppression, folder: str
) -> None:
    """Write the frozen network as a SavedModel, with its post-processing."""
    postprocess = _postprocess(detector, suppression)

    @tf.function(input_signature=[_image(detector)], autograph=False)
    def detect(image: tf.Tensor) -> dict[str, tf.Tensor]:
        # Outside of what is frozen, for that would inline the function that stands for TFLite's operator.
        boxes, classes, scores, count = postprocess(*network(image), detector.anchors)
        # The operator lets boxes reach over the border, and MediaPipe misreads those.
        outputs = (tf.clip_by_value(boxes, 0.0, 1.0), classes, scores, count)
        return dict(zip(OUTPUTS, outputs, strict=True))

    # Gradients of our own (convolutions.py) are of no use in a file that does not learn, and cannot be saved.
    options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
    tf.saved_model.save(tf.Module(), folder, signatures=detect.get_concrete_function(), options=options)


def _image(detector: Detector) -> tf.TensorSpec:
    return tf.TensorSpec([1, detector.input_size, detector.input_size, 3], tf.float32, "image")


def _in_float32_on_one_device(detector: Detector) -> tf_keras.Model:
    """The detector's network, or a copy of it where the trainer chose otherwise. To build one takes seconds."""
    distributed = any(isinstance(variable, tf.distribute.DistributedValues) for variable in detector.network.variables)
    if detector.precision == "float32" and not distributed:
        return detector.network
    copy = build(detector.starting_model, detector.label_count, start=detector.weights).network
    copy.set_weights(detector.network.get_weights())
    return copy


def _postprocess(detector: Detector, suppression: Suppression) -> tf.types.experimental.PolymorphicFunction:
    """A function that the converter replaces by TFLite's own operator, which knows SSD's boxes and drops doubles.

    Takes encodings [1, N, 4], scores [1, N, L] and anchors [N, 4]. Its body only tells the shapes.
    """

    @tf.function(experimental_implements=_postprocess_signature(detector, suppression), autograph=False)
    def postprocess(boxes: tf.Tensor, scores: tf.Tensor, anchors: NDArray[np.float32]) -> tuple[tf.Tensor, ...]:
        rows = [1, suppression.max_detections]
        return tf.zeros([*rows, 4]), tf.zeros(rows), tf.zeros(rows), tf.zeros([1])

    return postprocess


def _postprocess_signature(detector: Detector, suppression: Suppression) -> str:
    """The operator's name and attributes, in the text form that the converter reads.

    With as many score columns as classes the operator takes none for the background, so ids begin at 0. Regular NMS
    goes label by label, as detect.suppress does: the robot finds what the metrics counted. The other kind keeps one
    label a box, and leaves old numbers in the rows behind the last detection.
    """
    y_scale, x_scale, h_scale, w_scale = detector.box_scales
    attributes: dict[str, int | float | bool] = {
        "max_detections": suppression.max_detections,
        "max_classes_per_detection": 1,
        "use_regular_nms": True,
        "nms_score_threshold": suppression.min_score,
        "nms_iou_threshold": suppression.iou,
        "num_classes": detector.label_count,
        "y_scale": y_scale,
        "x_scale": x_scale,
        "h_scale": h_scale,
        "w_scale": w_scale,
    }
    return " ".join(
        ['name: "TFLite_Detection_PostProcess"', *(_attribute(key, value) for key, value in attributes.items())]
    )


def _attribute(key: str, value: int | float | bool) -> str:
    kind = {bool: "b", int: "i", float: "f"}[type(value)]
    return f'attr {{ key: "{key}" value {{ {kind}: {str(value).lower()} }} }}'
