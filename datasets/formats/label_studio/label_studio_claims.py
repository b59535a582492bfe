"""Several tasks of Label Studio about one picture: which of them counts, where that can be told."""

from dataclasses import dataclass, field

from datasets.formats.label_studio.label_studio_regions import drawing, say_the_same
from datasets.formats.label_studio.label_studio_tasks import Task
from datasets.reasons import Note, Reason
from datasets.repairs import Kind, Repairs


@dataclass(slots=True)
class Claim:
    """What a task in a file says of a picture.

    Args:
        agreement: how well the folders of the task's address fit the picture's.
        older: the files that say otherwise and are older -> how many boxes they have of it.
        rival: one that says otherwise, of which can't be told whether it is the right one.
        times: how often the same was said.
    """

    task: Task
    file: str
    agreement: tuple[int, ...] = ()
    older: dict[str, int] = field(default_factory=dict)
    rival: "Claim | None" = None
    times: int = 1

    @property
    def objects(self) -> int:
        return drawing(self.task.regions or [], None).objects

    @property
    def name(self) -> str:
        return self.task.paths[0] if self.task.paths else self.file

    def is_of_the_same_task(self, other: "Claim") -> bool:
        return self.task.number is not None and self.task.number == other.task.number

    def contradiction(self) -> Reason:
        """What it and its rival say, and what to do."""
        if self.rival and self.file != self.rival.file:
            return Reason(Note.OLDER_EXPORT_DISAGREES, {"one": self.file, "other": self.rival.file})
        if self.rival and self.is_of_the_same_task(self.rival):
            return Reason(Note.SEVERAL_ANNOTATIONS, {"file": self.file})
        return Reason(Note.SEVERAL_TASKS, {"file": self.file})

    def say_what_was_left(self, picture: str, repairs: Repairs) -> None:
        """Say which others there were."""
        elsewhere = {file: boxes for file, boxes in self.older.items() if file != self.file}
        if elsewhere:
            used = Reason(Note.OLDER_FILES_LEFT, {"file": self.file, "others": sorted(elsewhere)})
            repairs.add(Kind.OTHER_FILE_USED, picture, used, boxes=sum(elsewhere.values()))
        if self.task.regions is not None and (self.task.why or self.file in self.older):
            repairs.add(Kind.ONE_OF_SEVERAL, picture, self.task.why or Reason(Note.NEWEST_USED))
        if self.times > 1:
            repairs.add(Kind.LISTED_TWICE, picture, Reason(Note.SAME_REGIONS_AGAIN))


def settled(one: Claim, other: Claim) -> tuple[Claim, Claim | None]:
    """Of a claim to a picture and another the one that counts, and the other where its own picture isn't in the zip.

    The newer of one task's annotations counts. Of two tasks in a file, that one whose folders fit better does.
    """
    if one.is_of_the_same_task(other):
        return _newer(one, other), None
    if one.file == other.file and one.agreement != other.agreement:
        better, worse = (one, other) if one.agreement > other.agreement else (other, one)
        better.older |= {file: boxes for file, boxes in worse.older.items() if file != better.file}
        if worse.rival and worse.rival.file != better.file:
            better.rival = worse.rival
        return better, worse
    return _only_one(one, other), None


def _newer(one: Claim, other: Claim) -> Claim:
    before, after = one.task.changed, other.task.changed
    if before is None or after is None or before == after:
        return _only_one(one, other)
    newer, older = (one, other) if before > after else (other, one)
    newer.older, newer.times = one.older, one.times
    if _say_the_same(one, other):
        newer.times += 1
    else:
        newer.older[older.file] = newer.older.get(older.file, 0) + older.objects
    if one.rival and not newer.is_of_the_same_task(one.rival):
        newer.rival = one.rival
    return newer


def _only_one(one: Claim, other: Claim) -> Claim:
    """The one that is annotated, if the other is not; the first, where both say the same; the first with its rival."""
    if one.task.regions is None or other.task.regions is None:
        return other if one.task.regions is None else one
    if _say_the_same(one, other):
        one.times += 1
    else:
        one.rival = one.rival or other
    return one


def _say_the_same(one: Claim, other: Claim) -> bool:
    regions = one.task.regions, other.task.regions
    return regions[0] is not None and regions[1] is not None and say_the_same(regions[0], regions[1])
