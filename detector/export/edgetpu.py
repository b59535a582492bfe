"""Compiles a file for a Google Coral, where Google's compiler is on this machine (there is one for Linux on x86)."""

import logging
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

COMPILER = "edgetpu_compiler"
# It takes a few seconds for SSD MobileNet. A job's end shall not wait longer for a file that few need.
_SECONDS = 120

log = logging.getLogger(__name__)


def compiled(model: bytes) -> bytes | None:
    """The same 8-bit model with its convolutions on the Edge TPU. None without a compiler, or if it fails."""
    program = shutil.which(COMPILER)
    if program is None:
        return None
    with TemporaryDirectory(prefix="edgetpu-") as folder:
        source = Path(folder) / "model.tflite"
        source.write_bytes(model)
        try:
            subprocess.run(
                [program, "--out_dir", folder, str(source)],
                check=True, capture_output=True, text=True, timeout=_SECONDS,
            )  # fmt: skip
            return source.with_name("model_edgetpu.tflite").read_bytes()
        except subprocess.CalledProcessError as error:
            log.warning("%s took no file of this model: %s", COMPILER, (error.stderr or error.stdout)[-500:])
        except (OSError, subprocess.TimeoutExpired) as error:
            log.warning("%s made no file of this model: %s", COMPILER, error)
    return None
