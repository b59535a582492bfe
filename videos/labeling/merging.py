"""Two people's changes of one box or frame, merged where they touch different things. Needs no database.

A three-way merge: what a person saw, what they made of it, and what is there by now. Whatever only one side changed is
taken. What both changed in different ways is a conflict, and is left as it is. A program that only moved its own box
is no side: it gives way to people.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TypeVar

# Corners that differ by less are the same: nobody sees a hundredth of a pixel.
_SAME = 0.01
_SET_BY_A_PERSON = ("drawn", "imported")
_Value = TypeVar("_Value", int, str)


@dataclass(frozen=True)
class Look:
    """A box as a person sees it. `label`: its key. `track`: the key of the object that it follows, "" for none."""

    label: int
    corners: tuple[float, float, float, float]
    origin: str
    confirmed: bool = True
    track: str = ""

    @property
    def is_set(self) -> bool:
        """Whether a person set it, or has said that it is right. Any other is a program's, which moves it again."""
        return self.confirmed or self.origin in _SET_BY_A_PERSON


class Outcome(Enum):
    """What is to be done with a box."""

    KEEP = auto()
    WRITE = auto()
    DELETE = auto()
    CONFLICT = auto()


@dataclass(frozen=True)
class Merged:
    """`look`: what the box is like afterwards, None for none."""

    outcome: Outcome
    look: Look | None


def merged(seen: Look | None, wanted: Look | None, now: Look | None) -> Merged:
    """Merge what one person wants of a box with what it is by now.

    Args:
        seen: what the person saw before the change; None where there was no such box.
        wanted: what they made of it; None where they deleted it.
        now: what is there; None where there is none.

    The same change sent twice is kept once, so that it may be sent again whenever no answer came.
    """
    if _same(wanted, now):
        return Merged(Outcome.KEEP, now)
    if _same(seen, now):
        return Merged(Outcome.DELETE if wanted is None else Outcome.WRITE, wanted)
    if seen is None or wanted is None or now is None:
        if seen and now and _only_a_program_moved_it(seen, now):
            return Merged(Outcome.DELETE, None)
        # Deleted on one side and changed on the other, or made twice: a person decides.
        return Merged(Outcome.CONFLICT, now)
    return _merged_parts(seen, wanted, now)


def merged_mark(seen: bool, wanted: bool, now: bool) -> bool:
    """Merge what one person says of a frame: what they didn't change stays as it is by now."""
    return now if seen == wanted else wanted


def _only_a_program_moved_it(seen: Look, now: Look) -> bool:
    """Whether a tracker, or a keyframe beside it, has moved the box since, and nobody has done anything to it."""
    return not (seen.is_set or now.is_set) and (seen.label, seen.track) == (now.label, now.track)


def _merged_parts(seen: Look, wanted: Look, now: Look) -> Merged:
    label = _part(seen.label, wanted.label, now.label)
    track = _part(seen.track, wanted.track, now.track)
    is_a_programs_place = not (seen.is_set or now.is_set)
    # Who says that a box is right means its place as well.
    placed_here = not _near(seen.corners, wanted.corners) or (is_a_programs_place and wanted.is_set)
    placed_there = not is_a_programs_place and not _near(seen.corners, now.corners)
    collide = placed_here and placed_there and not _near(wanted.corners, now.corners)
    if label is None or track is None or collide:
        return Merged(Outcome.CONFLICT, now)
    placed = wanted if placed_here else now
    look = replace(
        now, label=label, track=track, corners=placed.corners, origin=placed.origin,
        confirmed=now.confirmed or wanted.confirmed,
    )  # fmt: skip
    return Merged(Outcome.KEEP if _same(look, now) else Outcome.WRITE, look)


def _part(seen: _Value, wanted: _Value, now: _Value) -> _Value | None:
    """Return what a part becomes; None where both sides changed it in different ways."""
    if wanted in (seen, now):
        return now
    return wanted if now == seen else None


def _same(one: Look | None, other: Look | None) -> bool:
    if one is None or other is None:
        return one is other
    return replace(one, corners=other.corners) == other and _near(one.corners, other.corners)


def _near(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(abs(ours - theirs) < _SAME for ours, theirs in zip(one, other, strict=True))
