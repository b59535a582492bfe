"""What the processor of this machine is and can do."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import machine

_CPU_INFO = Path("/proc/cpuinfo")
# oneDNN, which computes for TensorFlow, uses nothing beyond what this names.
_ONEDNN_LIMIT = "ONEDNN_MAX_CPU_ISA"


def cores() -> int:
    """Return how many cores this process may use."""
    if machine.PORTABLE:
        return os.cpu_count() or 1
    return len(os.sched_getaffinity(0))


def flags() -> set[str]:
    """Return what the processor says it can do, by the names of Linux; nothing where the system doesn't tell.

    An emulator of another processor may show what the machine under it can do, in that one's own words.
    ONEDNN_MAX_CPU_ISA=AVX2 makes a processor one of 2013, for benches: then there is nothing newer here either.
    """
    found = set(_first_processor().get("flags" if platform.machine() == "x86_64" else "Features", "").split())
    if os.environ.get(_ONEDNN_LIMIT) == "AVX2":
        return {flag for flag in found if not flag.startswith(("avx512", "avx_", "amx"))}
    return found


def name() -> str:
    """Return the name by which people know the processor."""
    if sys.platform == "darwin":
        answer = subprocess.run(["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True)
        return answer.stdout.strip() or platform.processor()
    return _first_processor().get("model name") or platform.machine()


def _first_processor() -> dict[str, str]:
    """Return the fields of the first processor that Linux lists."""
    if machine.PORTABLE or not _CPU_INFO.exists():
        return {}
    lines = _CPU_INFO.read_text().split("\n\n")[0].splitlines()
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return {key.strip(): value.strip() for key, value in pairs}
