"""Undo after a deletion, and the trash."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from playwright.sync_api import Page, expect

from datasets.models import Dataset
from datasets.services import trash as datasets_trash
from ftcml.accounts.models import Team, User
from ftcml.console.models import OperatorAction, StorageUse
from ftcml.console.services import storage_use
from ftcml.core.files import storage
from tests.factories import DatasetFactory, TrainingJobFactory
from tests.pages.conftest import scrolls_sideways, serious_problems
from training.models import TrainingJob
from training.states import JobState
from training.trash import moving


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/trash/restore/", "/trash/delete/"])
def test_nothing_of_another_team_leaves_its_trash(address: str, outsider_client: Client, team: Team) -> None:
    dataset, job = DatasetFactory(team=team), TrainingJobFactory(team=team, state=JobState.SUCCEEDED)
    datasets_trash.move_to_trash(dataset)
    moving.move_to_trash(job, "a member")
    answer = outsider_client.post(address, {"dataset": dataset.pk, "job": job.pk})
    assert answer.status_code == 404
    assert (datasets_trash.in_trash().count(), moving.in_trash().count()) == (1, 1)


def test_the_console_counts_the_trash_apart_and_empties_it(operator_client: Client, team: Team, operator: User) -> None:
    kept, thrown = DatasetFactory.create_batch(2, team=team)
    for dataset, content in ((kept, b"12"), (thrown, b"12345")):
        storage.put(f"{dataset.prefix}/label.pbtxt", ContentFile(content))
    datasets_trash.move_to_trash(thrown)
    storage_use.measure()
    use = StorageUse.objects.get()
    assert (use.dataset_bytes, use.trash_bytes, use.total_bytes) == (2, 5, 7)
    assert operator_client.post("/console/storage/empty-trash/").status_code == 204
    assert not datasets_trash.in_trash().exists()
    assert Dataset.objects.get() == kept
    assert OperatorAction.objects.get().details == "1 items"


@pytest.mark.browser
def test_a_deletion_can_be_undone_at_once(page: Page, team: Team) -> None:
    for name in ("cones", "cubes", "balls"):
        DatasetFactory(team=team, description=name)
    page.goto("/datasets/")
    page.get_by_label("Select cones").check()
    page.get_by_label("Select cubes").check()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Deleted 2 datasets.")).to_be_visible()
    expect(page.get_by_role("row", name="cones")).to_have_count(0)
    assert serious_problems(page) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Restored 2 datasets.")).to_be_visible()
    expect(page.get_by_role("row", name="cones")).to_have_count(1)
    assert Dataset.objects.count() == 3


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_trash_shows_what_can_come_back(page: Page, team: Team, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    job = TrainingJobFactory(team=team, description="cone finder", state=JobState.SUCCEEDED)
    page.goto("/models/")
    page.get_by_label("Select cone finder").check()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("link", name="Open the trash").click()
    expect(page.get_by_role("listitem")).to_contain_text("cone finder")
    assert (serious_problems(page), scrolls_sideways(page)) == ([], False)
    page.get_by_role("button", name="Restore cone finder").click()
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    expect(page.get_by_text("Restored 1 model.")).to_be_visible()
    assert TrainingJob.objects.get() == job


@pytest.mark.browser
def test_what_is_not_wanted_back_goes_for_good(page: Page, team: Team) -> None:
    datasets_trash.move_to_trash(DatasetFactory(team=team, description="cones"))
    page.goto("/datasets/")
    page.get_by_role("link", name="Trash").click()
    page.get_by_role("button", name="Delete Now: cones").click()
    dialog = page.get_by_role("dialog", name="Delete for good?")
    expect(dialog).to_contain_text("You can't undo this.")
    dialog.get_by_role("button", name="Delete Now").click()
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    assert not Dataset.kept.exists()
