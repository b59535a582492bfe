"""`python -m detector train DIR` trains the job of a folder; `spare` waits for one. attempt_files.py: the contract.

`speed` says how fast this machine trains, and `convert` turns a checkpoint of the Detection Zoo into starting weights.
`inspect` prints what an exported file takes and gives.
"""

import argparse
import gc
import importlib.util
import json
import os
import signal
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path

from machine.parents import end_with_parent

_NICE = 10
# A step takes and frees gigabytes in large pieces. With these settings of glibc's malloc the freed memory stays with
# the process, in huge pages; without them a quarter of a step is the kernel handing the same pages out again.
_MALLOC = {"hugetlb": 1, "arena_max": 1, "mmap_max": 0, "top_pad": 1 << 26, "trim_threshold": 1 << 33}
# What the environment of a trainer says before it starts. TensorFlow uses oneDNN's convolutions by itself only on
# processors with AVX-512; on those with AVX2 a step takes three quarters of the time with them.
ENVIRONMENT = {
    "GLIBC_TUNABLES": ":".join(f"glibc.malloc.{name}={value}" for name, value in _MALLOC.items()),
    "TF_ENABLE_ONEDNN_OPTS": "1",
}
# Python looks for garbage after every 700 new objects. To import TensorFlow and to build a graph makes millions that
# stay: a fifth of the time before the first step would go into looking through them again and again.
_GARBAGE_THRESHOLDS = (100_000, 50, 100)
# Packages of tf-models-official that import all of its tasks, data sets and plots when one module of them is asked for:
# a fifth of the processor time of all imports, and 550 modules.
_LEFT_EMPTY = ("official.core", "official.vision")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m detector", description="Train a detector.")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train the job whose job.json is in a folder")
    train.add_argument("folder", type=Path, metavar="DIR")
    commands.add_parser("spare", help="import everything, wait for a folder's path on standard input, train, end")
    speed = commands.add_parser("speed", help="say how fast this machine trains a starting model, as JSON")
    speed.add_argument("model", metavar="NAME")
    convert = commands.add_parser("convert", help="turn a checkpoint of the TF2 Detection Zoo into starting weights")
    convert.add_argument("prefix", metavar="CHECKPOINT", help="its path without .index, such as checkpoint/ckpt-0")
    convert.add_argument("archive", metavar="ARCHIVE", help="the name of the zoo's archive that it is from")
    convert.add_argument("target", type=Path, metavar="FILE.npz")
    inspect = commands.add_parser("inspect", help="print what an exported file takes and gives")
    inspect.add_argument("file", type=Path, metavar="FILE", help="a .tflite file, an .onnx file, or a zip with some")
    arguments = parser.parse_args()
    if arguments.command == "inspect":
        sys.exit(_inspect(arguments.file))
    _set_environment()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    gc.set_threshold(*_GARBAGE_THRESHOLDS)
    _leave_packages_empty()
    if arguments.command == "spare":
        _spare()
    elif arguments.command == "speed":
        _speed(arguments.model)
    elif arguments.command == "convert":
        _convert(arguments.prefix, arguments.archive, arguments.target)
    elif not _train_for_a_person(arguments.folder):
        sys.exit(1)


def _leave_packages_empty() -> None:
    """Let those packages be there without what they import. Their modules are found as ever."""
    for name in _LEFT_EMPTY:
        if found := importlib.util.find_spec(name):
            sys.modules[name] = importlib.util.module_from_spec(found)


def _train_for_a_person(folder: Path) -> bool:
    """Train with a progress bar, if on a terminal. Returns whether it did not fail."""
    from tqdm import tqdm

    from detector.contract import attempt_files, reports
    from detector.training.train import train

    job = folder / attempt_files.JOB
    steps = json.loads(job.read_text()).get("steps") if job.exists() else None
    with tqdm(total=steps, unit="step", disable=None) as bar:

        def show(progress: reports.Progress) -> None:
            bar.set_description(progress.phase, refresh=False)
            bar.update(progress.step - bar.n)

        result = train(folder, show)
    print(result.sentence or f"{result.outcome} at step {result.step}", file=sys.stderr)
    return result.outcome != "failed"


def _spare() -> None:
    """Be ready before there is a job: import TensorFlow and look for accelerators, then train what comes."""
    end_with_parent(signal.SIGKILL)
    os.nice(_NICE)
    from detector.contract import spec
    from detector.export import variants  # noqa: F401 -- what a job will need, imported before there is one
    from detector.training import devices
    from detector.training.train import train

    equipment = devices.detect()
    ready = {"ready": True, "accelerator": equipment.accelerator, "devices": equipment.devices, "format": spec.FORMAT}
    print(json.dumps(ready), flush=True)
    path = sys.stdin.readline().strip()
    if not path:
        return
    threading.Thread(target=_exit_at_end_of_input, daemon=True).start()
    folder = Path(path)
    _log_into(folder)
    _put_temporary_files_into(folder / "temporary")
    train(folder, written=lambda: _exit(0))


def _speed(model: str) -> None:
    """Measure with what a job would have, and print the Speed as JSON."""
    end_with_parent(signal.SIGKILL)
    os.nice(_NICE)
    from detector.training.speed import measure

    print(json.dumps(asdict(measure(model))), flush=True)
    _exit(0)


def _convert(prefix: str, archive: str, target: Path) -> None:
    """Write the weights; or say on standard output, in a sentence, why they cannot be had, and end with code 1."""
    from detector.weights import zoo

    try:
        zoo.save(zoo.convert(prefix, archive), target)
    except zoo.UnfitCheckpoint as error:
        print(error)
        sys.exit(1)


def _inspect(file: Path) -> str | None:
    """Print what stands in the file. Returns why it cannot be read, None where it was."""
    from detector.export import inspection

    try:
        print(inspection.report(file))
    except (inspection.NotAModel, OSError) as error:
        return str(error)
    return None


def _set_environment() -> None:
    """Start this process anew with the environment above, which glibc reads before anything else; once."""
    if "GLIBC_TUNABLES" not in os.environ:
        os.environ.update({**ENVIRONMENT, **os.environ})
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 (there is no shell in it)


def _exit_at_end_of_input() -> None:
    """The supervisor keeps the pipe open as long as it lives."""
    while sys.stdin.read(1):
        pass
    _exit(1)


def _exit(code: int) -> None:
    """At once: TensorFlow would wait for its threads, which have nothing to say any more."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _log_into(folder: Path) -> None:
    """From now on all output, of TensorFlow's own threads too, goes into the attempt's log."""
    from detector.contract import attempt_files

    log = os.open(folder / attempt_files.LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    sys.stdout.flush()
    for stream in (sys.stdout, sys.stderr):
        os.dup2(log, stream.fileno())
    os.close(log)


def _put_temporary_files_into(folder: Path) -> None:
    """What TensorFlow leaves of them when this process is killed goes with the attempt's folder."""
    folder.mkdir(exist_ok=True)
    tempfile.tempdir = str(folder)


if __name__ == "__main__":
    main()
