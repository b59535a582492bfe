"""Files of COCO about one picture, with the fewest words."""

from tests.datasets.archives import A_BALL, coco, picture

A_BOX = (20, 30, 60, 60)


BALL = [A_BALL]


def entry(**values: object) -> dict:
    return {"id": 1, "image_id": 1, "category_id": 1, "bbox": list(A_BOX), "iscrowd": 0} | values


def one_picture(*annotations: object, **more: object) -> dict:
    """The files of a set of one picture a.jpg, whose annotations are given as they lie in the file."""
    lists = {"annotations": annotations} | more
    return {"a.jpg": picture(), "a.json": coco({1: "a.jpg"}, {1: "ball"}, [], **lists)}
