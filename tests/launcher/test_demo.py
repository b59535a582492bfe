"""The demo accounts, and the ways to have none."""

import pytest
from django.core.management import call_command

from datasets.models import Dataset
from ftcml.accounts.models import Team, User
from ftcml.launcher import demo, this_machine
from ftcml.launcher.address import Address
from ftcml.launcher.refusals import CannotStart
from tests.factories import DatasetFactory

pytestmark = pytest.mark.django_db

OPEN = Address("0.0.0.0", 8000)


@pytest.fixture(autouse=True)
def _data_of_this_test(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def test_only_a_new_server_gets_the_demo(team):
    assert not demo.would_be_created()


def test_the_demo_can_be_declined(settings):
    settings.DEMO = False
    assert not demo.would_be_created()


def test_the_passwords_that_are_shown_open_the_door(client):
    coach, member = demo.create_accounts()

    assert client.login(username=coach.name, password=coach.password)
    assert client.login(username=member.name, password=member.password)
    assert coach.password in demo.notes().read_text()


def test_two_servers_have_different_passwords():
    first = demo.create_accounts()
    User.objects.all().delete()
    Team.objects.all().delete()

    assert {a.password for a in first}.isdisjoint(a.password for a in demo.create_accounts())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_on_this_machine_alone_they_may_stay(host):
    demo.create_accounts()
    this_machine.check_demo_accounts(Address(host, 8000))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "robots.example"])
def test_where_others_can_reach_them_they_are_refused(host):
    demo.create_accounts()
    with pytest.raises(CannotStart, match="remove_demo_accounts"):
        this_machine.check_demo_accounts(Address(host, 8000))


def test_removing_the_accounts_opens_the_server_and_keeps_the_team():
    demo.create_accounts()
    DatasetFactory(team=Team.objects.get(), created_by=User.objects.first())

    call_command("remove_demo_accounts")

    this_machine.check_demo_accounts(OPEN)
    assert not User.objects.exists()
    assert not demo.notes().exists()
    assert Dataset.objects.count() == 1


def test_a_first_run_that_was_cut_off_is_made_up_for():
    demo.create_accounts()
    assert demo.sample_is_missing()
