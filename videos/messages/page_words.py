"""What the pages say of videos and frames, and why a button can't be used with them."""

SAMPLE = "Sample video"
SELECT_ONE = "Select a video first."
NOTHING_LABELED = "Label some frames first. A dataset is made of labeled frames."
NO_SAMPLE = "No sample"
COACHES_ASSIGN = "Only coaches share frames out. Ask a coach of your team."
DELETED_MEANWHILE = "The video was deleted in the meantime."

# What the frames of a page can be narrowed to: value in the address -> words.
SHOWN = {
    "": "All",
    "labeled": "Labeled",
    "unlabeled": "Unlabeled",
    "to-review": "To review",
    "reviewed": "Reviewed",
    "sent-back": "Sent back",
    "ignored": "Ignored",
    "near-duplicates": "Near-duplicates",
}
