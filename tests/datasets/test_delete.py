"""What may be deleted, and what may be combined."""

import pytest

from datasets import production
from datasets.models import Dataset
from tests.datasets.archives import sound_frames
from tests.factories import DatasetFactory, TrainingJobFactory

pytestmark = pytest.mark.django_db


def test_deleting_removes_rows_and_files(import_zip, stored_files, django_capture_on_commit_callbacks) -> None:
    dataset = import_zip(sound_frames(5))
    assert stored_files() != []
    with django_capture_on_commit_callbacks(execute=True):
        production.delete_dataset(dataset)
    assert not Dataset.objects.exists()
    assert stored_files() == []


def test_a_dataset_that_models_use_stays_and_the_models_are_named(
    import_zip, team, stored_files, django_capture_on_commit_callbacks
) -> None:
    dataset = import_zip(sound_frames(5))
    for name in ("first try", "second try"):
        TrainingJobFactory(team=team, description=name, dataset=dataset)
    before = stored_files()
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(production.DatasetInUse, match="“a set” was used by “first try” and “second try”"),
    ):
        production.delete_dataset(dataset)
    assert Dataset.objects.filter(pk=dataset.pk).exists()
    assert stored_files() == before


def test_datasets_with_the_same_labels_can_be_combined(db) -> None:
    assert production.label_difference([DatasetFactory(labels=["ball", "cube"]) for _ in range(3)]) == ""
    assert production.label_difference([DatasetFactory()]) == ""
    assert production.label_difference([]) == ""


def test_labels_that_differ_are_named(db) -> None:
    day = DatasetFactory(description="day", labels=["ball", "cube"])
    night = DatasetFactory(description="night", labels=["ball", "cone"])
    assert production.label_difference([day, night]) == (
        "Only datasets with the same labels can be combined: “day” has no “cone”; “night” has no “cube”."
    )


def test_of_many_datasets_with_other_labels_the_first_three_are_named(db) -> None:
    days = [DatasetFactory(description=f"day {number}", labels=["ball"]) for number in range(5)]
    assert production.differing_labels([*days, DatasetFactory(description="night", labels=["ball", "cone"])]) == (
        "“day 0” has no “cone”; “day 1” has no “cone”; “day 2” has no “cone”; and so on with 2 more"
    )
