"""Random changes of a training frame, and of its boxes with it. A seed decides all of them."""

import math

import tensorflow as tf

from detector.contract.recipe import Recipe

# What lies outside the frame when it shrinks: in the middle of the range, where the input is 0.
_OUTSIDE = 127.5
# Brightness, of red, green and blue (ITU-R BT.601).
_LUMA = (0.299, 0.587, 0.114)


def augment(
    image: tf.Tensor, boxes: tf.Tensor, classes: tf.Tensor, seed: tf.Tensor, recipe: Recipe
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Mirror, zoom, then change the light and the colors of a square frame.

    `image`: uint8 [S, S, 3]. `boxes`: [M, 4] of (ymin, xmin, ymax, xmax) as fractions. `seed`: integers [2].
    Returns the three again: the image in float32 [-1, 1], the boxes that are still to be seen, their classes.
    """
    draws = tf.random.stateless_uniform([8], seed)
    mirrored = draws[0] < recipe.mirror
    zoom = tf.exp(_between(draws[1], (tf.math.log(recipe.zoom[0]), tf.math.log(recipe.zoom[1]))))
    # The window of the frame that becomes the image: it is `1 / zoom` wide, and the drawn point stays where it is.
    top, left = (draws[2] * (1 - 1 / zoom), draws[3] * (1 - 1 / zoom))
    middle = _mean(image) / 127.5 - 1.0
    image = _window(image, top, left, 1 / zoom, mirrored) / 127.5 - 1.0
    light = _between(draws[4], (-recipe.brightness, recipe.brightness))
    colors = _between(draws[5], recipe.contrast) * _colors(draws[6], draws[7], recipe)
    image = tf.tensordot(image - middle, colors, 1) + middle + light
    boxes, kept = _boxes_in_window(boxes, top, left, zoom, mirrored, recipe.kept_part)
    return tf.clip_by_value(image, -1.0, 1.0), tf.boolean_mask(boxes, kept), tf.boolean_mask(classes, kept)


def _colors(hue: tf.Tensor, saturation: tf.Tensor, recipe: Recipe) -> tf.Tensor:
    """What turns colors (red, green, blue), written in a row, about gray, and makes them stronger or paler: [3, 3]."""
    angle = _between(hue, (-recipe.hue, recipe.hue)) * math.pi / 180
    ring = tf.constant([[0.0, 1.0, -1.0], [-1.0, 0.0, 1.0], [1.0, -1.0, 0.0]]) / math.sqrt(3)
    turn = tf.cos(angle) * tf.eye(3) + (1 - tf.cos(angle)) / 3 + tf.sin(angle) * ring
    strength = _between(saturation, recipe.saturation)
    gray = tf.tile(tf.constant(_LUMA)[:, tf.newaxis], [1, 3])
    return tf.matmul(turn, strength * tf.eye(3) + (1 - strength) * gray)


def _mean(image: tf.Tensor) -> tf.Tensor:
    """Of all its values, by whole numbers: a sum of floats would differ in its last bit from one run to the next."""
    total = tf.reduce_sum(tf.cast(image, tf.int32))
    return tf.cast(total, tf.float32) / tf.cast(tf.size(image), tf.float32)


def _between(draw: tf.Tensor, limits: tuple[float, float]) -> tf.Tensor:
    return limits[0] + draw * (limits[1] - limits[0])


def _window(image: tf.Tensor, top: tf.Tensor, left: tf.Tensor, size: tf.Tensor, mirrored: tf.Tensor) -> tf.Tensor:
    """The window, stretched to the image's own size; mirrored by reading it from right to left."""
    sides = (left, left + size)
    window = tf.stack([top, tf.where(mirrored, *sides[::-1]), top + size, tf.where(mirrored, *sides)])
    return tf.image.crop_and_resize(
        image[tf.newaxis], window[tf.newaxis], [0], image.shape[:2], extrapolation_value=_OUTSIDE
    )[0]


def _boxes_in_window(
    boxes: tf.Tensor, top: tf.Tensor, left: tf.Tensor, zoom: tf.Tensor, mirrored: tf.Tensor, kept_part: float
) -> tuple[tf.Tensor, tf.Tensor]:
    """The boxes in fractions of the window, clipped, and which of them keep enough of their area."""
    ymin, xmin, ymax, xmax = tf.unstack((boxes - tf.stack([top, left, top, left])) * zoom, axis=1)
    whole = (ymax - ymin) * (xmax - xmin)
    xmin, xmax = tf.where(mirrored, 1 - xmax, xmin), tf.where(mirrored, 1 - xmin, xmax)
    moved = tf.clip_by_value(tf.stack([ymin, xmin, ymax, xmax], axis=1), 0.0, 1.0)
    seen = (moved[:, 2] - moved[:, 0]) * (moved[:, 3] - moved[:, 1])
    return moved, seen > kept_part * whole
