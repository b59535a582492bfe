"""TFRecord files of tf.Example records, with their label map."""
