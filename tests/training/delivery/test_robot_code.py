"""The Robot code page and its downloads: the model's names and numbers in code that stays valid."""

import ast
import io
import re
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from django.utils.html import strip_tags
from hypothesis import example, given
from hypothesis import strategies as st

from ftcml.accounts.models import Team
from ftcml.core.files import storage
from tests.factories import DatasetFactory, TrainingJobFactory, add_best, add_model
from training.delivery import robot_code
from training.delivery.robot_code import Values
from training.insight.thresholds import Threshold, threshold_of
from training.models import ModelFile, TrainingJob
from training.states import JobState

# What must not end a string early, or end it never.
NASTY = [
    'say "cone"',
    "it's",
    "C:\\users",
    "\\u0022;",
    "two\nlines",
    "Würfel 🤖",
    "*/",
    "{{ label }}",
    "<b>",
    "L" * 500,
]
labels = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@pytest.fixture
def job(team: Team, tmp_path: Path) -> TrainingJob:
    """A trained model with two variants, a file for Limelight and a measured threshold."""
    job = TrainingJobFactory(
        team=team, description="Cone finder", labels=["cone", "cube"], state=JobState.SUCCEEDED, steps_completed=400
    )
    job.checkpoints.create(step=300, lease_number=1, summary={"threshold": 0.437})
    add_best(job, 300)
    job.checkpoints.create(step=400, lease_number=1, summary={"threshold": 0.61})
    for variant in ("float32", "int8", ModelFile.NEWEST):
        name = f"{job.prefix}/{variant}.tflite"
        (tmp_path / variant).write_text(f"the {variant} file")
        storage.put(name, tmp_path / variant)
        add_model(job, variant, default=variant == "float32", step=400 if variant == ModelFile.NEWEST else 300)
    with zipfile.ZipFile(tmp_path / "limelight", "w") as archive:
        archive.writestr("limelight_neural_detector_8bit.tflite", "the file for Limelight")
        archive.writestr("labels.txt", "cone\ncube")
    limelight = add_model(job, "limelight", name=f"{job.prefix}/limelight.zip", default=False, step=300)
    storage.put(limelight.name, tmp_path / "limelight")
    return TrainingJob.objects.get(pk=job.pk)


def page_of(client: Client, job: TrainingJob, **query: str) -> str:
    """The text of the page, without tags and line breaks."""
    response = client.get(f"/models/{job.pk}/robot-code/", query)
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode().replace("<", " <")).split())


def code(client: Client, job: TrainingJob, way: str, file: str, **query: str) -> str:
    return client.get(f"/models/{job.pk}/robot-code/{way}/{file}", query).content.decode()


def test_the_page_shows_the_file_the_labels_and_the_threshold(member_client: Client, job: TrainingJob) -> None:
    page = page_of(member_client, job, way="python")
    assert "Model file cone-finder.tflite" in page
    assert "Labels, in this order cone cube labels.txt" in page
    assert "Suggested minimum confidence 0.44 Your robot should ignore boxes with a lower confidence." in page
    assert "How we tested this." in page


@pytest.mark.parametrize("way", [way.key for way in robot_code.WAYS])
def test_each_way_has_its_steps_and_its_files(way: str, member_client: Client, job: TrainingJob) -> None:
    page = page_of(member_client, job, way=way)
    chosen = robot_code.way(way)
    assert chosen.tried in page.replace("&#x27;", "'")
    for file in chosen.files:
        assert f"{file} Copy Download" in page
        assert code(member_client, job, way, file)


def test_a_team_begins_with_a_limelight_and_old_sdks_come_last(member_client: Client, job: TrainingJob) -> None:
    page = page_of(member_client, job)
    assert "How we tested this. " + robot_code.way("limelight").tried in page.replace("&#x27;", "'")
    assert [way.key for way in robot_code.WAYS[-2:]] == ["sdk-9-java", "sdk-9-blocks"]
    assert "1. For teams that stay on an old SDK" in robot_code.of(job, robot_code.way("sdk-9-java")).read_me


def test_the_page_says_what_other_cameras_take(member_client: Client, job: TrainingJob) -> None:
    dataset = DatasetFactory(team=job.team, description="Cones of May")
    job.datasets.add(dataset)
    page = page_of(member_client, job)
    assert "Download your frames as YOLO to train one with a YOLO program: Cones of May" in page
    assert "This model has no ONNX file." in page
    add_model(job, "onnx-raw")
    shown = member_client.get(f"/models/{job.pk}/robot-code/").content.decode()
    assert f'href="/models/{job.pk}/model.tflite?variant=onnx-raw"' in shown
    assert f'href="/datasets/{dataset.pk}/download/?format=yolo"' in shown


@pytest.mark.parametrize("key", ["sdk-9-java/FindObjects.java", "sdk-9-java/FindObjectsOldSdk.java",
                                 "sdk-10/ModelDetector.java", "python/find_objects.py"])  # fmt: skip
def test_the_code_has_the_names_and_numbers_of_the_model(key: str, member_client: Client, job: TrainingJob) -> None:
    text = code(member_client, job, *key.split("/"))
    for expected in ("cone-finder.tflite", "cone", "cube", "MINIMUM_CONFIDENCE = 0.44"):
        assert expected in text


def test_another_file_brings_its_own_name_and_threshold(member_client: Client, job: TrainingJob) -> None:
    assert "cone-finder-int8.tflite" in code(member_client, job, "python", "find_objects.py", variant="int8")
    newest = code(member_client, job, "python", "find_objects.py", variant="newest")
    assert "cone-finder-newest.tflite" in newest
    assert "MINIMUM_CONFIDENCE = 0.61" in newest
    page = page_of(member_client, job, way="python", variant="int8")
    assert "int8: 8-bit weights and calculations" in page
    assert "cone-finder-int8.tflite" in page


@pytest.mark.parametrize(
    ("summary", "text", "is_measured"),
    [
        ({"threshold": 0.29}, "0.29", True),
        ({"threshold": 0.436}, "0.44", True),
        ({"threshold": 0.0004}, "0.01", True),
        ({"threshold": 1.0}, "1.00", True),
        ({"threshold": None}, "0.50", False),
        (None, "0.50", False),
    ],
)
def test_the_threshold_is_that_of_the_results_or_the_usual_one(job: TrainingJob, summary, text, is_measured) -> None:
    job.checkpoints.filter(step=300).update(summary=summary)
    threshold = threshold_of(job)
    assert (threshold.text, threshold.is_measured) == (text, is_measured)


def test_a_threshold_that_was_not_measured_is_called_so(member_client: Client, job: TrainingJob) -> None:
    job.checkpoints.all().delete()
    assert " Minimum confidence 0.50 We can't suggest one for this model." in page_of(member_client, job)


def test_the_label_file_is_the_one_inside_the_model(member_client: Client, job: TrainingJob) -> None:
    response = member_client.get(f"/models/{job.pk}/robot-code/python/labels.txt")
    assert response.content == b"cone\ncube"
    assert response["Content-Disposition"] == 'attachment; filename="labels.txt"'


def test_the_zip_holds_all_that_a_way_needs(member_client: Client, job: TrainingJob) -> None:
    response = member_client.get(f"/models/{job.pk}/robot-code/sdk-10.zip?variant=int8")
    assert response["Content-Disposition"] == 'attachment; filename="cone-finder-int8-sdk-10.zip"'
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(texts) == {
        "cone-finder-int8.tflite", "labels.txt", "README.txt", "ModelDetector.java", "FindObjects.java",
        "dependency.gradle",
    }  # fmt: skip
    assert texts["cone-finder-int8.tflite"] == "the int8 file"
    assert "3. Make the folder TeamCode/src/main/assets and put cone-finder-int8.tflite into it." in texts["README.txt"]


def test_a_limelight_gets_its_own_file_whatever_the_variant(member_client: Client, job: TrainingJob) -> None:
    page = page_of(member_client, job, way="limelight", variant="int8")
    assert "Model file cone-finder-limelight.zip limelight: int8 in a zip, for a Limelight or a Coral" in page
    response = member_client.get(f"/models/{job.pk}/robot-code/limelight.zip")
    assert response["Content-Disposition"] == 'attachment; filename="cone-finder-limelight-everything.zip"'
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        assert archive.read("limelight_neural_detector_8bit.tflite") == b"the file for Limelight"
        assert {*archive.namelist()} >= {"labels.txt", "README.txt", "FindWithLimelight.java"}


def test_a_model_from_before_there_were_files_for_a_limelight_says_so(member_client: Client, job: TrainingJob) -> None:
    job.model_files.filter(variant="limelight").delete()
    page = page_of(member_client, job, way="limelight")
    assert "This model has no file for a Limelight or a Coral" in page
    assert "For the robot Download Everything" not in page
    assert "FindWithLimelight.java Copy Download" in page
    assert member_client.get(f"/models/{job.pk}/robot-code/limelight.zip").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "?way=abacus",
        "?way=python&variant=int4",
        "?way=python&variant=limelight",
        "abacus.zip",
        "python/other.py",
        "abacus/labels.txt",
    ],
)
def test_what_is_not_there_is_not_found(address: str, member_client: Client, job: TrainingJob) -> None:
    assert member_client.get(f"/models/{job.pk}/robot-code/{address}").status_code == 404


@pytest.mark.parametrize(
    ("state", "sentences"),
    [
        (
            JobState.RUNNING,
            ("can download the model when its training has ended", "find code for your robot here"),
        ),
        (
            JobState.TRY_AGAIN_LATER,
            ("can download the model when its training has ended", "find code for your robot here"),
        ),
        (JobState.CANCELED, ("This training ended without a model.", "click Start Training")),
        (JobState.FAILED, ("This training ended without a model.", "click Start Training")),
    ],
)
def test_without_a_model_the_page_says_what_to_do_first(
    member_client: Client, team: Team, state: JobState, sentences: tuple[str, ...]
) -> None:
    job = TrainingJobFactory(team=team, state=state)
    page = page_of(member_client, job)
    assert all(sentence in page for sentence in sentences)
    assert member_client.get(f"/models/{job.pk}/robot-code/python.zip").status_code == 404


def test_a_model_whose_file_is_being_made_says_so(member_client: Client, team: Team) -> None:
    job = TrainingJobFactory(team=team, state=JobState.STOPPED, steps_completed=200)
    job.checkpoints.create(step=200, lease_number=1, folder=f"{job.prefix}/checkpoint-000200")
    page = page_of(member_client, job)
    assert "We're packaging this model." in page.replace("&#x27;", "'")
    assert "find code for your robot here" in page


def test_no_label_breaks_the_page_or_the_python(member_client: Client, job: TrainingJob) -> None:
    TrainingJob.objects.filter(pk=job.pk).update(labels=NASTY)
    shown = member_client.get(f"/models/{job.pk}/robot-code/?way=python").content.decode()
    assert "<b>" not in shown
    assert _assigned(code(member_client, job, "python", "find_objects.py"), "LABELS") == NASTY
    java = code(member_client, job, "sdk-10", "ModelDetector.java")
    assert [_java_value(line) for line in _java_labels(java)] == NASTY


@given(st.lists(labels, min_size=1))
def test_python_code_compiles_and_keeps_each_label(names: list[str]) -> None:
    text = _python_with(names)
    compile(text, "find_objects.py", "exec")
    assert _assigned(text, "LABELS") == names


@given(labels)
@example("\\u0041")
@example("\\\\u000a")
@example("ends with \\")
def test_a_java_string_is_one_literal_that_keeps_the_label(name: str) -> None:
    literal = robot_code.java_literal(name)
    assert literal.isascii()
    assert literal.isprintable()
    assert _java_value(literal) == name


def _python_with(names: list[str]) -> str:
    """find_objects.py of a model with these labels, made without a database."""
    values = Values.of("m.tflite", 320, names, Threshold(0.5, step=0, is_measured=False), 25)
    return robot_code.rendered(robot_code.way("python"), "find_objects.py", values)


def _assigned(program: str, name: str) -> object:
    """The value of a constant of a Python program."""
    for statement in ast.parse(program).body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == name:
            return ast.literal_eval(statement.value)
    raise AssertionError(f"{name} is not there")


def _java_labels(program: str) -> list[str]:
    """The lines between the braces of LABELS, each a literal."""
    inside = re.search(r"LABELS = \{\n(.*?)\n    \};", program, re.DOTALL)[1]
    return [line.strip().removesuffix(",") for line in inside.split("\n")]


def _java_value(literal: str) -> str:
    """What javac makes of a string literal (JLS 3.3 and 3.10): first \\uXXXX, then the quotes and other escapes."""
    translated = re.sub(r"(?<!\\)((?:\\\\)*)\\u([0-9a-f]{4})", lambda found: found[1] + chr(int(found[2], 16)), literal)
    inside = re.fullmatch(r'"((?:[^"\\\r\n]|\\["\\]|\\[0-3][0-7]{2})*)"', translated)[1]
    plain = re.sub(
        r'\\(["\\]|[0-7]{3})', lambda found: found[1] if len(found[1]) == 1 else chr(int(found[1], 8)), inside
    )
    return plain.encode("utf-16", "surrogatepass").decode("utf-16")
