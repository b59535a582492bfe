"""The sentences of a training's plan, in the Start Training and More Training dialogs and in the API."""

from django.template.defaultfilters import pluralize

from ftcml.core.messages import of_ten

OVERTRAINING = (
    "More isn't always better. A model that trains too long memorizes your frames and misses objects anywhere else. "
    "Train more only while the evaluation mAP rises."
)
MEASURING = "Measuring this computer's speed. Ready in about 30 seconds."
NO_ESTIMATE = "No estimate yet. The first training on this server tells how fast it is."
FROM_SCRATCH = (
    "This model learns from scratch here and needs many more steps. For quick results, choose one with pre-trained "
    "weights."
)
NO_EVALUATION = "There are no evaluation frames, so you won't see how accurate this model is."
# In minutes: a shorter time is told in minutes alone, a longer one in hours alone.
_HOURS_FROM, _FULL_HOURS_FROM = 90, 600
MODEL_OF_PARENT = "Leave this out. A model with a parent starts from it."
MODEL_OR_PARENT = "Choose a starting model or a parent."

# What each starting model is for, by its name.
PURPOSES = {
    "SSD MobileNet v2 320x320": "Fastest to train and on the robot. Start with this one.",
    "SSD MobileNet V2 FPNLite 320x320": "For comparison: SSD MobileNet v2 learned faster in our tests.",
    "SSD MobileNet V1 FPN 640x640": "Large and slow. It needs a server with a GPU.",
    "SSD MobileNet V2 FPNLite 640x640": "Sees more detail. Slower to train and on the robot.",
    "SSD MobileNet V2 far field 320x320": "For far objects. Small and fast on the robot.",
}
# When to choose another one: by docs/contributors/performance.md.
NOT_FOR = {
    "SSD MobileNet v2 320x320": "Does it miss things that are tiny in your frames? Then try the far field model.",
    "SSD MobileNet V2 FPNLite 320x320": "Not for few frames or small objects: SSD MobileNet v2 finds more of them.",
    "SSD MobileNet V1 FPN 640x640": "On two processor cores, 1,000 steps take about 3 hours.",
    "SSD MobileNet V2 FPNLite 640x640": "Not for a robot that must see fast: each picture takes several times as long.",
    "SSD MobileNet V2 far field 320x320": "Not for things that fill the picture: we measured it on small ones alone.",
}

NEEDS_GPU = {"SSD MobileNet V1 FPN 640x640"}


def on_both_sides(frames: int) -> str:
    """Return what to know of evaluation frames that the model is trained on as well, "" for none."""
    if not frames:
        return ""
    are = f"{frames:,} evaluation frame{pluralize(frames, ' is,s are')}"
    return f"{are} for training in another of these datasets, so results will look too good. Leave one of them out."


def purpose(model: str, has_gpu: bool) -> str:
    """Return what a starting model is for, "" for one of another server."""
    without = " This server has none." if model in NEEDS_GPU and not has_gpu else ""
    return f"{PURPOSES.get(model, '')}{without}"


def not_for(model: str) -> str:
    """Return when to choose another one, "" where nothing is known of it."""
    return NOT_FOR.get(model, "")


def time_of(steps: int, minutes: int | None) -> str:
    """Return how long that many steps take here, "" where that was not measured."""
    return "" if minutes is None else f"{steps:,} steps take about {duration(minutes)}."


def accuracy(best_here: float | None, of_bench: float | None, small: float | None) -> str:
    """Return how accurate models were: in our test, which is the same for each, and the best of the team's own.

    `small`: the part of the objects under 10 pixels that it finds, 0 to 1.
    """
    in_our_test = "" if of_bench is None else f"Accuracy in our test: {of_bench:.2f}."
    of_team = "" if best_here is None else f"Your team's best: {best_here:.2f}."
    finds = "" if small is None else f"Finds {of_ten(small)} tiny objects."
    return " ".join(filter(None, [in_our_test, of_team, finds]))


def estimate(minutes: int | None, is_measuring: bool) -> str:
    """Return how long the training takes here, or when that will be known."""
    if minutes is None:
        return MEASURING if is_measuring else NO_ESTIMATE
    return f"About {duration(minutes)} on this server."


def advised_steps(goal: int, exact: int, advised: int, advised_epochs: int) -> str:
    """Return the rule of thumb for a new model.

    Args:
        goal: how many epochs are best.
        exact: the steps that make them.
        advised: the steps that are suggested.
        advised_epochs: how many epochs those make.
    """
    rule = f"Rule of thumb: show the model each frame {goal} times ({goal} epochs)."
    if advised_epochs < goal:
        return f"{rule} That takes {exact:,} steps, but a training can have {advised:,}: {advised_epochs:,} epochs."
    if advised == exact:
        return f"{rule} That takes {exact:,} steps."
    return f"{rule} {exact:,} steps make {goal} epochs; we suggest {advised:,}, the next multiple of 100."


def advised_more_steps(parent: str, steps_before: int, epochs_before: int, goal: int, rest: int) -> str:
    """Return the rule of thumb for a model that has trained before.

    Args:
        parent: that model's name.
        steps_before: its steps.
        epochs_before: how many epochs of these frames they make.
        goal: how many epochs are best.
        rest: how many steps of `goal` epochs are left; below 1 where none are.
    """
    behind = f"“{parent}” has trained {steps_before:,} steps: {epochs_before:,} epochs of these frames."
    if rest > 0:
        return f"{behind} {rest:,} more steps make {goal} epochs, our rule of thumb."
    return f"{behind} The rule of thumb is {goal}. Train more only if its evaluation mAP still rose."


def multiple(of: int) -> str:
    """Return what to say of steps that are no multiple."""
    return f"Use a multiple of {of}: the model is evaluated every {of} steps."


def short_of_time(minutes: int | None, max_minutes: int | None, remaining: int, steps: int) -> str:
    """Return the warning about the maximum training time, "" where there is none.

    Args:
        minutes: how long the training takes, None where that was not measured.
        max_minutes: what the person allows.
        remaining: what the team has left.
        steps: how many fit into what is allowed, or into what is left.
    """
    if max_minutes is not None and max_minutes > remaining:
        return f"Your team has {minutes_counted(remaining)} left. Choose fewer minutes."
    if minutes is None or max_minutes is None or minutes <= max_minutes:
        return ""
    if too_long := longer_than_left(minutes, remaining, steps):
        return f"{too_long} Choose fewer steps, or a faster starting model."
    return (
        f"You allow {minutes_counted(max_minutes)}, so training would stop early, {_after(steps)}. "
        f"Allow {minutes_counted(minutes)}, or choose fewer steps."
    )


def longer_than_left(minutes: int | None, remaining: int, steps: int) -> str:
    """Return the warning that a training takes longer than the team's minutes, "" where it doesn't.

    `steps`: how many of it fit into them.
    """
    if minutes is None or minutes <= remaining:
        return ""
    left = f"That's longer than the {minutes_counted(remaining)} your team has left."
    return f"{left} It would stop early, {_after(steps)}."


def _after(steps: int) -> str:
    return f"after about {steps:,} steps" if steps else "before it has learned much"


def waits(reason: str) -> str:
    """Return the warning that a training started now isn't queued at once, "" without a reason."""
    return reason and (
        f"{reason} Start now all the same: your training waits on the Models tab, and we queue it as soon as we can."
    )


def minutes_counted(count: int) -> str:
    """Return "1 minute", "1,200 minutes"."""
    return f"{count:,} minute{'' if count == 1 else 's'}"


def duration(minutes: int) -> str:
    """Return a long time in hours as well: "45 minutes", "3 hours 25 minutes", "12 hours"."""
    if minutes < _HOURS_FROM:
        return minutes_counted(minutes)
    hours, rest = divmod(minutes, 60)
    if minutes >= _FULL_HOURS_FROM:
        hours, rest = hours + (rest >= 30), 0
    counted = f"{hours:,} hour{'' if hours == 1 else 's'}"
    return f"{counted} {minutes_counted(rest)}" if rest else counted
