"""How the average of the weights begins. In the recipe it forgets by (1 + step) / (10 + step) at first."""

from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from official.modeling import optimization

from detector.contract.spec import JobSpec


def constant(_: bool, job: JobSpec) -> AbstractContextManager[Any]:
    """It forgets by as much as the recipe says from the first step on."""
    plain = optimization.OptimizationConfig

    def without_growth(config: dict[str, Any]) -> optimization.OptimizationConfig:
        return plain({**config, "ema": {**config["ema"], "dynamic_decay": False}})

    return patch.object(optimization, "OptimizationConfig", without_growth)
