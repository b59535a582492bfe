"""What happens in a team and is told to others. Called in the transaction in which it happens: both are kept, or none.

Nothing is written where no one listens.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from ftcml.celery import wake
from ftcml.core import clock, mail
from ftcml.integrations.models import Delivery, Event, EventType, Letter, MailWish, Webhook

TASK = "ftcml.integrations.tasks.deliver"


def job_ended(team_id: int, person_id: int | None, job_id: uuid.UUID, description: str, state: str, why: str) -> None:
    """Tell that a training has ended that this person started. `why`: the code of the reason, "" without one."""
    wishes: list[MailWish] = []
    if mail.is_set():
        wants = Q(trainings=MailWish.Trainings.TEAM) | Q(trainings=MailWish.Trainings.OWN, person=person_id)
        members = MailWish.objects.filter(person__memberships__team=team_id)  # who has left the team hears nothing
        wishes = list(members.filter(wants).exclude(person__email=""))
    data = {"id": str(job_id), "description": description, "state": state, "reason_code": why}
    _tell(team_id, EventType.JOB_ENDED, {**data, "path": f"/api/v1/training-jobs/{job_id}/"}, wishes)


def dataset_ready(team_id: int, dataset_id: uuid.UUID, description: str) -> None:
    """Tell that a dataset can be used."""
    data = {"id": str(dataset_id), "description": description, "path": f"/api/v1/datasets/{dataset_id}/"}
    _tell(team_id, EventType.DATASET_READY, data)


def test(webhook: Webhook) -> None:
    """Send a message about nothing to one webhook."""
    event = Event.objects.create(team_id=webhook.team_id, type=EventType.TEST, data={}, created=clock.now())
    Delivery.objects.create(event=event, webhook=webhook, due=event.created)
    transaction.on_commit(wake_sender)


def wake_sender() -> None:
    """Tell a worker that something is to be sent. Where that is lost, beat does."""
    wake(TASK)


def _tell(team_id: int, kind: EventType, data: Mapping[str, Any], wishes: Sequence[MailWish] = ()) -> None:
    hooks = [hook for hook in Webhook.objects.filter(team=team_id, why_off="") if kind in hook.events]
    if not (hooks or wishes):
        return
    event = Event.objects.create(team_id=team_id, type=kind, data=dict(data), created=clock.now())
    Delivery.objects.bulk_create(Delivery(event=event, webhook=hook, due=event.created) for hook in hooks)
    Letter.objects.bulk_create(Letter(event=event, wish=wish, due=event.created) for wish in wishes)
    transaction.on_commit(wake_sender)
