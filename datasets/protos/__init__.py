"""Messages that other programs defined, as .proto files, and the classes that `make protos` generates from them."""
