"""Another time of day for single processes, whose clocks are wrong or set while they run."""

import shutil
import subprocess
from pathlib import Path

from bench.chaos.chaos_room import CannotPlay

_SOURCE = Path(__file__).with_name("other_time.c")


class OtherTime:
    """The clock of the processes that are started with `environment`."""

    def __init__(self, folder: Path, name: str, seconds: int) -> None:
        """`seconds`: by how much it is wrong at first. Raises CannotPlay where there is no C compiler."""
        self._note = folder / f"{name}.clock"
        self.environment = {"LD_PRELOAD": str(_library(folder)), "FTCML_BENCH_CLOCK": str(self._note)}
        self.set(seconds)

    def set(self, seconds: int) -> None:
        """Have the clock be wrong by so much from now on."""
        fresh = self._note.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self._note)


def _library(folder: Path) -> Path:
    compiler = shutil.which("cc")
    if compiler is None:
        raise CannotPlay("another time for single processes needs a C compiler: install your system's package gcc")
    library = folder / "other_time.so"
    if not library.exists():
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, _SOURCE, "-ldl"], check=True)
    return library
