"""The TF2 Object Detection API, which takes steps when it is told to: run by an interpreter that has it installed.

    PATH/python bench/speed/reference_stepper.py "SSD MobileNet v2 320x320" 32

It imports nothing of this project and speaks as stepper.py does. It looks for the API's own configurations in
object_detection/configs/tf2, which a checkout of github.com/tensorflow/models has. It has not been tried by this
project: none of its machines has the API.
"""

import json
import os
import sys
import time
from collections.abc import Callable

CONFIGURATIONS = {
    "SSD MobileNet v2 320x320": "ssd_mobilenet_v2_320x320_coco17_tpu-8",
    "SSD MobileNet V2 FPNLite 320x320": "ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8",
    "SSD MobileNet V2 FPNLite 640x640": "ssd_mobilenet_v2_fpnlite_640x640_coco17_tpu-8",
    "SSD MobileNet V1 FPN 640x640": "ssd_mobilenet_v1_fpn_640x640_coco17_tpu-8",
}
BOXES_A_FRAME = 3


def steps(name: str, batch_size: int) -> "Callable[[], object]":
    """A function that takes one training step on ready random tensors: forward, loss, backward, update."""
    import object_detection
    import tensorflow as tf
    from object_detection.builders import model_builder
    from object_detection.utils import config_util

    folder = os.path.join(os.path.dirname(object_detection.__file__), "configs", "tf2")
    path = os.path.join(folder, CONFIGURATIONS[name] + ".config")
    configuration = config_util.get_configs_from_pipeline_file(path)["model"]
    configuration.ssd.num_classes = 2
    model = model_builder.build(configuration, is_training=True)
    size = configuration.ssd.image_resizer.fixed_shape_resizer.height
    images, shapes = model.preprocess(tf.random.uniform([batch_size, size, size, 3], 0, 255))
    corner = tf.random.uniform([batch_size, BOXES_A_FRAME, 2], 0, 0.5)
    boxes = tf.unstack(tf.concat([corner, corner + 0.3], axis=2))
    classes = tf.unstack(tf.one_hot(tf.random.uniform([batch_size, BOXES_A_FRAME], 0, 2, tf.int32), 2))
    optimizer = tf.keras.optimizers.SGD(1e-3, momentum=0.9)

    @tf.function
    def step() -> "tf.Tensor":
        model.provide_groundtruth(groundtruth_boxes_list=boxes, groundtruth_classes_list=classes)
        with tf.GradientTape() as tape:
            losses = model.loss(model.predict(images, shapes), shapes)
            total = tf.add_n(list(losses.values()))
        variables = model.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(total, variables), variables))  # noqa: B905 (Python may be 3.9)
        return total

    return lambda: step().numpy()


def main() -> None:
    output = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    batch_size = int(sys.argv[2])
    step = steps(sys.argv[1], batch_size)
    for _ in range(2):
        step()
    print(json.dumps({"ready": True}), file=output, flush=True)
    for line in sys.stdin:
        began, taken = time.perf_counter(), 0
        while taken == 0 or time.perf_counter() - began < float(line):
            step()
            taken += 1
        answer = {"images": taken * batch_size, "seconds": time.perf_counter() - began}
        print(json.dumps(answer), file=output, flush=True)


if __name__ == "__main__":
    main()
