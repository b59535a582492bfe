from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from ftcml.accounts.models import Team, User
from ftcml.core import clock
from ftcml.integrations.models import EventType, Webhook
from ftcml.integrations.services import webhooks
from tests.integrations.receiver import Receiver, listening


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    """A program on this machine, which the operator allows."""
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with listening() as one:
        yield one


@pytest.fixture
def hook(team: Team, coach: User, receiver: Receiver) -> Webhook:
    return webhooks.add(team, coach, receiver.url, [EventType.JOB_ENDED, EventType.DATASET_READY])[0]


class Later:
    """A clock that a test sets ahead."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now, self._by = clock.now, timedelta(0)
        monkeypatch.setattr(clock, "now", self)

    def __call__(self) -> datetime:
        return self._now() + self._by

    def wait(self, **duration: float) -> None:
        self._by += timedelta(**duration)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    return Later(monkeypatch)
