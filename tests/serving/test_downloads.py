"""Large answers are sent while they are made, by a thread that does nothing else."""

import http.client
import io
import zipfile

import pytest
from django.test import Client

from bench.server.client import wait_until
from datasets.importing import producing
from datasets.services import imports
from ftcml.accounts.models import Team
from ftcml.core.requests import client_limits
from tests.datasets.archives import sound_frames, write_zip
from tests.factories import TrainingJobFactory
from tests.serving.requests import head

# 9 MB, more than the system keeps of an answer.
WASM = head("/static/litert/core/wasm/litert_wasm_internal.wasm", method="GET")


@pytest.fixture
def a_dataset(team: Team, coach, tmp_path, settings) -> str:
    """The id of a dataset whose files lie where the server looks for them."""
    storages = {**settings.STORAGES}
    options = {**storages["default"]["OPTIONS"], "location": str(settings.DATA_DIR / "files")}
    settings.STORAGES = {**storages, "default": {**storages["default"], "OPTIONS": options}}
    write_zip(tmp_path / "set.zip", sound_frames(600))
    choices = imports.ImportChoices(eval_percent=20)
    dataset = imports.request_import(team, coach, tmp_path / "set.zip", "many frames", choices)
    producing.produce(dataset)
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


def test_strangers_take_no_place_of_those_who_are_signed_in(port, connect, member_client: Client, team: Team) -> None:
    first = connect(WASM)
    assert first.recv(12).endswith(b"200")
    # All of them stop there.
    strangers = [connect(WASM) for _ in range(client_limits.LARGE_ANSWERS + client_limits.LARGE_ANSWERS_OF_AN_ADDRESS)]
    statuses = [stranger.recv(12)[-3:] for stranger in strangers]
    member = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    cookie = f"sessionid={member_client.cookies['sessionid'].value}"
    member.request("GET", f"/models/{TrainingJobFactory(team=team).pk}/metrics.csv", headers={"Cookie": cookie})
    assert member.getresponse().status == 200
    assert statuses.count(b"200") == client_limits.LARGE_ANSWERS_OF_AN_ADDRESS - 1
    assert set(statuses) == {b"200", b"503"}
    # Who leaves gives the place back.
    first.close()
    wait_until(lambda: connect(WASM).recv(12)[-3:], lambda status: status == b"200", 20)
