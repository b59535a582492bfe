"""Makes limelight.tflite of the int8 file of the model: the same detector, but the picture goes in as 8-bit values.

    python for_limelight.py

Needs: pip install "ai-edge-litert>=2.3". The model lies in the same folder as this program.
"""

import sys
from pathlib import Path

from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.tools import flatbuffer_utils

MODEL = Path(__file__).with_name({{ python_model_file }})


def main():
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(MODEL.read_bytes()))
    graph = model.subgraphs[0]
    image = graph.inputs[0]
    readers = [operator for operator in graph.operators if image in operator.inputs]
    kinds = [model.operatorCodes[operator.opcodeIndex].builtinCode for operator in readers]
    if kinds != [schema.BuiltinOperator.QUANTIZE]:
        sys.exit(f"{MODEL.name} does not calculate in 8 bits. Choose the int8 file on the page Robot code.")

    # A byte stands for (byte - 127) / 127.5, so -1 to 1. The operator behind, which took float32, adapts it.
    tensor = graph.tensors[image]
    tensor.type = schema.TensorType.UINT8
    tensor.quantization = schema.QuantizationParametersT()
    tensor.quantization.scale = [1 / 127.5]
    tensor.quantization.zeroPoint = [127]

    target = MODEL.with_name("limelight.tflite")
    target.write_bytes(flatbuffer_utils.convert_object_to_bytearray(model))
    print(f"{target.name} is made.")


if __name__ == "__main__":
    main()
