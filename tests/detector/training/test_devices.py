"""What a machine's processor can do decides what the network computes in."""

from pathlib import Path

import numpy as np
import pytest

from detector.contract import catalog
from machine import processors

pytestmark = pytest.mark.tensorflow


@pytest.fixture
def processor(tmp_path: Path, monkeypatch):
    """Makes this machine's processor say that it can do only what is named."""

    def with_flags(*flags: str) -> None:
        (tmp_path / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: {' '.join(flags)}\n\n")
        monkeypatch.setattr(processors, "_CPU_INFO", tmp_path / "cpuinfo")

    return with_flags


@pytest.mark.parametrize("flag", ["avx512_bf16", "amx_bf16"])
def test_a_processor_with_bfloat16_uses_it(processor, flag):
    from detector.training import devices

    processor("fpu", "avx2", flag)
    assert devices.precision("cpu") == "bfloat16"


def test_any_other_processor_computes_in_float32(processor):
    from detector.training import devices

    processor("fpu", "avx2", "avx512f")
    assert devices.precision("cpu") == "float32"
    assert devices.precision("gpu") == "float32"


def test_a_processor_that_is_held_to_avx2_computes_in_float32(processor, monkeypatch):
    from detector.training import devices

    processor("fpu", "avx2", "avx512f", "avx512_bf16", "amx_bf16")
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", "AVX2")
    assert devices.precision("cpu") == "float32"
    assert processors.flags() == {"fpu", "avx2"}


def test_an_emulated_processor_does_not_take_the_flags_of_the_machine_under_it(processor, monkeypatch):
    """As qemu shows them: it would imitate bfloat16, many times slower."""
    from detector.training import devices

    monkeypatch.setattr(processors.platform, "machine", lambda: "aarch64")
    processor("fpu", "avx512_bf16")
    assert devices.precision("cpu") == "float32"


def test_a_system_that_does_not_tell_computes_in_float32(tmp_path, monkeypatch):
    from detector.training import devices

    monkeypatch.setattr(processors, "_CPU_INFO", tmp_path / "none")
    assert devices.precision("cpu") == "float32"


def test_in_bfloat16_a_network_says_nearly_the_same():
    from detector import network

    exact, coarse = (network.build(catalog.starting_model(catalog.DEFAULT), 1, how) for how in ("float32", "bfloat16"))
    picture = np.random.default_rng(0).uniform(-1, 1, (1, exact.input_size, exact.input_size, 3)).astype(np.float32)
    for name, values in exact.network(picture).items():
        other = coarse.network(picture)[name]
        assert other.dtype == values.dtype == np.float32
        assert np.corrcoef(np.ravel(values), np.ravel(other))[0, 1] > 0.999
