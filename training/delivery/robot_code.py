"""The code with which a robot, a camera or a laptop runs a model, with the model's own names and numbers in it."""

import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import IO, cast

from django.http import Http404
from django.template import Context
from django.template.backends.django import Template
from django.template.loader import get_template

from detector.contract import catalog, model_variants
from training.delivery import model_downloads
from training.insight.thresholds import Threshold, threshold_of
from training.messages import model_words as messages
from training.models import TrainingJob

LABEL_FILE = "labels.txt"
_PIECE = 256 * 1024


@dataclass(frozen=True)
class Way:
    """One way to run a model. `key`: its name in addresses, and of its folder in templates/training/robot/.

    `files`: of code, each a template in that folder, which also holds steps.txt: what to do, one step a line.
    `device`: of model_variants.DEVICE_FILES, where the way needs that file of the model, a zip, and no other; else "".
    """

    key: str
    name: str
    files: tuple[str, ...]
    device: str = ""

    @property
    def tried(self) -> str:
        """Return how far this way was tried where the code was written, and how far it was not."""
        return messages.TRIED[self.key]


# The first is where a team begins that has used none yet. Those for old SDKs come last.
WAYS = (
    Way("limelight", "Limelight", ("FindWithLimelight.java",), device=model_variants.LIMELIGHT),
    Way("sdk-10", "Control Hub, FTC SDK 10 to 12", ("ModelDetector.java", "FindObjects.java", "dependency.gradle")),
    Way("python", "Raspberry Pi, Systemcore or laptop", ("find_objects.py",)),
    Way("sdk-9-java", "Old FTC SDK 7 to 9.2: Java", ("FindObjects.java", "FindObjectsOldSdk.java")),
    Way("sdk-9-blocks", "Old FTC SDK 7 to 9.2: Blocks", ()),
)


@dataclass(frozen=True)
class CodeFile:
    name: str
    text: str


@dataclass(frozen=True)
class RobotCode:
    """All that a team needs to run one file of a model in one way.

    `variant`: "" for the default file. `missing`: why the model has no file for this way's device, else "".
    """

    way: Way
    variant: str
    missing: str
    model_file: str
    labels: list[str]
    threshold: Threshold
    steps: list[str]
    files: list[CodeFile]

    @property
    def label_file(self) -> str:
        """One label a line, the first for class 0: the same as inside the model."""
        return "\n".join(self.labels)

    @property
    def archive_name(self) -> str:
        stem = self.model_file.removesuffix(model_variants.model_ending(self.variant))
        return f"{stem}-{'everything' if self.way.device else self.way.key}.zip"

    def file(self, name: str) -> str:
        """The text of the file of code, or of the label file. Raises Http404."""
        texts = {LABEL_FILE: self.label_file, **{each.name: each.text for each in self.files}}
        if name not in texts:
            raise Http404(messages.no_code_file(name, list(texts)))
        return texts[name]

    @property
    def read_me(self) -> str:
        """What to do with all of it, as plain text."""
        steps = "\n".join(f"{number}. {step}" for number, step in enumerate(self.steps, start=1))
        return f"{self.model_file}: {self.way.name}\n\n{steps}\n\n{messages.how_tested(self.way.tried)}\n"


@dataclass(frozen=True)
class Values:
    """What the templates of code may say. Text is written as a literal of the language that its name begins with."""

    model_file: str
    input_size: int
    threshold: str
    max_detections: int
    java_model_file: str
    java_labels: list[str]
    python_model_file: str
    python_labels: list[str]

    @classmethod
    def of(
        cls, model_file: str, input_size: int, labels: list[str], threshold: Threshold, max_detections: int
    ) -> "Values":
        return cls(
            model_file,
            input_size,
            threshold.text,
            max_detections,
            java_model_file=java_literal(model_file),
            java_labels=[java_literal(label) for label in labels],
            python_model_file=repr(model_file),
            python_labels=[repr(label) for label in labels],
        )


def way(key: str) -> Way:
    """Return the way of that key. Raises Http404."""
    for each in WAYS:
        if key == each.key:
            return each
    raise Http404(messages.no_robot_code(key, [each.key for each in WAYS]))


def of(job: TrainingJob, chosen: Way, variant: str = "") -> RobotCode:
    """The code for a file of a job that has one: the default file, or that of the variant. Raises Http404.

    A way for one device takes the file for that device, whatever the variant.
    """
    device = chosen.device
    model_downloads.stored_name(job, "" if device else variant)  # for its refusal alone
    missing = messages.NO_LIMELIGHT_FILE if device and not job.model_files.filter(variant=device).exists() else ""
    if not device and variant in model_variants.DEVICE_FILES:
        raise Http404(messages.is_for_a_device(variant))
    variant = device or variant
    name, threshold = model_downloads.filename(job, variant), threshold_of(job, variant)
    input_size = catalog.starting_model(job.starting_model).input_size
    values = Values.of(name, input_size, job.labels, threshold, job.max_detections)
    steps = rendered(chosen, "steps.txt", values).splitlines()
    files = [CodeFile(file, rendered(chosen, file, values)) for file in chosen.files]
    return RobotCode(chosen, variant, missing, name, job.labels, threshold, steps, files)


def java_literal(text: str) -> str:
    """The text as a Java string, in ASCII: a compiler reads it alike whatever encoding it takes the file to be in."""
    units = text.encode("utf-16-be", "surrogatepass")
    codes = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
    return f'"{"".join(map(_java_character, codes))}"'


def _java_character(code: int) -> str:
    if code in (ord('"'), ord("\\")):
        return f"\\{chr(code)}"
    if 0x20 <= code < 0x7F:
        return chr(code)
    # Java turns \uXXXX into the character before it looks for the end of the string, so not for a line break.
    return f"\\{code:03o}" if code < 0x80 else f"\\u{code:04x}"


def rendered(chosen: Way, file: str, values: Values) -> str:
    """A file of the way as plain text: the values stand in it as they are, and nothing is escaped for HTML."""
    template = cast(Template, get_template(f"training/robot/{chosen.key}/{file}")).template
    # Django marks all that it renders as safe HTML. The sum is plain text again, which a page escapes.
    return template.render(Context(asdict(values), autoescape=False)) + ""


def archive(job: TrainingJob, code: RobotCode) -> IO[bytes]:
    """A zip with the model, its labels, the code and what to do with them; on the disk, and gone when it is closed.

    Of a file for one device, which is a zip itself, it has what is inside.

    Raises Http404, with a sentence, where the model's file is gone.
    """
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - who sends it closes it
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as written:
        with model_downloads.opened(job, code.variant) as model:
            _add_model(written, model, code)
        for file in (CodeFile("README.txt", code.read_me), *code.files):
            _add(written, file.name, [file.text.encode()])
    stream.seek(0)
    return stream


def _add_model(written: zipfile.ZipFile, model: IO[bytes], code: RobotCode) -> None:
    """The model and its labels."""
    if not code.way.device:
        _add(written, code.model_file, _pieces(model))
        _add(written, LABEL_FILE, [code.label_file.encode()])
        return
    with zipfile.ZipFile(model) as inside:
        for name in inside.namelist():
            with inside.open(name) as member:
                _add(written, name, _pieces(member))


def _pieces(stream: IO[bytes]) -> Iterable[bytes]:
    return iter(lambda: stream.read(_PIECE), b"")


def _add(written: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    with written.open(name, "w") as target:
        for piece in pieces:
            target.write(piece)
