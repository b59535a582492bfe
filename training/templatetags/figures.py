from django import template

register = template.Library()


@register.filter
def figure(value: float) -> str:
    """A metric for people: 0.9300, -1, and 3.2e-05 for what four decimals would show as nothing."""
    if value == round(value):
        return f"{value:.0f}"
    return f"{value:.4f}" if abs(value) >= 0.001 else f"{value:.1e}"
