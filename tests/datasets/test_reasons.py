"""Why an import failed is a code with params. Words are made when they are shown, those of earlier versions too."""

from collections.abc import Iterator
from typing import Any

import pytest

from datasets import messages
from datasets.messages.failures import FAILURES
from datasets.messages.notes import NOTES
from datasets.models import Dataset
from datasets.reasons import Code, Note, Reason
from datasets.refusals import DatasetInUse, DatasetRefused
from tests.earlier_versions import before_migration, upgrade

OPERATOR = "Ada, room 12"

# Sentences as the version before codes wrote them, and what they became.
EARLIER = [
    (
        "The zip holds more than 29,000 files. Split it into several datasets.",
        Reason("too_many_files", {"most": 29000}),
    ),
    (
        "“set/a.jpg” unpacks to more than 200 times its size, as no photographs do. Make the zip again from real ones.",
        Reason("file_packed_too_well", {"file": "set/a.jpg", "times": 200}),
    ),
    (
        "“big.xml” is larger than 4 MB, the most that one file of its kind may have.",
        Reason("file_too_large", {"file": "big.xml", "megabytes": 4}),
    ),
    ("“a.json” is damaged in the zip. Make the zip again.", Reason("file_damaged", {"file": "a.json"})),
    ("The zip holds no picture (.jpg, .png).", Reason("no_picture", {"endings": ".jpg, .png"})),
    (
        "The annotations hold more than 1,000,000 regions. Split the set into several.",
        Reason("too_many_entries", {"most": 1000000, "what": "regions"}),
    ),
    (
        "“a.json” is damaged, or no JSON. Export the set again.",
        Reason("json_damaged", {"file": "a.json", "format": "coco"}),
    ),
    (
        "“a.json” is damaged, or no JSON. Export the project again.",
        Reason("json_damaged", {"file": "a.json", "format": "studio"}),
    ),
    (
        "“a.json” has an entry of more than 100,000 values. Export the set again.",
        Reason("json_entry_too_large", {"file": "a.json", "most": 100000, "format": "coco"}),
    ),
    (
        "“old.json” and “new.json” both say where the objects in “a.jpg” are, and not the same. Leave the older of the "
        "two files out of the zip, then import it again.",
        Reason("files_contradict", {"one": "new.json", "other": "old.json", "picture": "a.jpg"}),
    ),
    (
        "“1.txt” may belong to “images/1.jpg” or “images/1.png”. Give each picture its own name.",
        Reason("label_file_of_two_pictures", {"file": "1.txt", "one": "images/1.jpg", "other": "images/1.png"}),
    ),
    (
        "“a.jpg” and “b.jpg” may both be frame 7 of “annotations.xml”. Import each video as a dataset of its own.",
        Reason("one_frame_of_two", {"one": "a.jpg", "other": "b.jpg", "frame": 7, "file": "annotations.xml"}),
    ),
    (
        "“a.jpg”: It has more than 89.5 million pixels, the most that one picture may have: skipped. No other picture "
        "is left.",
        Reason("picture_too_large", {"file": "a.jpg", "megapixels": 89.5}),
    ),
    (
        "More than one in ten of the 19 pictures cannot be read; “a.jpg” is one of them. Get the pictures again from "
        "where they came from.",
        Reason("too_many_unreadable", {"pictures": 19, "file": "a.jpg"}),
    ),
    (
        "The set has 1,203 different labels; 200 is the most it may have.",
        Reason("too_many_labels", {"labels": 1203, "most": 200}),
    ),
    (
        "This zip file needs more than the 2.1 GB of memory that one import may use. Split it into smaller zip files, "
        "make very large pictures smaller, and import each zip file.",
        Reason("too_much_memory", {"gigabytes": 2.1}),
    ),
    (
        f"The import was cut off 3 times. Perhaps the server has too little memory for these pictures. Ask {OPERATOR}.",
        Reason("cut_off", {"attempts": 3}),
    ),
    (
        f"The server has lost files of this dataset. Import it again, and tell {OPERATOR}.",
        Reason("files_lost"),
    ),
    (
        "The server's file storage does not answer. Try again in a few minutes; if it still does not, tell "
        f"{OPERATOR}. Then import the file again.",
        Reason("storage_is_away"),
    ),
    (
        f"Something in the server broke during the import. Try again, or ask {OPERATOR}.",
        Reason("server_broke"),
    ),
    (
        "3 boxes name pictures that aren't in this zip, for example “a.jpg”. {Braces} are kept.",
        Reason(
            "other", {"text": "3 boxes name pictures that aren't in this zip, for example “a.jpg”. {Braces} are kept."}
        ),
    ),
]


def test_each_code_has_its_words() -> None:
    assert set(FAILURES) == set(Code)
    assert set(NOTES) == set(Note)
    assert not {*Code} & {*Note}


@pytest.mark.parametrize("code", [*Code, *Note])
def test_a_page_does_not_fail_for_params_that_were_not_kept(code: str) -> None:
    assert messages.words(Reason(code))


def test_a_code_of_a_later_version_has_no_words() -> None:
    assert messages.words(Reason("of_tomorrow", {"file": "a.jpg"})) == ""


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        (
            DatasetRefused(Code.SEVERAL_FORMATS, found=[["coco", ["a.json"], 1], ["yolo", ["1.txt", "2.txt"], 9]]),
            "The zip file has annotations in more than one format: COCO (“a.json”) and YOLO (“1.txt”, “2.txt”, … 9 "
            "files). Import it again and choose a format.",
        ),
        (
            DatasetRefused(Code.UNKNOWN_FORMAT, format="zip", known=["voc", "studio"]),
            "The format “zip” isn't supported. Choose one of these: Pascal VOC (“voc”), Label Studio JSON (“studio”).",
        ),
        (
            DatasetRefused(Code.UNPACKS_TO_TOO_MUCH, bytes=8 * 1024**3),
            "The zip file unpacks to more than 8 GB. Split it into smaller zip files.",
        ),
        (
            DatasetRefused(Code.NO_BOX_PICTURES_MISSING, boxes=1, files=1, example="a.jpg"),
            "1 box names a picture that isn't in the zip file, for example “a.jpg”. Add the pictures "
            "under the names in the annotations.",
        ),
        (
            DatasetRefused(Code.NO_BOX_ALL_DROPPED, boxes=1200, files=3, example="a.jpg"),
            "1,200 boxes have no label or no area inside their picture, for example in “a.jpg”. Fix that in your "
            "labeling tool, then export again.",
        ),
        (
            DatasetInUse(Code.IN_USE, dataset="cones", models=["one", "two"]),
            "“cones” was used to train “one” and “two”. The pages of those models and More Training still need its "
            "frames. Delete those models first, on the Models tab. If a model is in the trash, click Delete Now there.",
        ),
        (
            DatasetRefused(Code.TOO_MANY_DATASETS, most=1),
            "Your team has reached its limit of 1 dataset. Delete one first.",
        ),
    ],
    ids=lambda value: str(value.reason.code) if isinstance(value, DatasetRefused) else "",
)
def test_the_words_count_and_list(refusal: DatasetRefused, sentence: str) -> None:
    assert str(refusal) == sentence


@pytest.fixture
def before_codes(transactional_db) -> Iterator[Any]:
    with before_migration("datasets", "reasons") as models:
        yield models


@pytest.mark.both_databases
def test_what_earlier_versions_said_becomes_a_reason_in_an_upgrade(settings, before_codes) -> None:
    settings.SUPPORT_CONTACT = OPERATOR
    team = before_codes.get_model("accounts", "Team").objects.create(number=1, name="Cones")
    earlier = before_codes.get_model("datasets", "Dataset").objects
    told = {earlier.create(team=team, state="FAILED", error=said).pk: (said, reason) for said, reason in EARLIER}
    repairs = [{"kind": "rotated", "file": "a.jpg", "text": "The camera's rotation was applied.", "files": 1}]
    ready = earlier.create(team=team, state="READY", repairs=repairs).pk

    upgrade()

    for key, (said, reason) in told.items():
        dataset = Dataset.objects.get(pk=key)
        assert (dataset.reason_code, dataset.reason_params) == (reason.code, reason.params), said
        assert dataset.error == messages.words(reason)
    made = Dataset.objects.get(pk=ready)
    assert made.error == made.reason_code == ""
    assert [messages.of_repair(entry) for entry in made.repairs] == ["The camera's rotation was applied."]
    assert messages.summary(made.repairs) == {"Pictures turned upright": 1}
