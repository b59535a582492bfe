"""Large answers are sent while they are made, by a thread that does nothing else."""

import http.client
import io
import zipfile

import pytest

from datasets import production
from ftcml.accounts.models import Team
from tests.datasets.archives import sound_frames, write_zip


@pytest.fixture
def a_dataset(team: Team, coach, tmp_path, settings) -> str:
    """The id of a dataset whose files lie where the server looks for them."""
    storages = {**settings.STORAGES}
    options = {**storages["default"]["OPTIONS"], "location": str(settings.DATA_DIR / "files")}
    settings.STORAGES = {**storages, "default": {**storages["default"], "OPTIONS": options}}
    write_zip(tmp_path / "set.zip", sound_frames(600))
    choices = production.ImportChoices(eval_percent=20)
    dataset = production.request_import(team, coach, tmp_path / "set.zip", "many frames", choices)
    production.produce(dataset)
    dataset.refresh_from_db()
    assert dataset.state == "READY", dataset.error
    return str(dataset.pk)


def test_a_download_with_many_rows_comes_whole(port: int, token: str, a_dataset: str) -> None:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Token {token}"}
    client.request("GET", f"/api/v1/datasets/{a_dataset}/download/?format=coco", headers=headers)
    answer = client.getresponse()
    assert answer.status == 200
    # Pages are made meanwhile by the threads that began this answer.
    for _ in range(40):
        other = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        other.request("GET", f"/api/v1/datasets/{a_dataset}/", headers=headers)
        assert other.getresponse().status == 200
        other.close()
    archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    assert archive.testzip() is None
    assert sum(name.endswith(".jpg") for name in archive.namelist()) == 600
