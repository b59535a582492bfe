"""Sets of YOLO with one ball in a picture of 160 by 120, with the fewest words."""

from tests.datasets.archives import A_BALL, picture

# A_BALL of a picture of 160 by 120.
A_LINE = "0 0.3125 0.5 0.375 0.5\n"


BALL = [A_BALL]


A_YAML = "train: train/images\nval: valid/images\nnc: 2\nnames: ['ball', 'cube']\n"


def two_folders() -> dict:
    """A set with one picture to train on and one to evaluate with, without the file that names its labels."""
    files: dict = {}
    for folder in ("train", "valid"):
        files[f"{folder}/images/{folder}.jpg"] = picture()
        files[f"{folder}/labels/{folder}.txt"] = A_LINE
    return files


def beside(label: str = A_LINE, **more: str | bytes) -> dict:
    """One picture a.jpg and its label file, as LabelImg lays them."""
    return {"a.jpg": picture(), "a.txt": label, "classes.txt": "ball\ncube\n"} | more
