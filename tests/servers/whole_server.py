"""A real server with its real broker and real Celery workers, beside the tests and with a data folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.server.client import Client
from bench.server.local_server import LocalServer
from datasets.sample import sample_dataset


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    """The whole server, with the tiny model in its catalog and without the demo."""
    folder = tmp_path_factory.mktemp("system")
    (folder / "home").mkdir()
    choices = {
        "FTCML_TEST_CATALOG": "1",
        "FTCML_DEMO": "0",
        "FTCML_SWEEP_SECONDS": "2",
        "FTCML_LOG_FORMAT": "json",
        "FTCML_METRICS_TOKEN": "for Prometheus",
        "HOME": str(folder / "home"),
    }
    with LocalServer(folder / "data", **choices) as server:
        yield server


@pytest.fixture(scope="session")
def api(system: LocalServer) -> Client:
    """A coach's program."""
    system.manage("add_member", "carla", "--team", "7001", "--role", "coach", "--password", "correct horse battery")
    return Client(system.url, "carla", "correct horse battery")


@pytest.fixture(scope="session")
def rendered_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zip of forty rendered frames."""
    archive = tmp_path_factory.mktemp("archive") / "sample.zip"
    sample_dataset.write_archive(archive, frames=40)
    return archive


@pytest.fixture(scope="session")
def rendered_dataset(api: Client, rendered_archive: Path) -> str:
    """The id of a READY dataset of those frames, imported over the API."""
    dataset = api.import_dataset(rendered_archive, "forty rendered frames")
    assert api.wait_for_dataset(dataset, 60)["state"] == "READY"
    return dataset
