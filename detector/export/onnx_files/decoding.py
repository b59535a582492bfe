"""What follows the network, as ONNX nodes: boxes from encodings, and which of them are detections."""

import numpy as np
from numpy.typing import NDArray

from detector.contract.suppression import Suppression
from detector.export.onnx_files.nodes import FLOAT, INT, Nodes


def add_boxes(
    nodes: Nodes, encodings: str, anchors: NDArray[np.float32], scales: tuple[float, float, float, float], name: str
) -> str:
    """Add what turns encodings [1, N, 4] into boxes [1, N, 4] of top, left, bottom and right.

    `anchors`: [N, 4] of (ycenter, xcenter, height, width).
    """
    centers, sides = anchors[np.newaxis, :, :2], anchors[np.newaxis, :, 2:]
    steps = sides / np.array(scales[:2], np.float32)
    moves, growths = f"{name}/moves", f"{name}/growths"
    nodes.add("Split", [encodings], moves, growths, axis=2, split=[2, 2])
    moved = nodes.add("Mul", [moves, nodes.constant("anchors/steps", steps)], f"{name}/moved")
    middle = nodes.add("Add", [moved, nodes.constant("anchors/centers", centers)], f"{name}/middles")
    slowness = nodes.constant("anchors/growths", 1 / np.array(scales[2:], np.float32))
    powers = nodes.add("Mul", [growths, slowness], f"{name}/powers")
    factors = nodes.add("Exp", [powers], f"{name}/factors")
    half = nodes.add("Mul", [factors, nodes.constant("anchors/half_sides", sides / 2)], f"{name}/half_sides")
    begin = nodes.add("Sub", [middle, half], f"{name}/begin")
    end = nodes.add("Add", [middle, half], f"{name}/end")
    return nodes.add("Concat", [begin, end], name, axis=2)


def add_detections(nodes: Nodes, boxes: str, scores: str, suppression: Suppression) -> None:
    """Add the choice of the best boxes that are no doubles.

    `boxes`: [1, N, 4]. `scores`: [1, N, L]. Adds the outputs of onnx_model.detections.
    """
    count = suppression.max_detections
    by_label = nodes.add("Transpose", [scores], "scores_by_label", perm=[0, 2, 1])
    limits = [
        nodes.constant("nms/boxes_of_a_label", [count]),
        nodes.constant("nms/iou", [suppression.iou]),
        nodes.constant("nms/score", [suppression.min_score]),
    ]
    kept = nodes.add("NonMaxSuppression", [boxes, by_label, *limits], "kept")
    kept_scores = nodes.add("GatherND", [by_label, kept], "kept_scores")
    # Where there are fewer than asked for, the rows behind them are of these.
    empty_rows = nodes.constant("empty_rows", np.zeros([count, 3], np.int64))
    empty_scores = nodes.constant("empty_scores", np.zeros(count, np.float32))
    rows = nodes.add("Concat", [kept, empty_rows], "rows", axis=0)
    row_scores = nodes.add("Concat", [kept_scores, empty_scores], "row_scores", axis=0)
    nodes.add("TopK", [row_scores, nodes.constant("nms/count", [count])], "best_scores", "order", axis=0)
    best = nodes.add("Gather", [rows, "order"], "best_rows", axis=0)
    nodes.add("Split", [best], "best_pictures", "best_labels", "best_anchors", axis=1, split=[1, 1, 1])
    shape = nodes.constant("shapes/row", [1, count])
    nodes.add("Reshape", ["best_labels", shape], "labels")
    nodes.add("Reshape", ["best_scores", shape], "scores")
    _add_best_boxes(nodes, boxes, count)


def _add_best_boxes(nodes: Nodes, boxes: str, count: int) -> None:
    """Add the boxes of the best rows, cut off at the border of the picture, and how many rows are real."""
    zero, one = nodes.constant("zero", np.float32(0)), nodes.constant("one", np.float32(1))
    above = nodes.add("Greater", ["best_scores", zero], "is_real")
    real = nodes.add("Cast", [above], "real", to=FLOAT)
    column = nodes.add("Reshape", [real, nodes.constant("shapes/column", [1, count, 1])], "real_column")
    places = nodes.add("Reshape", ["best_anchors", nodes.constant("shapes/list", [count])], "places")
    best = nodes.add("Gather", [boxes, places], "best_boxes", axis=1)
    inside = nodes.add("Clip", [best, zero, one], "boxes_inside")
    nodes.add("Mul", [inside, column], "boxes")
    total = nodes.add("ReduceSum", [real], "total", axes=[0], keepdims=1)
    nodes.add("Cast", [total], "count", to=INT)
