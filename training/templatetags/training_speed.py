from django import template

from training.services.starting import speed

register = template.Library()


@register.inclusion_tag("training/parts/speed.html")
def training_speed() -> dict[str, str | bool]:
    """Say how long 1,000 steps take on this server, once that was measured."""
    minutes = speed.example_minutes()
    if minutes is None:
        return {"time": ""}
    time = "1 minute" if minutes == 1 else f"{minutes:,} minutes"
    return {"time": time, "steps": f"{speed.EXAMPLE_STEPS:,}", "is_slow": minutes > speed.SLOW_MINUTES}
