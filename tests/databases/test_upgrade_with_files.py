"""A data folder of version 0.1.0, with files, is brought to this version: its model is shown and downloaded.

tests/databases/upgrade/0.1.0.data.tar.gz is what that version left: twelve frames imported, and the tiny test model
trained on them for 100 steps. To keep it small, its checkpoint and all of its model files but int8 are zeros.
"""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.conf import settings

HERE = Path(__file__).parent / "upgrade"


def in_that_server(data: Path, *command: str) -> str:
    environment = {**os.environ, "FTCML_DATA": str(data)}
    environment.pop("DATABASE_URL", None)
    ran = subprocess.run(
        [sys.executable, *command], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with tarfile.open(HERE / "0.1.0.data.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


def test_a_model_of_the_first_version_is_shown_downloaded_and_backed_up(data: Path) -> None:
    seen = json.loads(in_that_server(data, "-m", "tests.databases.upgrade.look").splitlines()[-1])
    (model,) = (data / "files").rglob("model-int8.tflite")
    assert seen["model"] == {"state": "SUCCEEDED", "steps": 100, "bytes": model.stat().st_size}
    assert seen["is_the_file_of_then"]
    assert seen["pages"] == {"models": 200, "details": 200, "images": 200, "dataset": 200, "picture": 200}
    assert seen["lost"] == []
    assert seen["backup"] == {"files": seen["files"], "lost": []}
