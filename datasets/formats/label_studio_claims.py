"""Several tasks of Label Studio about one picture: which of them counts, where that can be told."""

from dataclasses import dataclass, field

from datasets.formats.label_studio_regions import drawing, say_the_same
from datasets.formats.label_studio_tasks import Task
from datasets.repairs import Kind, Repairs


@dataclass(slots=True)
class Claim:
    """What a task in a file says of a picture.

    Args:
        agreement: how well the folders of the task's address fit the picture's.
        older: those that it goes before, as they are older or were never annotated.
        rival: one that says otherwise, of which can't be told whether it is the right one.
        times: how often the same was said.
    """

    task: Task
    file: str
    agreement: tuple[int, ...] = ()
    older: "list[Claim]" = field(default_factory=list)
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

    def contradiction(self) -> str:
        """What it and its rival say, and what to do."""
        if self.rival and self.file != self.rival.file:
            return (
                f"“{self.file}” and “{self.rival.file}” say different things of it. Leave the one that is out of date "
                "out of the zip, then import it again."
            )
        if self.rival and self.is_of_the_same_task(self.rival):
            return (
                f"“{self.file}” holds several annotations of it, and doesn't say which is the newest. Delete all but "
                "one in Label Studio, then export the project again."
            )
        return (
            f"More than one task of “{self.file}” may be about it. Delete all but one in Label Studio, or give each "
            "picture a name of its own, then export the project again."
        )

    def say_what_was_left(self, picture: str, repairs: Repairs) -> None:
        """Say which others there were."""
        elsewhere = sorted({one.file for one in self.older if one.file != self.file})
        if elsewhere:
            lost = sum(one.objects for one in self.older if one.file != self.file)
            text = f"“{self.file}” was used, the newest; {_quoted(elsewhere)} said other things."
            repairs.add(Kind.OTHER_FILE_USED, picture, text, boxes=lost)
        if self.task.why or len(elsewhere) < len({one.file for one in self.older}):
            why = self.task.why or "Several people annotated it. The newest was used."
            repairs.add(Kind.ONE_OF_SEVERAL, picture, why)
        if self.times > 1:
            repairs.add(Kind.LISTED_TWICE, picture, "Listed more than once, each time with the same regions.")


def settled(one: Claim, other: Claim) -> tuple[Claim, Claim | None]:
    """Of two claims to a picture the one that counts, and the other where its own picture isn't in the zip.

    The newer of one task's annotations counts. Of two tasks in a file, that one whose folders fit better does.
    """
    if one.is_of_the_same_task(other):
        return _newer(one, other), None
    if one.file == other.file and one.agreement != other.agreement:
        better, worse = (one, other) if one.agreement > other.agreement else (other, one)
        return better, worse
    return _only_one(one, other), None


def _newer(one: Claim, other: Claim) -> Claim:
    times = one.task.changed, other.task.changed
    if None in times or times[0] == times[1]:
        return _only_one(one, other)
    newer, older = sorted((one, other), key=lambda claim: -(claim.task.changed or 0.0))
    newer.older += [*older.older, older]
    if older.rival and not newer.is_of_the_same_task(older.rival):
        newer.rival = older.rival
    return newer


def _only_one(one: Claim, other: Claim) -> Claim:
    """The one that is annotated, if the other is not; the first, where both say the same; the first with its rival."""
    if one.task.regions is None or other.task.regions is None:
        return other if one.task.regions is None else one
    if say_the_same(one.task.regions, other.task.regions):
        one.times += 1
    else:
        one.rival = one.rival or other
    return one


def _quoted(files: list[str]) -> str:
    return ", ".join(f"“{file}”" for file in files)
