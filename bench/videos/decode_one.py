"""One video decoded in a process of its own, with limits; what came of it is the last line, as JSON.

python -m bench decode_one film.mp4 --differing 200
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.server import machine
from machine.children import Limits as ChildLimits
from machine.children import confine
from videos.decoding import decoder
from videos.decoding.choosing import Choice, Differing, EveryNth
from videos.decoding.undecodable import UndecodableVideo

LIMITS = ChildLimits(processor_seconds=600, seconds=600, memory_bytes=1_000_000_000)
# As in the server's settings, but for the number of frames.
VIDEO_LIMITS = decoder.Limits(seconds=1000, pixels=3840 * 2160, frames=100_000)


def main(arguments: Sequence[str] | None = None) -> int:
    began = time.monotonic()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--differing", type=int, help="so many frames (default: every frame)")
    options = parser.parse_args(arguments)
    confine(LIMITS, os.getppid())
    choice: Choice = Differing(options.differing) if options.differing else EveryNth()
    first = 0.0
    sizes = []
    refusal = ""
    try:
        decoder.probe(options.path, VIDEO_LIMITS)
        for frame in decoder.decode(options.path, choice, VIDEO_LIMITS):
            first = first or time.monotonic() - began
            sizes.append(len(frame.picture.jpeg))
    except UndecodableVideo as undecodable:
        refusal = undecodable.reason.code
    figures = {
        "frames": len(sizes),
        "megabytes": sum(sizes) / 1e6,
        "first": first,
        "seconds": time.monotonic() - began,
        "peak_mb": machine.peak_bytes() / 1e6,
        "refusal": refusal,
    }
    print(json.dumps(figures), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
