"""What the trials of the recipe change, on small examples."""

import numpy as np
import pytest

pytestmark = pytest.mark.tensorflow

BOX = [0.2, 0.3, 0.6, 0.8]


def test_the_overlap_of_a_box_with_itself_is_whole_and_with_one_far_away_below_nothing():
    import tensorflow as tf

    from bench.trials.box_losses import overlaps

    own = tf.zeros([1, 4])
    overlap, generalized = overlaps(own, own)
    assert (overlap.numpy()[0], generalized.numpy()[0]) == pytest.approx((1, 1))
    overlap, generalized = overlaps(own, tf.constant([[30.0, 0.0, 0.0, 0.0]]))
    # Two unit squares, three apart: of the four squares around both they fill two.
    assert (overlap.numpy()[0], generalized.numpy()[0]) == pytest.approx((0, -0.5))


def test_boxes_that_were_packed_into_a_batch_come_out_again():
    import tensorflow as tf

    from bench.trials import packed

    packer = packed.Packer(np.zeros((100, 4), np.float32), (1, 1, 1, 1), 0.5)
    boxes, classes = packer(tf.constant([BOX]), tf.constant([2], tf.int64))
    boxes, classes = packed.unpacked(boxes[tf.newaxis], classes[tf.newaxis])
    assert boxes[0, 0].numpy() == pytest.approx(BOX)
    assert classes[0].numpy().tolist() == [2] + [0] * (packed.MOST - 1)


def test_by_its_statistics_a_box_chooses_anchors_that_overlap_it_most():
    import tensorflow as tf

    from bench.trials.atss import StatisticsMatcher
    from detector.frames.targets import corners, iou
    from detector.model import anchors

    maps = (4, 2)
    laid = corners(anchors.ssd(maps))
    counts = tuple(side * side * count for side, count in zip(maps, anchors.ssd_counts(2), strict=True))
    matcher = StatisticsMatcher(laid, (10, 10, 5, 5), 0.5, counts)
    _, classes = matcher(tf.constant([BOX]), tf.constant([1]))
    overlaps = iou(tf.constant(laid), tf.constant([BOX])).numpy()[:, 0]
    chosen = classes.numpy() == 1
    assert 1 <= chosen.sum() < 10
    assert overlaps[chosen].mean() > 2 * overlaps.mean()
    assert chosen[overlaps.argmax()]


def test_a_frame_without_boxes_has_no_anchor_by_statistics():
    import tensorflow as tf

    from bench.trials.atss import StatisticsMatcher
    from detector.frames.targets import corners
    from detector.model import anchors

    matcher = StatisticsMatcher(corners(anchors.ssd((2,))), (10, 10, 5, 5), 0.5, (12,))
    encodings, classes = matcher(tf.zeros([0, 4]), tf.zeros([0], tf.int64))
    assert not classes.numpy().any()
    assert not encodings.numpy().any()


def test_a_pasted_object_is_where_its_box_says_and_covers_no_other():
    import tensorflow as tf

    from bench.trials.pasting import pasted

    dark = {
        "image": tf.zeros([64, 64, 3], tf.uint8),
        "boxes": tf.constant([[0.0, 0.0, 0.2, 0.2]]),
        "classes": tf.constant([1], tf.int64),
    }
    white = {
        "image": tf.fill([64, 64, 3], tf.constant(255, tf.uint8)),
        "boxes": tf.constant([[0.1, 0.1, 0.5, 0.5]]),
        "classes": tf.constant([2], tf.int64),
    }
    changed = pasted(dark, white, tf.constant([0.0, 0.5, 0.9, 0.9]))
    assert changed["classes"].numpy().tolist() == [1, 2]
    ymin, xmin, ymax, xmax = (changed["boxes"][1] * 64).numpy()
    bright = changed["image"].numpy()[:, :, 0] > 200
    rows, columns = np.where(bright)
    assert (rows.min(), columns.min()) >= (ymin - 1, xmin - 1)
    assert (rows.max(), columns.max()) <= (ymax, xmax)
    assert bright.mean() > 0.08
    covered = pasted(dark, white, tf.constant([0.0, 0.5, 0.0, 0.0]))
    assert covered["classes"].numpy().tolist() == [1]
