"""An import as its user sees it: a zip goes in, a dataset comes out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from datasets.importing import producing
from datasets.models import Dataset
from datasets.services import imports
from datasets.services.imports import ImportChoices
from ftcml.accounts.models import Team
from tests.datasets.archives import write_zip

Importer = Callable[..., Dataset]


@pytest.fixture
def import_zip(team: Team, tmp_path: Path) -> Importer:
    """Imports a zip file, or a zip of the files given, and returns the dataset as it ended."""

    def run(source: Path | dict, **choices: object) -> Dataset:
        archive = source if isinstance(source, Path) else write_zip(tmp_path / "set.zip", source)
        dataset = imports.request_import(team, None, archive, "a set", ImportChoices(**choices))
        producing.produce(dataset)
        return dataset

    return run
