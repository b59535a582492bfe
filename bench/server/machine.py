"""What a figure was measured on."""

from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psutil

from machine import processors


@dataclass(frozen=True)
class Machine:
    """`cores`: that this process may use. `memory_gb`: of the whole machine. `tensorflow`: its version."""

    cores: int
    processor: str
    avx512: bool
    bfloat16: bool
    memory_gb: float
    tensorflow: str

    def __str__(self) -> str:
        flags = ", ".join(f"{name} {'yes' if has else 'no'}" for name, has in self._flags().items())
        return (
            f"{self.cores} cores of {self.processor} ({flags}), {self.memory_gb:.0f} GB of memory, "
            f"TensorFlow {self.tensorflow}"
        )

    def _flags(self) -> dict[str, bool]:
        return {"avx512": self.avx512, "bf16": self.bfloat16}


def describe() -> Machine:
    """This machine, as it describes itself."""
    flags = processors.flags()
    return Machine(
        cores=processors.cores(),
        processor=processors.name(),
        avx512="avx512f" in flags,
        bfloat16=any(flag.endswith("bf16") for flag in flags),
        memory_gb=round(psutil.virtual_memory().total / 1e9, 1),
        tensorflow=metadata.version(metadata.packages_distributions()["tensorflow"][0]),
    )


def peak_bytes() -> int:
    """The most memory that this process had at one time so far."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
