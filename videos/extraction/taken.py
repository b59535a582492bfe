"""What comes out of a video or a set of pictures, on its way to rows and files."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class TakenFrame:
    """A frame with its picture. `number_in_video`, `seconds`: None for a picture; `filename`: "" for a video's."""

    jpeg: bytes
    width: int
    height: int
    fingerprint: str
    number_in_video: int | None = None
    seconds: float | None = None
    filename: str = ""


class Source(Protocol):
    """Frames in their order, the same each time. `total`: about how many there will be."""

    total: int

    def frames(self) -> Iterator[TakenFrame]:
        """Yield the frames that are not stored yet. Raises VideoRefused, perhaps only after some of them."""
        ...

    def facts(self) -> dict[str, Any]:
        """Return what the row of the video says of it, as far as it's known now."""
        ...
