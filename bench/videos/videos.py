"""How fast videos become frames, and finished frames a dataset.

    make bench BENCH=videos
    make bench BENCH=videos DATA=/path/to/voc.zip ARGS='--ffmpeg /path/to/ffmpeg'

The film is made of photographs under a moving camera; without a zip with some, of rendered ones.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.server import report, settings
from bench.videos import extraction, production

_ROUNDS = 3


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    settings.use()
    report.print_machine()
    with tempfile.TemporaryDirectory(prefix="ftcml-bench-") as folder:
        targets = extraction.measure(Path(folder), options.data, options.rounds, options.seconds, options.ffmpeg)
    produced = production.measure(options.frames)
    figures = {"extraction": [asdict(target) for target in targets], "production": [asdict(one) for one in produced]}
    return report.finish(figures, [*targets, *produced])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a zip with photographs (default: rendered pictures)")
    parser.add_argument("--seconds", type=int, default=extraction.SECONDS, help="of the film (default: %(default)s)")
    parser.add_argument("--frames", type=int, default=production.FRAMES, help="of a dataset (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="in turn with ffmpeg (default: %(default)s)")
    parser.add_argument("--ffmpeg", help="the program to compare with (default: the one on the path)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
