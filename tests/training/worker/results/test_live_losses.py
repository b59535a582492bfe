"""The loss between checkpoints: a curve that begins at once, and stays small however long the training is."""

from tests.training.scripted import dies_after, supervise
from training.insight import curves
from training.models import LiveLoss, TrainingJob
from training.worker.results import live_losses


def trains(*steps: int):
    """Tells a loss that falls, at each of the steps; then it is gone."""

    def script(trainer):
        for step in steps:
            trainer.is_at("training", step, loss=100 / step)
            yield from [None] * 3

    return script


def test_a_running_job_has_a_curve_before_its_first_checkpoint(start) -> None:
    job = start(training_steps=600)
    supervise(job, trains(1, 20, 40))
    assert curves.live_losses(job) == {"steps": [1, 20, 40], "values": [100.0, 5.0, 2.5], "is_running": False}


def test_the_row_tells_the_loss_while_it_trains(start) -> None:
    seen = []

    def script(trainer):
        trainer.is_at("training", 47, loss=1.23)
        yield
        row = TrainingJob.objects.get()
        seen.append((row.live_step, row.live_loss, row.live_phase))

    job = start(training_steps=600)
    supervise(job, script)
    assert seen == [(47, 1.23, "training")]
    assert (job.live_loss, job.live_phase) == (None, "")


def test_what_a_dead_attempt_had_not_saved_is_drawn_once(start) -> None:
    job = start(training_steps=600)

    def dies_at_107(trainer):
        yield from trains(50)(trainer)
        yield from dies_after(100)(trainer)
        yield from trains(107)(trainer)

    supervise(job, dies_at_107)
    supervise(job, trains(101, 150))
    assert curves.live_losses(job)["steps"] == [50, 101, 150]


def test_a_long_training_has_no_more_points_than_a_short_one(start) -> None:
    points: live_losses.Points = []
    for step in range(1, 20_001):
        live_losses.add(points, step, 1.0)
    steps = [step for step, _ in points]
    assert len(points) <= live_losses.MOST_POINTS
    assert (steps[0], steps) == (1, sorted(steps))
    assert 20_000 - steps[-1] < 100


def test_who_has_lost_the_lease_writes_nothing(start) -> None:
    def script(trainer):
        trainer.is_at("training", 1)
        yield
        TrainingJob.objects.update(lease_number=2, lease_owner="worker-2")
        trainer.is_at("training", 2, loss=1.0)
        yield from [None] * 3

    supervise(start(), script)
    assert not LiveLoss.objects.exists()
