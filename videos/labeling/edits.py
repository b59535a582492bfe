"""What a person changed in frames, as a page gives it, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class GivenLook:
    """A box as a page gives it. `name`: of its label, for one that was deleted meanwhile."""

    label: int
    name: str
    corners: tuple[float, float, float, float]
    origin: str
    confirmed: bool
    track: UUID | None


@dataclass(frozen=True)
class BoxEdit:
    """What a person made of a box; None for no box."""

    key: UUID
    before: GivenLook | None
    after: GivenLook | None


@dataclass(frozen=True)
class Mark:
    before: bool
    after: bool


@dataclass(frozen=True)
class GoneEdit:
    """Whether an object is said to be gone from this frame on."""

    track: UUID
    before: bool
    after: bool


@dataclass(frozen=True)
class FrameEdit:
    """What a person changed in a frame."""

    frame: int
    boxes: Sequence[BoxEdit] = ()
    finished: Mark | None = None
    ignored: Mark | None = None
    gone: Sequence[GoneEdit] = ()


@dataclass(frozen=True)
class Conflict:
    """A box that both changed: it is as the other person left it. `yours`: what this person wanted."""

    frame: int
    key: UUID
    yours: GivenLook | None


@dataclass
class Saved:
    """`frames`: the numbers of the frames that were named. `followed`: of those that changed with them.

    `gone`: those of frames that aren't there any more.
    """

    frames: list[int] = field(default_factory=list)
    followed: list[int] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
