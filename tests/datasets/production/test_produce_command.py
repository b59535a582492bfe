"""`python manage.py produce_dataset`"""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from datasets.models import Dataset
from tests.datasets.production.conftest import Filmed

# It is made in a process of its own, which sees what is committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("children_see_this_test")]


def run(*words: object) -> str:
    out = StringIO()
    call_command("produce_dataset", *map(str, words), "--description", "from a shell", stdout=out)
    return out.getvalue()


def test_it_produces_here_and_now(team, filmed: Filmed) -> None:
    one, other = filmed(frames=5), filmed(frames=3)
    said = run(one.pk, other.pk, "--team", team.number, "--split", "videos", "--keep", other.pk)
    dataset = Dataset.objects.get()
    assert f"Dataset {dataset.pk} is ready: 5 training frames and 3 evaluation frames; labels: cone." in said


def test_a_refusal_is_its_error(team, filmed: Filmed) -> None:
    with pytest.raises(CommandError, match="No frame is finished yet"):
        run(filmed(finished=0).pk, "--team", team.number)
    with pytest.raises(CommandError, match="The team has no video nothing"):
        run("nothing", "--team", team.number)
