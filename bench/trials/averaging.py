"""How the average of the weights begins."""

from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from official.modeling import optimization

from detector.contract.spec import JobSpec


def growing(_: bool, job: JobSpec) -> AbstractContextManager[Any]:
    """The average forgets by (1 + step) / (10 + step) until that is as much as the recipe says."""
    plain = optimization.OptimizationConfig

    def with_growth(config: dict[str, Any]) -> optimization.OptimizationConfig:
        return plain({**config, "ema": {**config["ema"], "dynamic_decay": True}})

    return patch.object(optimization, "OptimizationConfig", with_growth)
