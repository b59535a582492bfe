"""The Java of the Robot code page, compiled and run against outlines of the classes that it calls.

outlines/ has of each class what our code uses, with the signatures of its library. Some of them act: their comments
say how.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory, add_model
from training.delivery import robot_code
from training.models import TrainingJob
from training.states import JobState

OUTLINES = Path(__file__).with_name("outlines")

pytestmark = pytest.mark.skipif(
    shutil.which("javac") is None, reason="There is no Java compiler: on Debian, apt-get install default-jdk-headless"
)


@pytest.fixture
def job(team: Team) -> TrainingJob:
    job = TrainingJobFactory(team=team, labels=["cone", "cube"], state=JobState.SUCCEEDED, steps_completed=300)
    add_model(job)
    return TrainingJob.objects.get(pk=job.pk)


def compiled(job: TrainingJob, folder: Path, *ways: str) -> Path:
    """Compile all code of these ways for Java 8, which OnBot Java and the SDK's Gradle files ask for."""
    sources = [file for file in OUTLINES.rglob("*.java") if file.name != "Play.java" or "limelight" in ways]
    for way in ways:
        for file in robot_code.of(job, robot_code.way(way)).files:
            if file.name.endswith(".java"):
                sources.append(folder / way / file.name)
                sources[-1].parent.mkdir(exist_ok=True)
                sources[-1].write_text(file.text)
    command = ["javac", "--release", "8", "-Xlint:all,-options,-path", "-Werror", "-d", folder / "classes", *sources]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return folder / "classes"


def test_the_programs_for_old_sdks_compile(job: TrainingJob, tmp_path: Path) -> None:
    compiled(job, tmp_path, "sdk-9-java")


def test_a_driver_station_shows_what_was_found_and_why_nothing_was(job: TrainingJob, tmp_path: Path) -> None:
    classes = compiled(job, tmp_path, "limelight", "sdk-10")
    ended = subprocess.run(["java", "-cp", classes, "Play"], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == [
        "Limelight sees two",
        "cone : 0.81, -3.3 degrees to the right, 1.5 up",
        "cube : 0.66, 10.0 degrees to the right, 0.0 up",
        "other : 0.50, 0.0 degrees to the right, 0.0 up",
        "---",
        "Limelight sees nothing",
        "Nothing in sight.",
        "---",
        "Limelight is slow",
        "The Limelight does not answer.",
        "---",
        "Limelight is unplugged",
        "The Limelight does not answer.",
        "---",
        "Control Hub",
        "cube : 0.90 at (480, 240)",
        "---",
    ]
