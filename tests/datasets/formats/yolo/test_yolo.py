"""YOLO as the tools of the world write it, and as nobody should."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from datasets import messages
from datasets.formats.common import picture_files as limits
from datasets.formats.yolo import yolo as yolo_format
from datasets.formats.yolo.yolo_matching import match
from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from datasets.split import Split
from tests.datasets.archives import annotation, one_frame, picture, sound_frames
from tests.datasets.formats.yolo.yolo_files import A_LINE, A_YAML, BALL, beside, two_folders
from tests.datasets.reading import detected, read


def test_roboflow(import_zip) -> None:
    """data.yaml names folders as seen from another place; a list of names."""
    files = two_folders() | {"test/images/t.jpg": picture(), "test/labels/t.txt": ""}
    files["data.yaml"] = (
        "train: ../train/images\nval: ../valid/images\ntest: ../test/images\n\nnc: 2\nnames: ['ball', 'cube']\n\n"
        "roboflow:\n  workspace: robo-raccoons\n  version: 3\n  url: https://example.org/3\n"
    )
    files["README.dataset.txt"] = "# game pieces > 2024-01-01\n"
    dataset = import_zip(files)
    assert (dataset.state, dataset.archive_format, dataset.repairs) == (Dataset.State.READY, "yolo", [])
    assert dataset.labels == ["ball"]
    assert [dataset.counts[split.value]["frames"] for split in Split] == [1, 2]
    frame = dataset.frames.get(split=Split.TRAINING)
    assert frame.boxes == [{"label": "ball", "box": [30 / 120, 20 / 160, 90 / 120, 80 / 160]}]


def test_roboflow_for_darknet() -> None:
    files = {f"{folder}/{folder} 1.jpg": picture() for folder in ("train", "valid")}
    files |= {f"{folder}/{folder} 1.txt": A_LINE for folder in ("train", "valid")}
    files |= {f"{folder}/_darknet.labels": "ball\ncube" for folder in ("train", "valid")}
    found = read(files)
    assert found.boxes == {"train/train 1.jpg": BALL, "valid/valid 1.jpg": BALL}
    assert list(found.splits.values()) == [Split.TRAINING, Split.EVALUATION]


def test_ultralytics() -> None:
    """Names as a mapping, `path`, the same picture names in both folders, and a name that YAML takes for a truth."""
    files: dict = {
        "cones/cones.yaml": "path: ../datasets/cones # root\ntrain: images/a\nval:\n  - images/b\n"
        "names:\n  0: no\n  3: 7001\n"
    }
    for folder, number in (("a", 0), ("b", 3)):
        files[f"cones/images/{folder}/1.jpg"] = picture()
        files[f"cones/labels/{folder}/1.txt"] = f"{number} 0.3125 0.5 0.375 0.5"
    found = read(files)
    assert found.boxes == {
        "cones/images/a/1.jpg": [("no", 20, 30, 80, 90)],
        "cones/images/b/1.jpg": [("7001", 20, 30, 80, 90)],
    }
    assert list(found.splits.values()) == [Split.TRAINING, Split.EVALUATION]
    assert found.repairs == []


def test_cvat_yolo_1_1() -> None:
    files = {
        "obj.data": "classes = 2\ntrain = data/train.txt\nvalid = data/valid.txt\nnames = data/obj.names\n",
        "obj.names": "ball\ncube\n",
        "train.txt": "data/obj_train_data/gym/frame_000001.PNG\n",
        "valid.txt": "data/obj_valid_data/frame_000002.PNG\n",
        "obj_train_data/gym/frame_000001.PNG": picture(kind="PNG"),
        "obj_train_data/gym/frame_000001.txt": A_LINE,
        "obj_valid_data/frame_000002.PNG": picture(kind="PNG"),
        "obj_valid_data/frame_000002.txt": "",
    }
    found = read(files)
    assert found.boxes == {"obj_train_data/gym/frame_000001.PNG": BALL, "obj_valid_data/frame_000002.PNG": []}
    assert list(found.splits.values()) == [Split.TRAINING, Split.EVALUATION]
    assert found.repairs == []


def test_cvat_for_ultralytics() -> None:
    """data.yaml names lists of pictures."""
    files = {
        "data.yaml": "names:\n  0: ball\npath: .\ntrain: one.txt\nval: other.txt\n",
        "one.txt": "data/images/default/1.jpg\n",
        "other.txt": "./images/default/2.jpg\n\n",
    }
    for name in ("1", "2"):
        files |= {f"images/default/{name}.jpg": picture(), f"labels/default/{name}.txt": A_LINE}
    found = read(files)
    assert list(found.splits.values()) == [Split.TRAINING, Split.EVALUATION]
    assert list(found.boxes.values()) == [BALL, BALL]


@pytest.mark.parametrize("prefix", ["3f0b91d2-", ""], ids=["its own pictures", "the person's own pictures"])
def test_label_studio(prefix: str) -> None:
    files = {
        "classes.txt": "ball\ncube",
        "notes.json": '{"categories": [{"id": 0, "name": "ball"}], "info": {"contributor": "Label Studio"}}',
        f"images/{prefix}größe é.JPG": picture(),
        "labels/3f0b91d2-größe é.txt": A_LINE,
    }
    assert read(files).boxes == {f"images/{prefix}größe é.JPG": BALL}


def test_labelimg() -> None:
    """Everything in one folder; each folder may have names of its own."""
    files = {f"red/{name}": content for name, content in beside().items()}
    files |= {f"blue/{name}": content for name, content in beside().items()}
    files["blue/classes.txt"] = "cube\nball\n"
    assert read(files).boxes == {"blue/a.jpg": [("cube", 20, 30, 80, 90)], "red/a.jpg": BALL}


def test_makesense_names_no_labels_and_the_person_is_told_which_file_to_add() -> None:
    files = {"my photo.jpg": picture(), "my photo.txt": A_LINE}
    with pytest.raises(
        DatasetRefused, match=r"Add a file “classes.txt” with one name on each line. The first line is number 0"
    ):
        read(files)
    assert read(files | {"labels.txt": "ball"}).boxes == {"my photo.jpg": BALL}


def test_labels_without_their_pictures() -> None:
    """As makesense.ai gives them."""
    with pytest.raises(DatasetRefused, match="The zip file has no pictures"):
        read({"a.txt": A_LINE, "b.txt": A_LINE})


def test_a_wrapping_folder_and_what_macos_adds() -> None:
    files = {f"my set/{name}": content for name, content in (two_folders() | {"data.yaml": A_YAML}).items()}
    files["__MACOSX/my set/train/labels/._train.txt"] = "\x00\x05\x16\x07"
    found = read(files)
    assert found.boxes == {"my set/train/images/train.jpg": BALL, "my set/valid/images/valid.jpg": BALL}
    assert found.repairs == []


@pytest.mark.parametrize(
    "line",
    [
        A_LINE,
        "  0.0\t0.3125  0.5 0.375 0.5  0.87 \r\n",
        "0 0.125 0.25 0.5 0.5 0.25 0.75",
        "0 0.125 0.25 0.5 0.25 0.5 0.75 0.125 0.75",
    ],
    ids=["a box", "with a certainty", "a polygon", "a turned box"],
)
def test_a_box_or_the_box_around_a_polygon(line: str) -> None:
    found = read(beside(f"\n{line}\n"))
    assert found.boxes == {"a.jpg": BALL}
    assert found.objects == {"a.jpg": 1}


def test_key_points_are_no_polygon() -> None:
    files = beside(A_LINE.strip() + " 0.9 0.9 2 0.1 0.1 2") | {"data.yaml": "kpt_shape: [2, 3]\nnames: [ball]"}
    assert read(files).boxes == {"a.jpg": BALL}


def test_a_line_without_a_known_label_or_box_is_counted_and_has_no_box(import_zip) -> None:
    lines = [
        A_LINE,
        "7 0.5 0.5 0.1 0.1",
        "0.5 0.5 0.5 0.1 0.1",
        "ball 0.5 0.5 0.1 0.1",
        "0 nan 0.5 0.1 0.1",
        "0 1 1",
        "0" * 8,
    ]
    files = beside("\n".join(lines)) | {"b.jpg": picture(), "b.txt": "ball 0.5 0.5 0.1 0.1"}
    found = read(files)
    assert found.boxes == {"a.jpg": BALL, "b.jpg": []}
    assert found.objects == {"a.jpg": 7, "b.jpg": 1}
    dataset = import_zip(files, eval_percent=0)
    assert [frame.filename for frame in dataset.frames.all()] == ["a.jpg"]


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_boxes_are_of_the_picture_as_it_is_shown(import_zip, orientation: int) -> None:
    dataset = import_zip(beside(**{"a.jpg": picture(orientation=orientation)}))
    assert dataset.frames.get().boxes == [{"label": "ball", "box": [0.25, 0.125, 0.75, 0.5]}]
    assert [messages.of_repair(entry) for entry in dataset.repairs] == ["We turned it upright."] * (orientation != 1)


def test_pictures_without_a_line_or_a_file_are_negative() -> None:
    found = read(beside() | {"empty.jpg": picture(), "empty.txt": "\n", "unlabeled.JPG": picture()})
    assert found.objects == {"a.jpg": 1, "empty.jpg": 0, "unlabeled.JPG": 0}
    assert found.repairs == []


def test_two_pictures_that_share_a_label_file_are_left_out_and_said() -> None:
    found = read(beside() | {"b.jpg": picture(), "b.png": picture(kind="PNG"), "b.txt": A_LINE})
    assert found.boxes == {"a.jpg": BALL}
    why = "“b.txt” could belong to “b.jpg” or “b.png”. Give each picture its own name."
    assert found.repairs == [
        ("annotation_skipped", "b.txt", why),
        *(("unclear", f"b.{it}", why) for it in ("jpg", "png")),
    ]


def test_a_set_of_such_pictures_alone_is_refused_with_their_names() -> None:
    with pytest.raises(DatasetRefused, match=r"“a.txt” could belong to “a.jpg” or “a.png”"):
        read(beside() | {"a.png": picture(kind="PNG")})


def test_label_files_with_the_whole_name_of_the_picture_tell_them_apart() -> None:
    """Some converters append .txt."""
    files = {"i/a.jpg": picture(), "i/a.png": picture(kind="PNG"), "classes.txt": "ball\ncube"}
    files |= {"x/a.jpg.txt": A_LINE, "x/a.png.txt": A_LINE.replace("0", "1", 1)}
    found = read(files)
    assert found.boxes == {"i/a.jpg": BALL, "i/a.png": [("cube", 20, 30, 80, 90)]}
    assert read({name.replace("x/", "i/"): content for name, content in files.items()}).boxes == found.boxes


def test_names_that_differ_in_the_case_of_letters_alone_are_two() -> None:
    files = {"A.jpg": picture(), "a.jpg": picture(), "A.txt": A_LINE, "a.txt": A_LINE.replace("0", "1", 1)}
    assert read(files | {"classes.txt": "ball\ncube"}).boxes == {"A.jpg": BALL, "a.jpg": [("cube", 20, 30, 80, 90)]}


def test_letters_of_another_case_are_as_good_where_there_is_one() -> None:
    files = {"Images/A.JPG": picture(), "LABELS/a.TXT": A_LINE, "classes.txt": "ball"}
    assert read(files).boxes == {"Images/A.JPG": BALL}


def test_a_label_file_of_one_folder_is_never_given_to_a_picture_of_another() -> None:
    """Frames of two videos have the same names, and one picture was deleted."""
    files = two_folders() | {"data.yaml": A_YAML, "valid/images/2.jpg": picture(), "train/labels/2.txt": A_LINE}
    found = read(files)
    assert found.boxes == {"train/images/train.jpg": BALL, "valid/images/valid.jpg": BALL}
    assert [(kind, file) for kind, file, _ in found.repairs] == [
        ("annotation_skipped", "train/labels/2.txt"),
        ("unclear", "valid/images/2.jpg"),
    ]


def test_a_label_file_that_may_be_for_several_pictures_is_for_none() -> None:
    files = beside() | {"x/1.jpg": picture(), "y/1.jpg": picture(), "labels/1.txt": A_LINE}
    found = read(files)
    assert found.boxes == {"a.jpg": BALL}
    assert [file for kind, file, _ in found.repairs if kind == "unclear"] == ["x/1.jpg", "y/1.jpg"]
    assert read(files | {"labels/y/1.txt": A_LINE}).boxes["y/1.jpg"] == BALL


def test_label_files_that_belong_to_no_picture_are_the_reason_of_the_refusal() -> None:
    with pytest.raises(DatasetRefused, match=r"No label file matches a picture, for example “b.txt”"):
        read({"a.jpg": picture(), "b.txt": A_LINE, "classes.txt": "ball"})


def test_label_files_of_one_name_are_matched_in_a_moment() -> None:
    """However many folders there are."""
    pictures = [f"pictures{number}/1.jpg" for number in range(90)]
    texts = [f"texts{number}/1.txt" for number in range(2000)]
    before = time.process_time()
    assert len(match(pictures, texts, frozenset(texts)).unclear) == 90
    assert time.process_time() - before < 5
    with pytest.raises(DatasetRefused, match="more than 100 pictures named “1”"):
        match(pictures + [f"more{number}/1.jpg" for number in range(11)], texts, frozenset(texts))


A_BOX = "0 0.3125 0.5 0.375 0.5"


@pytest.mark.parametrize(
    "lines",
    [
        [f"{A_BOX} 7"],
        [f"{A_BOX} 0.9 17"],
        [f"{A_BOX} 0.9 1", f"{A_BOX} 0.8 2"],
        [f"{A_BOX} 0.9 1", f"{A_BOX} 0.8 1"],
        ["0 0.125 0.25 0.5 0.25 0.5 0.75 0.125 0.75 0.9 2"],
        [A_BOX.replace(".", ",")],
        [A_BOX.replace(" ", ", ")],
        [A_BOX.replace(" ", ",")],
    ],
    ids=["track", "confidence and track", "two tracks", "one track", "turned box", "decimal commas", "commas", "csv"],
)
def test_lines_of_trackers_and_of_other_countries_are_boxes(lines: list[str]) -> None:
    files = beside("\n".join(lines))
    assert detected(files) == "yolo"
    assert read(files).boxes == {"a.jpg": BALL * len(lines)}


def test_triangles_stay_triangles() -> None:
    """Also those that end at the border of the picture, where the set has others."""
    files = beside("0 0.125 0.25 0.5 0.5 0.25 0.75\n0 0.3125 0.25 0.375 0.5 0.5 1")
    assert read(files).boxes == {"a.jpg": [*BALL, ("ball", 50, 30, 80, 120)]}


@pytest.mark.parametrize("more", ["", f"\n{A_BOX} 0.9 5\n0 0.125 0.25 0.5 0.5 0.25 0.75"])
def test_a_line_that_may_be_either_is_not_guessed(more: str) -> None:
    with pytest.raises(DatasetRefused, match=r"“a.txt” has lines that could be polygons or boxes"):
        read(beside(f"{A_BOX} 0.9 1{more}"))


def test_lists_of_names_that_contradict_each_other_are_said() -> None:
    """Numbers were given anew, and one of the files was forgotten."""
    found = read(beside(**{"data.yaml": "names: [cube, ball]"}))
    assert found.boxes == {"a.jpg": [("cube", 20, 30, 80, 90)]}
    assert found.repairs == [
        ("names_differ", "classes.txt", "It calls label 0 “ball”. We used “data.yaml”, which calls it “cube”.")
    ]


def test_a_label_file_without_its_picture_is_said() -> None:
    assert read(beside() | {"gone.txt": A_LINE, "old/a.txt": A_LINE}).repairs == [
        ("annotation_skipped", "gone.txt", "Its picture isn't in the zip file."),
        ("annotation_skipped", "old/a.txt", "Its picture has another annotation."),
    ]


def test_a_damaged_picture_does_not_end_the_import(import_zip) -> None:
    files = sound_frames(0) | beside()
    for number in range(11):
        files |= {f"{number}.jpg": picture(), f"{number}.txt": A_LINE}
    dataset = import_zip(files | {"b.jpg": b"no picture", "b.txt": A_LINE})
    assert dataset.state == Dataset.State.READY, dataset.error
    assert [repair["file"] for repair in dataset.repairs] == ["b.jpg"]


@pytest.mark.parametrize(
    "stray",
    [
        {"classes.txt": "ball\ncube\n"},
        {"data.yaml": A_YAML},
        {"ImageSets/Main/train.txt": "a\n", "ImageSets/Main/ball_train.txt": "a 1\n"},
        {"a.txt": "a red ball on the floor\n"},
        {"calibration.txt": "1 640.5 480.5 0 0\n"},
        {"poses.txt": "0.5 0.1 0.2 0.3 0.4\n"},
    ],
)
def test_other_files_are_not_taken_for_labels(stray: dict) -> None:
    assert detected(one_frame(picture(), BALL) | stray) == "voc"


def test_annotations_in_two_formats_need_a_choice() -> None:
    files = beside() | {"a.xml": annotation("a.jpg", BALL)}
    with pytest.raises(DatasetRefused, match=r"more than one format: Pascal VOC \(“a.xml”\) and YOLO \(“a.txt”\)"):
        detected(files)
    assert read(files, "yolo").boxes == {"a.jpg": BALL}


def test_a_zip_without_yolo_says_what_to_export() -> None:
    with pytest.raises(DatasetRefused, match=r"no YOLO labels .* Export them as YOLO"):
        read(one_frame(picture(), BALL), "yolo")


def test_too_many_boxes(monkeypatch) -> None:
    monkeypatch.setattr(yolo_format, "MAX_BOXES", 3)
    monkeypatch.setattr(limits, "MAX_BOXES", 3)
    with pytest.raises(DatasetRefused, match=r"have more than 3 boxes. Split them into several datasets."):
        read(beside(A_LINE * 4))


LINES = st.lists(
    st.integers(0, 2).map(str) | st.floats().map(repr) | st.floats(0, 1).map(repr) | st.text(max_size=3), max_size=8
).map(" ".join)
TEXTS = st.lists(LINES, max_size=4).map("\n".join) | st.text() | st.binary()


YAMLS = TEXTS | TEXTS.map(lambda text: f"names: {text!s}\ntrain: {text!s}")


def assert_it_names_a_file(refused: DatasetRefused) -> None:
    assert "“data.yaml”" in str(refused) or "“classes.txt”" in str(refused)


@settings(max_examples=150)
@given(label=TEXTS, names=TEXTS, yaml=st.just({}) | YAMLS.map(lambda text: {"data.yaml": text}))
@example(label=b"\xff\xfe\x00", names=b"\xff\xfe", yaml={"data.yaml": b"names: [\xff]"})
def test_any_texts_in_its_files_end_in_samples_or_a_sentence(
    label: str | bytes, names: str | bytes, yaml: dict
) -> None:
    files = {"b.jpg": picture(), "b.txt": A_LINE, "a.jpg": picture(), "a.txt": label, "classes.txt": names}
    try:
        found = [sample.filename for sample in read(files | yaml, "yolo").samples]
    except DatasetRefused as refused:
        assert_it_names_a_file(refused)
    else:
        assert found == ["a.jpg", "b.jpg"]
