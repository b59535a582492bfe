"""Changes to a converted model that the converter has no switch for."""

from tensorflow.lite.python import schema_py_generated as tflite_schema
from tensorflow.lite.tools import flatbuffer_utils

_CASTS = (tflite_schema.BuiltinOperator.QUANTIZE, tflite_schema.BuiltinOperator.DEQUANTIZE)


def float_results(tflite: bytes) -> bytes:
    """The same int8 model with float32 calculations behind its custom operator, so that boxes keep their precision.

    The converter leaves the operator itself in float32, and then cuts its boxes off at the border in int8: a place in
    the picture would be one of 256, and small boxes would lose a tenth of their size. Operators behind it may have no
    constants of their own in int8.
    """
    model = flatbuffer_utils.convert_bytearray_to_object(tflite)
    graph = model.subgraphs[0]
    kinds = [model.operatorCodes[operator.opcodeIndex].builtinCode for operator in graph.operators]
    place = kinds.index(tflite_schema.BuiltinOperator.CUSTOM) + 1
    instead: dict[int, int] = {}
    kept = graph.operators[:place]
    for operator, kind in zip(graph.operators[place:], kinds[place:], strict=True):
        operator.inputs = [instead.get(tensor, tensor) for tensor in operator.inputs]
        if kind in _CASTS:
            instead[operator.outputs[0]] = operator.inputs[0]
            continue
        kept.append(operator)
        for tensor in operator.outputs:
            graph.tensors[tensor].type = tflite_schema.TensorType.FLOAT32
            graph.tensors[tensor].quantization = None
    graph.operators = kept
    graph.outputs = [instead.get(tensor, tensor) for tensor in graph.outputs]
    for output in model.signatureDefs[0].outputs:
        output.tensorIndex = instead.get(output.tensorIndex, output.tensorIndex)
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))
