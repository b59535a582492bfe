"""Check the pages' code: `python scripts/browser_code.py lint|types|tests|format`.

The tools lie in node_modules. They run on the Node.js that Playwright brings along, so that none need be installed.
"""

import subprocess
import sys
from pathlib import Path

import playwright

ROOT = Path(__file__).resolve().parent.parent
NODE = Path(playwright.__file__).parent / "driver" / "node"
TESTS = ROOT / "tests" / "browser"
_packages = ROOT / "node_modules"
_BIOME = _packages / "@biomejs" / "biome" / "bin" / "biome"
_TYPESCRIPT = _packages / "typescript" / "bin" / "tsc"


def command(name: str, node: Path = NODE) -> list[str]:
    """Return the command behind a name: one that only looks, or `format`, which repairs what it can."""
    words: dict[str, list[str | Path]] = {
        "lint": [_BIOME, "check", "--error-on-warnings", "--colors=off"],
        "types": [_TYPESCRIPT, "--project", ROOT / "jsconfig.json"],
        "tests": ["--test", *sorted(TESTS.glob("*.test.js"))],
        "format": [_BIOME, "check", "--write"],
    }
    return [str(node), *map(str, words[name])]


if __name__ == "__main__":
    for asked in sys.argv[1:]:
        if subprocess.run(command(asked), cwd=ROOT).returncode:
            sys.exit(1)
