"""From the end of a training to a signed message at a team's own program, whatever goes wrong on the way."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.core.signing import Signer

from ftcml.accounts.models import Team, User
from ftcml.core import clock
from ftcml.integrations import tasks
from ftcml.integrations.models import Delivery, Event, Webhook
from ftcml.integrations.services import guarded_post, happenings, sending, signing, webhooks
from tests.factories import DatasetFactory, TrainingJobFactory
from tests.integrations.conftest import Later
from tests.integrations.receiver import Receiver
from training.services import jobs
from training.states import JobState

pytestmark = pytest.mark.django_db


def end_a_training(team: Team) -> str:
    job = TrainingJobFactory(team=team, description="finder", state=JobState.QUEUED)
    jobs.request_stop(job, by="carla")
    return str(job.pk)


def test_the_end_of_a_training_is_told_signed_and_once(hook: Webhook, receiver: Receiver, team: Team) -> None:
    job_id = end_a_training(team)
    tasks.deliver()
    tasks.deliver()
    ((headers, body),) = receiver.heard
    said = json.loads(body)
    assert (said["type"], said["data"]["id"], said["data"]["state"]) == ("job.ended", job_id, "CANCELED")
    assert said["data"]["description"] == "finder"
    # As a library for Standard Webhooks checks it.
    secret = base64.b64decode(signing.shown_secret(hook.secret_seed).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 60
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, str(delivery.event_id)) == ("delivered", 204, headers["webhook-id"])


def test_a_dataset_that_is_ready_is_told_and_other_teams_hear_nothing(
    hook: Webhook, receiver: Receiver, outsider: User
) -> None:
    theirs = DatasetFactory(team=outsider.memberships.get().team)
    happenings.dataset_ready(theirs.team_id, theirs.pk, str(theirs))
    own = DatasetFactory(team=hook.team)
    happenings.dataset_ready(own.team_id, own.pk, str(own))
    tasks.deliver()
    assert [json.loads(body)["data"]["id"] for _, body in receiver.heard] == [str(own.pk)]
    assert Event.objects.count() == 1


def test_a_receiver_that_fails_gets_the_same_message_later(
    hook: Webhook, receiver: Receiver, team: Team, later: Later
) -> None:
    receiver.status = 500
    end_a_training(team)
    tasks.deliver()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.problem_words) == ("waiting", 1, "Answered 500")
    tasks.deliver()
    assert len(receiver.heard) == 1
    receiver.status = 200
    later.wait(seconds=11)
    tasks.deliver()
    (first, body), (second, again) = receiver.heard
    assert (first["webhook-id"], body) == (second["webhook-id"], again)
    assert Delivery.objects.get().state == "delivered"
    hook.refresh_from_db()
    assert hook.failing_since is None


def test_the_pauses_grow_until_a_message_is_given_up(hook: Webhook, receiver: Receiver, settings, later: Later) -> None:
    settings.WEBHOOK_FAILING_DAYS = 30
    receiver.status = 503
    webhooks.test(hook)
    for pause in sending.PAUSES:
        tasks.deliver()
        delivery = Delivery.objects.get()
        assert abs(delivery.due - clock.now() - pause) < timedelta(seconds=5)
        later.wait(seconds=pause.total_seconds())
    tasks.deliver()
    assert (Delivery.objects.get().state, len(receiver.heard)) == ("failed", len(sending.PAUSES) + 1)


def test_what_a_dead_worker_had_is_sent_by_another(
    hook: Webhook, receiver: Receiver, monkeypatch, later: Later
) -> None:
    webhooks.test(hook)

    def die(*args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(sending, "_note", die)
        with pytest.raises(SystemExit):
            tasks.deliver()
    tasks.deliver()
    assert len(receiver.heard) == 1, "it may still be at work"
    later.wait(minutes=3)
    tasks.deliver()
    assert len({headers["webhook-id"] for headers, _ in receiver.heard}) == 1
    assert (len(receiver.heard), Delivery.objects.get().state) == (2, "delivered")


def test_a_webhook_that_fails_for_days_is_turned_off_and_its_coach_sees_it(
    hook: Webhook, receiver: Receiver, team: Team, later: Later, coach_client
) -> None:
    receiver.status = 404
    end_a_training(team)
    tasks.deliver()
    later.wait(days=3)
    end_a_training(team)
    tasks.deliver()
    hook.refresh_from_db()
    assert hook.why_off == Webhook.WhyOff.KEPT_FAILING
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dropped"}
    assert "failed for 3 days in a row" in coach_client.get("/webhooks/").content.decode()
    end_a_training(team)
    assert Event.objects.count() == 2
    webhooks.turn_on(hook)
    end_a_training(team)
    assert Event.objects.count() == 3


def test_a_receiver_that_is_gone_and_a_lost_secret_turn_it_off(hook: Webhook, receiver: Receiver, team: Team) -> None:
    receiver.status = 410
    end_a_training(team)
    tasks.deliver()
    hook.refresh_from_db()
    assert hook.why_off == Webhook.WhyOff.GONE
    hook.secret_seed = Signer(key="another server's", salt="ftcml.webhooks").sign("x")
    hook.save()
    webhooks.turn_on(hook)
    end_a_training(team)
    tasks.deliver()
    hook.refresh_from_db()
    assert (hook.why_off, len(receiver.heard)) == (Webhook.WhyOff.SECRET_LOST, 1)
    assert not Delivery.objects.filter(state="waiting").exists()


def test_no_redirect_is_followed(hook: Webhook, receiver: Receiver) -> None:
    receiver.status, receiver.headers = 307, {"Location": receiver.url}
    webhooks.test(hook)
    tasks.deliver()
    delivery = Delivery.objects.get()
    assert (len(receiver.heard), delivery.problem, delivery.status) == (1, "redirect", 307)


def test_a_receiver_that_never_ends_is_left(hook: Webhook, receiver: Receiver, monkeypatch) -> None:
    """One byte of a header now and then keeps any time limit of a socket from running out."""
    monkeypatch.setattr(guarded_post, "SECONDS", 0.5)

    def drip(request) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        try:
            for _ in range(200):
                request.wfile.write(b"X-Byte: 1\r\n"[:1])
                request.wfile.flush()
                request.connection.settimeout(0.1)
                try:
                    if not request.connection.recv(1):
                        return
                except TimeoutError:
                    continue
        except OSError:
            return

    receiver.before = drip
    webhooks.test(hook)
    tasks.deliver()
    assert Delivery.objects.get().problem == "too_slow"


def test_a_slow_receiver_takes_one_place_of_many(hook: Webhook, team: Team, coach: User) -> None:
    for _ in range(3 * sending.AT_ONCE):
        webhooks.test(hook)
    other = webhooks.add(team, coach, "https://example.org/", ["job.ended"])[0]
    webhooks.test(other)
    claimed = sending._claimed(sending._deliveries(), "webhook", sending._prepared_post)
    assert {message.row.webhook_id for message in claimed} == {hook.pk, other.pk}
    assert len(claimed) == 2
