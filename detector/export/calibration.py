"""The int8 form of a converted model, with ranges of its values that are measured on pictures.

TensorFlow's own calibrator takes five times longer. It also takes the range of a residual's first summand from the sum,
which lies in the same memory when it looks.
"""

import warnings
from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.lite.python import schema_py_generated as tflite_schema
from tensorflow.lite.python.convert import mlir_quantize
from tensorflow.lite.tools import flatbuffer_utils


def quantized(tflite: bytes, inputs: Sequence[NDArray[np.float32]]) -> bytes:
    """The float32 model in int8, between its input and its results, which stay float32.

    `inputs`: what the model may see, from which the range of each tensor's values is taken.
    """
    model = flatbuffer_utils.convert_bytearray_to_object(tflite)
    graph = model.subgraphs[0]
    measured = [*graph.inputs, *_computed(graph)]
    lowest, highest = _ranges(tflite, measured, inputs)
    for tensor, low, high in zip(measured, lowest, highest, strict=True):
        quantization = tflite_schema.QuantizationParametersT()
        quantization.min, quantization.max = [float(low)], [float(high)]
        graph.tensors[tensor].quantization = quantization
    return bytes(mlir_quantize(bytes(flatbuffer_utils.convert_object_to_bytearray(model))))


def _computed(graph: tflite_schema.SubGraphT) -> list[int]:
    """The tensors of floats that the operators of a model give out."""
    given = (tensor for operator in graph.operators for tensor in operator.outputs)
    return [tensor for tensor in given if graph.tensors[tensor].type == tflite_schema.TensorType.FLOAT32]


def _ranges(
    tflite: bytes, tensors: Sequence[int], inputs: Sequence[NDArray[np.float32]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The lowest and the highest value of each of `tensors`, over all inputs."""
    model = flatbuffer_utils.convert_bytearray_to_object(tflite)
    # What a model gives out is kept. Other values are overwritten by those of later operators.
    model.subgraphs[0].outputs = tensors
    model.signatureDefs = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        interpreter = tf.lite.Interpreter(model_content=bytes(flatbuffer_utils.convert_object_to_bytearray(model)))
    interpreter.allocate_tensors()
    place, seen = interpreter.get_input_details()[0]["index"], []
    for values in inputs:
        interpreter.set_tensor(place, values)
        interpreter.invoke()
        found = [interpreter.get_tensor(tensor) for tensor in tensors]
        seen.append([(each.min(), each.max()) for each in found])
    ends = np.array(seen)
    return ends[..., 0].min(axis=0), ends[..., 1].max(axis=0)
