"""What may be deleted, and what may be combined."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from datasets.models import Dataset, Frame
from datasets.refusals import DatasetInUse
from datasets.services import combining, deletion, imports
from ftcml.core.work import row_removal
from ftcml.installation import removals
from ftcml.installation.models import Removal
from tests.datasets.archives import sound_frames, write_zip
from tests.factories import DatasetFactory, TrainingJobFactory
from training.refusals import JobRefused
from training.services import jobs
from training.services.starting.choices import TrainingChoices

pytestmark = pytest.mark.django_db


def test_deleting_removes_rows_and_files(import_zip, stored_files) -> None:
    dataset = import_zip(sound_frames(5))
    assert stored_files() != []
    deletion.delete_dataset(dataset)
    removals.remove_deleted()
    assert not Dataset.everything.exists()
    assert stored_files() == []


def test_what_is_deleted_is_gone_at_once_for_everybody(
    import_zip, team, member_client, member_api, django_assert_max_num_queries, settings, tmp_path
) -> None:
    """By one update, however many frames it has; a worker removes them later."""
    dataset = import_zip(sound_frames(5))
    page = f"/datasets/{dataset.pk}/"
    assert member_client.get(page).status_code == 200
    with django_assert_max_num_queries(10):
        deletion.delete_dataset(dataset)
    assert dataset.frames.count() == 5
    assert member_client.get(page).status_code == 404
    assert str(dataset.pk) not in member_client.get("/datasets/").content.decode()
    assert member_api.get("/api/v1/datasets/").json()["results"] == []
    assert member_api.get(f"/api/v1/datasets/{dataset.pk}/").status_code == 404
    settings.TEAM_MAX_DATASETS = 1
    imports.request_import(team, None, write_zip(tmp_path / "next.zip", sound_frames(2)), "next")


def test_no_job_starts_on_what_was_deleted(import_zip, team, training_worker) -> None:
    dataset = import_zip(sound_frames(5))
    deletion.delete_dataset(dataset)
    with pytest.raises(JobRefused, match="was deleted"):
        jobs.start(team, None, TrainingChoices([dataset], 100, 1, "late"))


def test_a_removal_that_was_cut_off_is_taken_up_by_the_sweep(import_zip, stored_files, monkeypatch) -> None:
    dataset = import_zip(sound_frames(5))
    monkeypatch.setattr(row_removal, "ROWS_AT_ONCE", 2)
    deletion.delete_dataset(dataset)

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Dataset, "delete", killed)
        with pytest.raises(KeyboardInterrupt):
            removals.remove_deleted()
    assert (Dataset.everything.count(), Frame.objects.count()) == (1, 0)
    removals.remove_deleted()
    assert Dataset.everything.exists(), "the one that was cut off may still be at it"
    Removal.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert removals.due().exists()
    removals.remove_deleted()
    assert not Dataset.everything.exists()
    assert stored_files() == []


def test_who_lost_a_removal_stops_in_the_middle_of_its_rows(import_zip, stored_files, monkeypatch) -> None:
    dataset = import_zip(sound_frames(5))
    monkeypatch.setattr(row_removal, "ROWS_AT_ONCE", 2)
    deletion.delete_dataset(dataset)
    remove_some = QuerySet.delete

    def taken_over(rows) -> object:
        Removal.objects.update(lease_until=timezone.now() + timedelta(minutes=3))
        return remove_some(rows)

    with monkeypatch.context() as patched:
        patched.setattr(QuerySet, "delete", taken_over)
        removals.remove_deleted()
    assert (Dataset.everything.count(), Frame.objects.count()) == (1, 3)
    assert stored_files() != []


def test_a_dataset_that_models_use_stays_and_the_models_are_named(import_zip, team, stored_files) -> None:
    dataset = import_zip(sound_frames(5))
    for name in ("first try", "second try"):
        TrainingJobFactory(team=team, description=name, dataset=dataset)
    before = stored_files()
    with pytest.raises(DatasetInUse, match="“a set” was used to train “first try” and “second try”"):
        deletion.delete_dataset(dataset)
    removals.remove_deleted()
    assert Dataset.objects.filter(pk=dataset.pk).exists()
    assert stored_files() == before


def test_datasets_with_the_same_labels_can_be_combined(db) -> None:
    assert combining.label_difference([DatasetFactory(labels=["ball", "cube"]) for _ in range(3)]) == ""
    assert combining.label_difference([DatasetFactory()]) == ""
    assert combining.label_difference([]) == ""


def test_labels_that_differ_are_named(db) -> None:
    day = DatasetFactory(description="day", labels=["ball", "cube"])
    night = DatasetFactory(description="night", labels=["ball", "cone"])
    assert combining.label_difference([day, night]) == (
        "Their labels must be the same, but only “night” has “cone”; only “day” has “cube”. "
        "Rename or merge labels on a dataset's page, or choose other datasets."
    )


def test_of_many_datasets_those_are_named_that_differ_from_the_others(db) -> None:
    days = [DatasetFactory(description=f"day {number}", labels=["ball"]) for number in range(5)]
    night = DatasetFactory(description="night", labels=["ball", "cone", "cube"])
    assert combining.differing_labels([*days, night]) == "only “night” has “cone” and “cube”"
    nights = [DatasetFactory(description=f"night {number}", labels=["ball", "cone"]) for number in range(5)]
    assert combining.differing_labels([days[0], *nights]) == "“day 0” has no “cone”"
    assert combining.differing_labels([*days[:2], *nights[:2]]) == "only “night 0” and “night 1” have “cone”"
    assert combining.differing_labels([*days, *nights]) == (
        "only “night 0”, “night 1”, “night 2” and 2 more have “cone”"
    )


def test_of_many_differences_the_first_three_are_named(db) -> None:
    sets = [DatasetFactory(description=f"set {label}", labels=["ball", label]) for label in "abcde"]
    assert combining.differing_labels(sets) == (
        "only “set a” has “a”; only “set b” has “b”; only “set c” has “c”; and there are 2 more"
    )


def test_datasets_of_one_name_are_not_taken_for_one(db) -> None:
    sets = [DatasetFactory(description="field", labels=["ball", label]) for label in ("cone", "cube")]
    assert combining.differing_labels(sets) == "only “field” has “cone”; only “field” has “cube”"


def test_labels_that_one_dataset_lacks_are_named_with_or(db) -> None:
    many = [DatasetFactory(labels=["ball", "cone", "cube"]) for _ in range(2)]
    assert combining.differing_labels([*many, DatasetFactory(description="field", labels=["ball"])]) == (
        "“field” has no “cone” or “cube”"
    )
