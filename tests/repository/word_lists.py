"""What is never written, and what to write instead; how others spell; what counts as a name."""

import re

from ftcml.accounts.pages.help import glossary

# The keys of a keyboard are pressed, and nothing else is.
KEYS = "and hold|Ctrl|Enter|Esc|Shift|Space|Tab|the (?:left|right|up|down|arrow|space)|an? key|Name"
# Never, and what to write instead.
NEVER = {
    rf"press(?:ed|es|ing)?(?! (?:{KEYS}))": "click",
    r"ticks?|ticked|ticking": "select, check or uncheck",
    r"column'?s'? heads?|heads? of (?:a|the) columns?": "column heading",
    r"drawn (?:by|for|at)\b|drawn (?:anew|again)|draws the same": "held back (random seed)",
    r"lookalikes?|looks? almost (?:like|the same)": "near-duplicates",
    r"whoever|(?:person|people|one|somebody|someone|those) (?:who|that) runs?": "the operator",
    r"(?:who|that) looks? after": "the operator",
    r"(?:by|at) heart": "memorize",
    r"in vain": "say what failed, or retry",
    r"scores? (?:from|below which)": "minimum confidence",
    r"score threshold|suggested threshold|use confidence": "suggested minimum confidence",
    r"(?:is )?taken for what": "mixed-up labels (confusion matrix)",
    r"(?:starts?|starting|begins?) (?:from|with) nothing": "learns from scratch",
    r"nobody|no-one": "say who can, or what is missing",
    r"how good it is|how much is right|what (?:it|the model) is worth": "accuracy, precision or recall",
    r"pictures with something marked": "zip file of pictures and annotations",
    r"may be missing|may stay empty": "optional",
    r"go(?:es)? on|went on": "continue, or resume",
    r"(?:is|are) gone": "deleted, lost, or stopped",
    r"(?:worker|workers|worker that) ha(?:s|ve) it": "lease",
    r"advised": "suggested",
    r"pop-ups?": "dialog",
    r"mend(?:s|ed|ing)?": "fix",
    r"left ?overs?": "unused files",
    r"wherefore|thereof|thereby|hitherto|whilst|amongst": "a plain word",
}  # fmt: skip

BRITISH = {
    "colour": "color", "labelled": "labeled", "labelling": "labeling", "grey": "gray", "centre": "center",
    "favour": "favor", "organis": "organiz", "recognis": "recogniz", "optimis(?!t)": "optimiz",
    "normalis": "normaliz", "analyse": "analyze", "behaviour": "behavior", "cancelled": "canceled",
    "cancelling": "canceling", "catalogue": "catalog", "dialogue": "dialog", "licence": "license",
    "modelled": "modeled", "modelling": "modeling", "travelled": "traveled", "neighbour": "neighbor",
    "honour": "honor", "initialis": "initializ", "serialis": "serializ", "summaris": "summariz",
    "visualis": "visualiz", "judgement": "judgment", "artefact": "artifact", "defence": "defense", "fibre": "fiber",
    "programme(?!r|d)": "program", "minimis": "minimiz", "maximis": "maximiz", "utilis": "use",
}  # fmt: skip
# Names of others: HTML's attribute and Label Studio's field.
SPELLED_BY_OTHERS = re.compile(r"aria-?labelledby|labelledby=|was_cancelled", re.IGNORECASE)

# What is called by its name whoever reads it. It counts as one short word.
NAMES = re.compile(
    r"\b(?:TensorFlow|TensorBoard|MobileNet|RetinaNet|FPNLite|LiteRT(?:\.js)?|MediaPipe|Limelight|Chromebooks?|"
    r"Raspberry Pi|Android Studio|OnBot Java|Label Studio|Roboflow|Ultralytics|LabelImg|makesense\.ai|Pascal VOC|"
    r"Object Detection API|Task Library|PostgreSQL|Prometheus|Debian|Ubuntu|WebAssembly|Windows|JavaScript|"
    r"[A-Z]{2,}\w*|\w+[_.]\w[\w.]*|\d[\d.,:×x%]*)\b"
)
_PRODUCT = {
    "training frames?", "evaluation frames?", "training", "evaluation", "annotations?", "datasets?", "operators?",
    "checkpoints?", "More Training", "Start Training", "password", "administrator",
}  # fmt: skip
_EXPLAINED = {re.escape(term.name) for term in glossary.TERMS}
TERMS = re.compile(rf"\b(?:{'|'.join(sorted(_PRODUCT | _EXPLAINED, key=len, reverse=True))})\b", re.IGNORECASE)
