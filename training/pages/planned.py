"""The plan part of the Start Training and More Training pop-ups: every number for what the form says now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from training.pages.forms import PlanForm
from training.refusals import JobRefused
from training.services.starting.plan import TrainingPlan

# The plan of that many steps and minutes. Raises JobRefused.
Planner = Callable[[int, int | None], TrainingPlan]


@dataclass(frozen=True)
class Asked:
    """What the form says. A number that is not one yet is None."""

    starting_model: str
    training_steps: int | None
    max_minutes: int | None
    suggested_steps: int | None
    suggested_minutes: int | None

    @classmethod
    def of(cls, choices: Mapping[str, object]) -> "Asked":
        form = PlanForm(choices)
        form.is_valid()
        said = form.cleaned_data.get
        return cls(
            starting_model=said("starting_model") or "",
            training_steps=said("training_steps"),
            max_minutes=said("max_minutes"),
            suggested_steps=said("suggested_steps"),
            suggested_minutes=said("suggested_minutes"),
        )


def suggested(plan_of: Planner) -> tuple[int, int]:
    """Return the steps and minutes that a dialog opens with. Raises JobRefused."""
    steps = plan_of(0, None).advised_steps
    return steps, plan_of(steps, None).advised_minutes


def context(asked: Asked, plan_of: Planner) -> dict[str, Any]:
    """Return what the part shows. Steps and minutes that the person has not changed follow what is suggested now.

    `steps_before`, `minutes_before`: what such a field holds, None where the person has changed it.
    """
    steps, minutes = asked.training_steps or 0, asked.max_minutes
    steps_before = steps if steps and steps == asked.suggested_steps else None
    minutes_before = minutes if minutes == asked.suggested_minutes else None
    try:
        plan = plan_of(steps, minutes)
        if steps_before is not None and plan.advised_steps != steps:
            steps = plan.advised_steps
            plan = plan_of(steps, minutes)
        if minutes_before is not None and plan.advised_minutes != minutes:
            plan = plan_of(steps, plan.advised_minutes)
    except JobRefused as refusal:
        return {"plan_refusal": str(refusal)}
    return {"plan": plan, "steps": steps, "steps_before": steps_before, "minutes_before": minutes_before}
