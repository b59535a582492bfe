"""The programs printed in docs/contributors/tflite.md work as they stand there."""

import re
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from tests.detector.exported import drawn_pictures

pytestmark = pytest.mark.tensorflow

DOCUMENT = settings.BASE_DIR / "docs" / "contributors" / "tflite.md"
PROGRAMS = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)


@pytest.mark.parametrize("program", PROGRAMS, ids=["litert", "mediapipe"])
def test_a_printed_program_names_what_it_finds(program: str, exported: Path, tmp_path: Path):
    if "mediapipe" in program and not find_library("GLESv2"):
        pytest.skip("MediaPipe needs system libraries: on Debian, apt-get install libegl1 libgles2")
    (tmp_path / "model.tflite").write_bytes(exported.read_bytes())
    Image.fromarray(drawn_pictures(1)[0]).save(tmp_path / "picture.jpg", quality=95)
    answer = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert answer.stdout.startswith("cone 0.")
