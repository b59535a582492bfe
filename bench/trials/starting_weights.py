"""Other weights to start from."""

from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from detector.contract import catalog
from detector.contract.spec import JobSpec
from detector.training import train
from detector.weights import sources


def packaged(key: str, job: JobSpec) -> AbstractContextManager[Any]:
    """`key`: of weights inside a package, as the catalog has it. Raises KeyError where they are not there."""
    source = catalog.packaged(key)
    if source is None:
        raise KeyError(f"The weights {key} are not on this machine.")
    return patch.object(train, "starting_weights", lambda *_: sources.read(source))
