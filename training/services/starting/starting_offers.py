"""What a team is told of each starting model before it chooses one: what it is for, how long it takes, how accurate."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Max

from datasets.models import Dataset
from datasets.split import Split
from detector.contract import catalog, recall_by_size
from ftcml.accounts.models import Team
from ftcml.accounts.services import ledger
from training.messages import plan_words
from training.models import MetricPoint
from training.services import registry
from training.services.starting import checks, plan
from training.services.starting.speed import estimated_minutes, steps_within
from training.states import TERMINAL

ACCURACY = "DetectionBoxes_Precision/mAP@.50IOU"


@dataclass(frozen=True)
class StartingOffer:
    """A starting model as a choice. `lines`: sentences about it, some of which may be missing."""

    name: str
    lines: list[str]

    def __str__(self) -> str:
        return self.name


def offers(team: Team, datasets: Sequence[Dataset]) -> list[StartingOffer]:
    """Return every starting model, for training on these datasets, which `checks.check_datasets` has accepted."""
    frames, accelerator, best = checks.frames(datasets, Split.TRAINING), registry.live_accelerator(), _best_of(team)
    remaining = ledger.balance_of(team).seconds_remaining // 60

    def lines(model: catalog.StartingModel) -> list[str]:
        batch = catalog.batch_size(model, accelerator, frames)
        steps = plan.advised_steps(frames, batch)
        minutes = estimated_minutes(model, accelerator, steps * batch)
        small = recall_by_size.MEASURED.get(model.name)
        facts = [
            plan_words.purpose(model.name, has_gpu=accelerator != "cpu"),
            plan_words.time_of(steps, minutes),
            plan_words.longer_than_left(minutes, remaining, steps_within(remaining, steps, minutes)),
            plan_words.accuracy(best.get(model.name), model.bench_ap50, small.under_10 if small else None),
        ]
        return [fact for fact in facts if fact]

    return [StartingOffer(model.name, lines(model)) for model in catalog.starting_models()]


def _best_of(team: Team) -> dict[str, float]:
    """Return the best mAP@.50 that the team's ended trainings reached, by starting model; in one query."""
    measured = MetricPoint.objects.filter(
        job__team=team,
        job__parent=None,
        job__state__in=TERMINAL,
        split=MetricPoint.Split.EVAL,
        tag=ACCURACY,
        step=F("job__best_checkpoint__step"),
    )
    return dict(measured.order_by().values_list("job__starting_model").annotate(Max("value")))
