from typing import Any
from uuid import UUID

from django import template

from training.models import TrainingJob

register = template.Library()


@register.filter
def clock(seconds: int) -> str:
    """Seconds as h:mm:ss, e.g. 0:04:09."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}"


@register.filter
def of_job(by_id: dict[UUID, Any] | str, job: TrainingJob) -> Any:
    """What is known of this job; None where there is nothing."""
    return by_id.get(job.pk) if isinstance(by_id, dict) else None


@register.filter
def about(seconds: int) -> str:
    """Seconds as a person says them: "3 min", "1 h 20 min", "less than a minute"."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    hours, minute = divmod(minutes, 60)
    return f"{hours} h {minute} min" if hours else f"{minute} min"
