"""What people want changed in a dataset: other names for labels, and where frames go."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from datasets.split import Split

# Stands in place of a split for a frame that is deleted.
DELETED = "deleted"
PLACES = (*Split.values, DELETED)


@dataclass(frozen=True)
class Edits:
    """Changes that are to be made.

    Attributes:
        labels: a label -> its new name, "" to delete it with its boxes. Labels that get the same name become one.
        frames: the key of a frame, as text -> one of PLACES.
        replaces: whether the changed dataset takes the place of the one it is made from.
    """

    labels: dict[str, str] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)
    replaces: bool = False

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Edits":
        """Return the edits that `Dataset.edits` keeps."""
        return cls(stored.get("labels", {}), stored.get("frames", {}), stored.get("replaces", False))

    def stored(self) -> dict[str, Any]:
        """Return what `Dataset.edits` keeps: nothing of what changes nothing."""
        return {name: value for name, value in asdict(self).items() if value}

    def made(self) -> dict[str, Any]:
        """Return what `Dataset.edits` of a copy keeps that was made with these edits, until it is settled.

        None of them are still to be made, so that `of` finds none.
        """
        return {"replaces": self.replaces, "made": replace(self, replaces=False).stored()}

    def __bool__(self) -> bool:
        return bool(self.labels or self.frames)

    def name_of(self, label: str) -> str:
        """Return what the label is called afterwards, "" for one that is deleted."""
        return self.labels.get(label, label)

    def place_of(self, key: int, split: str) -> str:
        """Return where a frame of `split` is afterwards: one of PLACES."""
        return self.frames.get(str(key), split)

    def with_label(self, label: str, name: str) -> "Edits":
        """Return the edits with another name for a label; its own takes the change back."""
        others = {old: new for old, new in self.labels.items() if old != label}
        return replace(self, labels=others if name == label else others | {label: name})

    def with_frame(self, key: int, split: str, place: str) -> "Edits":
        """Return the edits with another place for a frame of `split`; its own split takes the change back."""
        others = {other: where for other, where in self.frames.items() if other != str(key)}
        return replace(self, frames=others if place == split else others | {str(key): place})
