"""The words of machine learning, each in a few short sentences: the one source of the page and of the document.

`python -m ftcml.accounts.pages.help.glossary > docs/students/glossary.md` writes the document anew.
"""

from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True)
class Picture:
    """A drawing in static/img/glossary/, 420 wide, and what it shows for people who can't see it."""

    file: str
    height: int
    shows: str


@dataclass(frozen=True)
class Term:
    """A word and what it means. `slug` is its place on the page: /glossary/#slug."""

    slug: str
    name: str
    meaning: str
    picture: Picture | None = None


_SPLIT = Picture("split.svg", 108, "Ten frames: eight are training frames, two are evaluation frames")
_EPOCH = Picture("epoch.svg", 128, "Twelve training frames in three batches of four: three steps make one epoch")
_CONFIDENCE = Picture(
    "confidence.svg",
    146,
    "Four boxes with confidence 0.95, 0.81, 0.62 and 0.18. A minimum of 0.50 keeps the first three",
)
_IOU = Picture("iou.svg", 144, "Three pairs of boxes: apart, IoU 0; half on each other, IoU 0.5; nearly equal, IoU 0.9")
_PRECISION_RECALL = Picture(
    "precision-recall.svg",
    130,
    "Five cones and four boxes. Three boxes are on cones and one is on nothing: precision 3 of 4, recall 3 of 5",
)

GROUPS: dict[str, tuple[Term, ...]] = {
    "Your frames": (
        Term(
            "dataset",
            "Dataset",
            "A set of pictures with boxes drawn on them. You import one as a zip file. Your model learns from it.",
        ),
        Term("frame", "Frame", "One picture in a dataset. Many frames come from a video, so the word stuck."),
        Term(
            "box",
            "Box",
            "A rectangle around one object in a frame. People draw boxes to teach the model. The model draws boxes "
            "to show what it found.",
        ),
        Term("label", "Label", "The name of what is in a box, such as “cone”. A model finds only labels it has seen."),
        Term(
            "frame-without-boxes",
            "Frame without boxes",
            "A frame that shows none of your objects. It teaches the model what to leave alone, like a red shoe that "
            "isn't a red cone. Programs call it a negative frame.",
        ),
        Term(
            "split",
            "Split",
            "How a dataset is divided. The model learns from training frames. We test it on evaluation frames, which "
            "it never learns from. It's like keeping the exam questions out of the homework.",
            _SPLIT,
        ),
        Term(
            "block-split",
            "Block split",
            "A split that keeps neighboring frames of a video together, since they look alike. The frames in the gap "
            "between the two sides are left out. So the test isn't too easy.",
        ),
        Term(
            "random-seed",
            "Random seed",
            "A number that starts the shuffling. The same pictures and the same seed give the same split again.",
        ),
        Term(
            "near-duplicates",
            "Near-duplicates",
            "Two frames that are almost the same picture. If one is for training and one for evaluation, the test is "
            "too easy. Your results then look better than they are.",
        ),
    ),
    "Training": (
        Term(
            "model",
            "Model",
            "The program that finds objects in pictures. It's a network of millions of numbers. Training sets those "
            "numbers.",
        ),
        Term(
            "pre-trained-weights",
            "Pre-trained weights",
            "The numbers of a model that has learned from other pictures before. It already knows edges, shapes and "
            "colors, so your training is short. A model without them learns from scratch.",
        ),
        Term(
            "step",
            "Step",
            "One small lesson. The model looks at one batch of frames, compares its boxes with yours, and changes its "
            "numbers a little.",
        ),
        Term("batch-size", "Batch size", "How many frames the model looks at in one step, for example 32."),
        Term(
            "epoch",
            "Epoch",
            "One pass over all training frames. With 1,300 frames and a batch size of 32, an epoch is 41 steps. We "
            "suggest about 100 epochs.",
            _EPOCH,
        ),
        Term(
            "learning-rate",
            "Learning rate",
            "How much the numbers change in a step. It rises over the first few steps and then falls to 0. So the last "
            "changes are small.",
        ),
        Term(
            "loss",
            "Loss",
            "How wrong the model's answers are. Lower is better. Watch the loss on the evaluation frames most.",
        ),
        Term(
            "checkpoint",
            "Checkpoint",
            "A saved copy of the model in the middle of training, like a save point in a game. We save one every 100 "
            "steps and test it.",
        ),
        Term(
            "overfitting",
            "Overfitting",
            "When a model memorizes its training frames. It does well on them and worse on new ones. New pictures "
            "help. More steps don't.",
        ),
    ),
    "Results": (
        Term(
            "confidence",
            "Confidence",
            "How sure the model is about a box, from 0 to 1. A box with 0.95 is almost always right. A box with 0.1 "
            "is mostly a guess.",
            _CONFIDENCE,
        ),
        Term(
            "minimum-confidence",
            "Minimum confidence",
            "Boxes with a lower confidence don't count. You set it on Images, on Try it and in your robot code. We "
            "suggest the one that balances missed objects and false alarms. Programs call it a threshold.",
        ),
        Term(
            "iou",
            "IoU",
            "How well two boxes fit, from 0 to 1. Take the area that both cover. Divide it by the area that at least "
            "one of them covers. A box counts as right from 0.5 on. It's short for “intersection over union”.",
            _IOU,
        ),
        Term(
            "false-alarm",
            "False alarm",
            "A box where there is no object, or a second box on one object. The opposite mistake is a missed object: "
            "the model drew no box on it.",
        ),
        Term(
            "precision",
            "Precision",
            "How many of the model's boxes are right. With 4 boxes and 3 of them right, precision is 0.75. False "
            "alarms make it lower.",
            _PRECISION_RECALL,
        ),
        Term(
            "recall",
            "Recall",
            "How many of the objects the model finds. With 5 objects and 3 of them found, recall is 0.60. Missed "
            "objects make it lower.",
        ),
        Term(
            "map",
            "mAP",
            "One number for the whole model, from 0 to 1. It joins precision and recall over all labels and every "
            "minimum confidence. mAP@.50 accepts a box from IoU 0.5 on. Plain mAP is lower: it's the average of ten "
            "such numbers, from IoU 0.5 up to 0.95, where only a tight box is right.",
        ),
        Term(
            "confusion-matrix",
            "Confusion matrix",
            "A table of mixed-up labels. Each row is what people labeled. Each column is what the model said. "
            "Numbers off the diagonal are mistakes.",
        ),
    ),
}

TERMS: tuple[Term, ...] = tuple(chain.from_iterable(GROUPS.values()))


def as_markdown() -> str:
    """Return the glossary as the document docs/students/glossary.md."""
    lines = [
        "<!-- Written by `python -m ftcml.accounts.pages.help.glossary`: change the words there. -->",
        "",
        "# Glossary",
        "",
        "For everyone who meets a new word on a page. After reading you can explain it to your team.",
        "The same list is on the server, under **Help**.",
    ]
    for group, terms in GROUPS.items():
        lines += ["", f"## {group}"]
        for term in terms:
            lines += ["", f"### {term.name}", "", *_wrapped(term.meaning)]
            if term.picture:
                lines += ["", f"![{term.picture.shows}](../../static/img/glossary/{term.picture.file})"]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, width: int = 100) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".lstrip()
    return lines


if __name__ == "__main__":
    print(as_markdown(), end="")
