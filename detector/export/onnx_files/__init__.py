"""The `.onnx` files, from which other programs make what an accelerator runs."""
