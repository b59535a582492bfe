"""The `.tflite` files that robots load, with their metadata and variants."""
