"""How fast imports are, how much memory they take, and how near they come to a bare loop over the same pictures.

    make bench BENCH=imports
    python -m bench imports --frames 1000

Rendered photographs of 640 × 480 pixels in Pascal VOC zips: as upright JPEGs, which are stored as they are but for
their metadata; and as JPEGs turned by the camera and as PNG files, each of which is decoded and encoded again. A large
zip repeats a few hundred pictures. Each import runs in a process of its own, whose peak memory is that of an import
worker. The bare loop decodes, turns and encodes the same pictures, from memory, with as many threads as the import has,
and does nothing else.
"""

import argparse
import io
import multiprocessing
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from itertools import cycle, islice
from pathlib import Path

from PIL import ExifTags, Image, ImageOps

from bench.server import machine, report, settings
from bench.server.report import Target
from bench.speed.memory import GIGABYTE, MAY_GROW_GB

FRAMES = (1_000, 20_000)
DISTINCT = 200
AS_IT_IS, TURNED, PNG = "upright JPEG", "turned JPEG", "PNG"
LEAST_RATIO = 0.7
# A bare loop over more pictures only takes longer.
_BARE_FRAMES = 1_000
# More PNG files of this size are more than a zip may hold.
_MOST_PNG = 2_000
_QUARTER_TURN = 6


@dataclass(frozen=True)
class Speed:
    """One import. `cpu_ms`: of processor time for each frame, by all threads; it hardly depends on what else runs.

    `ratio`: of the frames a second to those of the bare loop; None for pictures that need no encoding. `bare_cpu_ms`:
    the bare loop's processor time for each frame.
    """

    pictures: str
    frames: int
    frames_per_second: float
    cpu_ms: float
    peak_gb: float
    ratio: float | None = None
    bare_cpu_ms: float | None = None


@dataclass(frozen=True)
class Picture:
    """A rendered photograph as a file of each kind, and the annotation that fits all."""

    files: dict[str, bytes]
    annotation: bytes


def rendered(count: int) -> list[Picture]:
    """Different pictures, each with the place of the camera in its metadata."""
    from datasets.formats.voc.voc import annotation_text
    from datasets.sample import sample_dataset

    return [
        Picture({AS_IT_IS: one.read(), TURNED: _turned(one.read()), PNG: _png(one.read())}, annotation_text(one))
        for one in sample_dataset.samples(count)
    ]


def write_archive(path: Path, pictures: Sequence[Picture], kind: str, frames: int) -> None:
    """A zip of so many frames, which repeats the pictures."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for number, picture in enumerate(islice(cycle(pictures), frames)):
            archive.writestr(f"images/{number:05d}.jpg", picture.files[kind])
            archive.writestr(f"annotations/{number:05d}.xml", picture.annotation)


@dataclass(frozen=True)
class Took:
    """Seconds on the clock and of processor time, and the most bytes of memory."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


def imported(archive: Path, data: Path) -> Took:
    """Import the archive in this process, on a new database in the folder `data`."""
    os.environ["REDIS_URL"] = "redis://127.0.0.1:1/0"  # nobody is to wake
    settings.use(data)
    from django.core.management import call_command

    from datasets.importing import producing
    from datasets.services import imports
    from ftcml.accounts.models import Team

    call_command("migrate", verbosity=0)
    team = Team.objects.create(number=1, name="Bench")
    dataset, lease = imports.receive(team, None, archive, "bench")
    began, cpu_began = time.perf_counter(), time.process_time()
    producing.produce_held(dataset, lease)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu_began
    if dataset.state != dataset.State.READY:
        raise RuntimeError(dataset.error)
    return Took(seconds, cpu_seconds, machine.peak_bytes())


def bare(kind: str, pictures: Sequence[Picture]) -> Took:
    """Decode, turn and encode pictures of the kind, with all cores."""
    from machine.processors import cores

    files = list(islice(cycle(picture.files[kind] for picture in pictures), _BARE_FRAMES))
    began, cpu_began = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(cores()) as pool:
        for _ in pool.map(_encoded_anew, files):
            pass
    return Took(time.perf_counter() - began, time.process_time() - cpu_began, 0)


def _encoded_anew(file: bytes) -> int:
    stream = io.BytesIO()
    ImageOps.exif_transpose(Image.open(io.BytesIO(file))).save(stream, "JPEG", quality=95)
    return stream.tell()


def _turned(jpeg: bytes) -> bytes:
    """The picture as a camera stores it that was held on its side, of the same shape on the screen."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = _QUARTER_TURN
    stream = io.BytesIO()
    Image.open(io.BytesIO(jpeg)).transpose(Image.Transpose.ROTATE_90).save(stream, "JPEG", quality=88, exif=exif)
    return stream.getvalue()


def _png(jpeg: bytes) -> bytes:
    stream = io.BytesIO()
    Image.open(io.BytesIO(jpeg)).save(stream, "PNG")
    return stream.getvalue()


def measure(kind: str, frames: int, pictures: Sequence[Picture], folder: Path) -> Speed:
    """Make an archive and import it; with the bare loop before and after it where there is one.

    What was imported stays until all is measured: for minutes after a file was removed, some file systems take long to
    make a new one.
    """
    print(f"… {frames:,} frames, {kind}", file=sys.stderr, flush=True)
    archive = folder / "set.zip"
    write_archive(archive, pictures, kind, frames)
    loops = [bare(kind, pictures)] if kind != AS_IT_IS else []
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        took = pool.submit(imported, archive, folder / f"{kind}-{frames}").result()
    per_second, cpu_ms = frames / took.seconds, 1000 * took.cpu_seconds / frames
    speed = Speed(kind, frames, per_second, cpu_ms, took.peak_bytes / GIGABYTE)
    if not loops:
        return speed
    loops.append(bare(kind, pictures))
    per_loop = _BARE_FRAMES * len(loops)
    bare_per_second = per_loop / sum(loop.seconds for loop in loops)
    bare_cpu_ms = 1000 * sum(loop.cpu_seconds for loop in loops) / per_loop
    return replace(speed, ratio=per_second / bare_per_second, bare_cpu_ms=bare_cpu_ms)


def targets(speeds: Sequence[Speed]) -> list[Target]:
    by_frames = sorted(speeds, key=lambda speed: speed.frames)
    few, many = by_frames[0], by_frames[-1]
    grown = max(speed.peak_gb for speed in speeds) - min(speed.peak_gb for speed in speeds)
    return [
        *(_ratio_target(speed) for speed in speeds if speed.ratio),
        Target(f"GB that {many.frames:,} frames take more than {few.frames:,}", grown, "at most", MAY_GROW_GB),
    ]


def _ratio_target(speed: Speed) -> Target:
    promise = f"part of the bare loop's speed, {speed.frames:,} × {speed.pictures}"
    return Target(promise, speed.ratio, "at least", LEAST_RATIO)


def faster_as_it_is(speeds: Sequence[Speed], frames: int) -> float:
    """How many times as fast pictures are that need no change."""
    speed_of = {speed.pictures: speed.frames_per_second for speed in speeds if speed.frames == frames}
    return speed_of[AS_IT_IS] / speed_of[TURNED]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    settings.use()
    report.print_machine()
    pictures = rendered(min(DISTINCT, *options.frames))
    with tempfile.TemporaryDirectory() as folder:
        speeds = [
            measure(kind, frames, pictures, Path(folder))
            for frames in options.frames
            for kind in (AS_IT_IS, TURNED, PNG)
            if kind != PNG or frames <= _MOST_PNG
        ]
    report.print_table(
        "Imports of 640 × 480 pictures",
        ("pictures", "frames", "frames/s", "of the bare loop's", "CPU ms/frame", "bare loop's", "peak memory, GB"),
        [_row(speed) for speed in speeds],
    )
    print()
    for frames in options.frames:
        times = faster_as_it_is(speeds, frames)
        print(f"{frames:,} frames that need no change: {times:.1f} times as fast as turned ones.")
    return report.finish({"imports": [asdict(speed) for speed in speeds]}, targets(speeds))


def _row(speed: Speed) -> tuple[str, ...]:
    return (
        speed.pictures,
        f"{speed.frames:,}",
        report.number(speed.frames_per_second),
        report.number(speed.ratio, 2),
        report.number(speed.cpu_ms, 1),
        report.number(speed.bare_cpu_ms, 1),
        report.number(speed.peak_gb, 3),
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--frames", type=int, action="append", help=f"of an archive; may be repeated (default: {FRAMES})"
    )
    options = parser.parse_args(arguments)
    options.frames = options.frames or list(FRAMES)
    return options


if __name__ == "__main__":
    sys.exit(main())
