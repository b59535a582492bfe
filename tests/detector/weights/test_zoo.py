"""Checkpoints of the zoo's layout become arrays under our names, each with the right numbers."""

from types import ModuleType

import numpy as np
import pytest

from detector.contract import zoo_archives

pytestmark = pytest.mark.tensorflow

SSD = "ssd_mobilenet_v2_320x320_coco17_tpu-8"
BUILDERS = {
    SSD: "ssd_mobilenet_v2",
    "ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8": "ssd_mobilenet_v2_fpnlite",
    "ssd_mobilenet_v1_fpn_640x640_coco17_tpu-8": "ssd_mobilenet_v1_fpn",
}


@pytest.fixture(scope="module")
def zoo_checkpoints() -> ModuleType:
    """What writes checkpoints as the zoo does. It needs TensorFlow, so it is imported for a test alone."""
    from tests.detector.weights import zoo_checkpoints

    return zoo_checkpoints


def _convert(model, folder, archive=SSD):
    from detector.weights import zoo
    from tests.detector.weights import zoo_checkpoints

    return zoo.convert(zoo_checkpoints.write(model, folder), archive)


def _refusal(model, folder) -> str:
    from detector.weights.zoo import UnfitCheckpoint

    with pytest.raises(UnfitCheckpoint) as refusal:
        _convert(model, folder)
    return str(refusal.value)


@pytest.fixture(scope="module")
def ssd(zoo_checkpoints):
    """The model of a checkpoint; a test that changes it puts it right again."""
    return zoo_checkpoints.ssd_mobilenet_v2(zoo_checkpoints.Builder())


@pytest.mark.parametrize("archive", BUILDERS)
def test_every_array_has_its_numbers(zoo_checkpoints, archive, tmp_path):
    builder = zoo_checkpoints.Builder()
    model = getattr(zoo_checkpoints, BUILDERS[archive])(builder)

    arrays = _convert(model, tmp_path, archive)

    assert sorted(arrays) == sorted(builder.expected)
    wrong = [name for name, numbers in builder.expected.items() if not np.array_equal(arrays[name], numbers)]
    assert wrong == []
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float32)}


# What people who opened ssd_mobilenet_v2_fpnlite_640x640_coco17_tpu-8 found in it.
SEEN = [
    "_feature_extractor/classification_backbone/layer_with_weights-0/kernel",
    "_feature_extractor/classification_backbone/layer_with_weights-2/depthwise_kernel",
    "_feature_extractor/classification_backbone/layer_with_weights-103/moving_variance",
    "_feature_extractor/_fpn_features_generator/top_layers/0/bias",
    "_feature_extractor/_fpn_features_generator/residual_blocks/1/0/kernel",
    "_feature_extractor/_fpn_features_generator/conv_layers/1/0/depthwise_kernel",
    "_feature_extractor/_fpn_features_generator/conv_layers/1/1/gamma",
    "_feature_extractor/_coarse_feature_layers/1/0/pointwise_kernel",
    "_box_predictor/_head_scope_conv_layers/PredictionTower/3/pointwise_kernel",
    "_box_predictor/_base_tower_layers_for_heads/box_encodings/4/10/moving_mean",
    "_box_predictor/_box_prediction_head/_box_encoder_layers/0/depthwise_kernel",
    "_box_predictor/_prediction_heads/class_predictions_with_background/_class_predictor_layers/0/bias",
]


def test_our_checkpoints_have_the_names_of_a_real_one(zoo_checkpoints, tmp_path):
    prefix = zoo_checkpoints.write(zoo_checkpoints.ssd_mobilenet_v2_fpnlite(zoo_checkpoints.Builder()), tmp_path)
    import tensorflow as tf

    names = set(tf.train.load_checkpoint(prefix).get_variable_to_shape_map())

    assert [name for name in SEEN if f"model/{name}/.ATTRIBUTES/VARIABLE_VALUE" not in names] == []


def test_both_sizes_of_fpnlite_have_the_same_variables():
    small, large = (zoo_archives.archive(f"SSD MobileNet V2 FPNLite {size}x{size}") for size in (320, 640))
    assert small.architecture == large.architecture


def test_a_backbone_under_its_older_name_is_found(zoo_checkpoints, ssd, tmp_path):
    extractor = ssd._feature_extractor
    backbone = extractor.classification_backbone
    older = zoo_checkpoints.Node(_mobilenet_v2=backbone, feature_map_generator=extractor.feature_map_generator)
    model = zoo_checkpoints.Node(_feature_extractor=older, _box_predictor=ssd._box_predictor)

    arrays = _convert(model, tmp_path)

    assert np.array_equal(arrays["backbone/conv_0/kernel"], backbone.get_layer("Conv1").kernel)


def test_a_missing_variable_is_named(zoo_checkpoints, ssd, tmp_path):
    model = zoo_checkpoints.Node(_feature_extractor=ssd._feature_extractor)

    sentence = _refusal(model, tmp_path)

    assert sentence.startswith("The checkpoint lacks predictor_0/box/kernel (model/_box_predictor/")


def test_a_variable_of_another_shape_is_named(zoo_checkpoints, ssd, tmp_path):
    heads = ssd._box_predictor._prediction_heads
    narrow = zoo_checkpoints.Builder().conv("", 1, 576, 3 * 4 + 1, bias=True)
    first = zoo_checkpoints.Node(_box_encoder_layers=[narrow])
    boxes = [first, *heads["box_encodings"][1:]]
    scores = list(heads["class_predictions_with_background"])
    predictor = zoo_checkpoints.Node(
        _prediction_heads={"box_encodings": boxes, "class_predictions_with_background": scores}
    )
    model = zoo_checkpoints.Node(_feature_extractor=ssd._feature_extractor, _box_predictor=predictor)

    sentence = _refusal(model, tmp_path)

    assert "predictor_0/box/kernel (" in sentence
    assert sentence.endswith("is float32 [1, 1, 576, 13] in the checkpoint, and should be float32 [1, 1, 576, 12].")


def test_bottlenecks_of_one_shape_are_told_apart(zoo_checkpoints, ssd, tmp_path):
    class Shuffled(zoo_checkpoints.Node):
        """Layers numbered as Keras would, but two of one shape in each other's place."""

    layers = [layer for layer in ssd._feature_extractor.classification_backbone.layers if layer.weights]
    names = [layer.name for layer in layers]
    one, other = names.index("block_7_expand"), names.index("block_8_expand")
    layers[one], layers[other] = layers[other], layers[one]
    backbone = Shuffled(**{f"layer_with_weights-{number}": layer for number, layer in enumerate(layers)})
    extractor = zoo_checkpoints.Node(
        classification_backbone=backbone, feature_map_generator=ssd._feature_extractor.feature_map_generator
    )

    sentence = _refusal(zoo_checkpoints.Node(_feature_extractor=extractor, _box_predictor=ssd._box_predictor), tmp_path)

    assert sentence == (
        "backbone/block_7/expand/kernel should be layer block_7_expand, and the checkpoint has block_8_expand there."
    )


def test_a_damaged_checkpoint_is_refused(zoo_checkpoints, ssd, tmp_path):
    from detector.weights import zoo

    prefix = zoo_checkpoints.write(ssd, tmp_path)
    index = tmp_path / "ckpt-0.index"
    index.write_bytes(index.read_bytes()[:-100])

    with pytest.raises(zoo.UnfitCheckpoint, match="cannot be read"):
        zoo.convert(prefix, SSD)
