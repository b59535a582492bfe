"""What the processor is, as far as the system tells."""

import os

import machine
from machine import processors


def test_the_cores_are_those_that_this_process_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3, 5})
    monkeypatch.setattr(machine, "PORTABLE", False)

    assert processors.cores() == 3


def test_on_another_system_all_cores_count_and_no_flag_is_guessed(monkeypatch):
    monkeypatch.setattr(machine, "PORTABLE", True)

    assert processors.cores() == os.cpu_count()
    assert processors.flags() == set()
    assert processors.name()


def test_a_processor_of_arm_names_its_flags_otherwise(monkeypatch, tmp_path):
    cpu_info = tmp_path / "cpuinfo"
    cpu_info.write_text("processor\t: 0\nFeatures\t: fp asimd bf16\n\nprocessor\t: 1\n")
    monkeypatch.setattr(processors, "_CPU_INFO", cpu_info)
    monkeypatch.setattr(machine, "PORTABLE", False)
    monkeypatch.setattr(processors.platform, "machine", lambda: "aarch64")

    assert processors.flags() == {"fp", "asimd", "bf16"}
