"""The mechanism of all leases: of those who want a row one holds it, and who lost it writes nothing any more."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from datasets.models import Dataset
from ftcml.core import lease
from ftcml.core.lease import Heartbeat, Lease, LeaseLost
from ftcml.installation.models import Removal
from tests.factories import DatasetFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LASTS = timedelta(seconds=90)
NOW = timezone.now()

Claim = Callable[[datetime], Lease | None]


def claim_by_number(row: Dataset, end: datetime) -> Lease | None:
    number = {"import_attempts": row.import_attempts + 1}
    return lease.claim(Dataset.objects.all(), row, "import_lease_until", end, number)


def claim_by_its_end(row: Removal, end: datetime) -> Lease | None:
    return lease.claim(Removal.objects.all(), row, "lease_until", end)


KINDS = {"by a number": (DatasetFactory, claim_by_number), "by its end": (Removal.objects.create, claim_by_its_end)}


@pytest.fixture(params=KINDS.values(), ids=KINDS)
def kind(request: pytest.FixtureRequest):
    """How such a row is made, and how it is claimed as it was read."""
    return request.param


@pytest.fixture
def row(kind):
    make, _ = kind
    return make()


@pytest.fixture
def claim(kind):
    _, claim = kind
    return claim


def test_of_two_that_read_the_same_row_one_gets_it(row, claim) -> None:
    same = type(row).objects.get(pk=row.pk)
    assert claim(row, NOW + LASTS)
    assert claim(same, NOW + 2 * LASTS) is None


def test_the_holder_renews_it_and_gives_it_back(row, claim) -> None:
    held = claim(row, NOW + LASTS)
    held.renew(NOW + 2 * LASTS)
    held.renew(NOW + 3 * LASTS)
    assert held.held().exists()
    held.release()
    with pytest.raises(LeaseLost, match=str(row.pk)):
        held.renew(NOW + 4 * LASTS)


def test_who_lost_it_writes_nothing_any_more(row, claim) -> None:
    late = claim(row, NOW - LASTS)
    row.refresh_from_db()
    assert claim(row, NOW + LASTS)
    for write in (late.renew, late.transaction(NOW + LASTS).__enter__, late.release):
        with pytest.raises(LeaseLost):
            write(*([NOW + LASTS] if write == late.renew else []))
    row.refresh_from_db()
    assert getattr(row, late.until) == NOW + LASTS


def test_a_deleted_row_is_held_by_nobody(row, claim) -> None:
    held = claim(row, NOW + LASTS)
    type(row).objects.all().delete()
    with pytest.raises(LeaseLost):
        held.renew(NOW + LASTS)


def test_what_is_written_together_is_written_wholly_or_not_at_all(row, claim) -> None:
    held = claim(row, NOW + LASTS)
    with pytest.raises(IntegrityError), held.transaction(NOW + 2 * LASTS):
        Removal.objects.bulk_create([Removal(name="half-made"), Removal(name="half-made")])
    assert not Removal.objects.filter(name="half-made").exists()
    held.renew(NOW + 3 * LASTS)  # it holds the row still


@pytest.mark.parametrize("seed", range(20))
def test_in_any_order_of_claims_and_writes_the_newest_claim_alone_writes(row, claim, seed: int) -> None:
    chance = random.Random(seed)
    holders: list[Lease] = []
    held = False
    for turn in range(40):
        end = NOW + turn * LASTS
        if not holders or chance.random() < 0.3:
            row.refresh_from_db()
            holders.append(claim(row, end))
            held = True
            continue
        holder = chance.choice(holders)
        write = chance.choice([lambda end: holder.renew(end), lambda end: holder.release()])  # noqa: B023
        if held and holder is holders[-1]:
            write(end)
            row.refresh_from_db()
            held = getattr(row, holder.until) is not None
        else:
            before = type(row).objects.values().get()
            with pytest.raises(LeaseLost):
                write(end)
            assert type(row).objects.values().get() == before


@pytest.mark.parametrize(
    ("until", "is_in_force", "has_run_out"),
    [
        (None, False, False),
        (NOW - LASTS, False, True),
        (NOW + LASTS, True, False),
        (NOW + 2 * LASTS, True, False),
        (NOW + 3 * LASTS, False, True),
    ],
    ids=["nothing holds it", "its holder is gone", "held", "the clocks differ", "given before the clock was set back"],
)
def test_a_lease_lasts_until_its_end_and_never_much_longer(until, is_in_force: bool, has_run_out: bool) -> None:
    Removal.objects.create(name="a folder", lease_until=until)
    assert Removal.objects.filter(lease.in_force("lease_until", NOW, LASTS)).exists() == is_in_force
    assert Removal.objects.filter(lease.run_out("lease_until", NOW, LASTS)).exists() == has_run_out


class TestTheHeartbeat:
    @pytest.fixture(autouse=True)
    def _keep_the_connection(self, monkeypatch) -> None:
        monkeypatch.setattr("ftcml.core.lease.connection.close", lambda: None)  # the test's own transaction

    def test_it_renews_now_and_then(self) -> None:
        renewed: list[int] = []
        second = 0
        beat = Heartbeat(lambda: renewed.append(second), 5, lambda: second)
        for second in range(13):
            if second == 7:
                beat.beaten()  # renewed otherwise
            beat()
        assert renewed == [5, 12]

    def test_a_busy_database_is_asked_again_later(self) -> None:
        answers: list[Exception | None] = [OperationalError("database is locked"), None]

        def renew() -> None:
            if error := answers.pop(0):
                raise error

        beat = Heartbeat(renew, 0)
        beat()
        beat()
        assert answers == []

    def test_a_lost_lease_is_told(self) -> None:
        def lost() -> None:
            raise LeaseLost

        with pytest.raises(LeaseLost):
            Heartbeat(lost, 0)()
