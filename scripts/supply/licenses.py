"""List the licenses of all packages, and refuse those that we didn't take on purpose.

python -m scripts.supply.licenses            a table of all
python -m scripts.supply.licenses --check    only what may not be, and exit code 1 for any
"""

import sys
from collections.abc import Iterable, Iterator

from scripts.supply.allowed import ALLOWED, FREE_LIBRARIES, TAKEN, TAKEN_LIBRARIES
from scripts.supply.installed import Package, packages


def problems(all_of_them: Iterable[Package]) -> Iterator[str]:
    """Yield a sentence for each package, and for each library in a wheel, that may not be."""
    for package in all_of_them:
        if not all(_is_allowed(package.name, words) for words in package.licenses):
            yield f"{package.name} {package.version}: its license is {_listed(package)}. {_WHAT_TO_DO}"
        if package.is_shipped:
            taken = FREE_LIBRARIES | TAKEN_LIBRARIES.get(package.name, {}).keys()
            for library in package.libraries:
                if library not in taken:
                    yield f"{package.name} {package.version}: its wheel has a library {library}. {_WHAT_TO_DO}"


_WHAT_TO_DO = "Leave it out, or take it on purpose in scripts/supply/allowed.py and docs/contributors/dependencies.md."


def _is_allowed(name: str, words: str) -> bool:
    """Return whether an SPDX expression is fine: of each part joined by AND, one choice of those joined by OR."""
    parts = words.replace("(", "").replace(")", "").split(" AND ")
    return all(any(choice in ALLOWED or (name, choice) in TAKEN for choice in part.split(" OR ")) for part in parts)


def _listed(package: Package) -> str:
    return " and ".join(package.licenses).strip() or "not named"


def _table(all_of_them: Iterable[Package]) -> Iterator[str]:
    for package in all_of_them:
        where = "image" if package.is_shipped else "tests"
        yield f"{where}  {package.address}  {_listed(package)}"
        for library in package.libraries:
            license_ = TAKEN_LIBRARIES.get(package.name, {}).get(library)
            if license_:
                yield f"{where}    with {library}  {license_}"


def main() -> None:
    installed = packages()
    found = list(problems(installed))
    lines = found if "--check" in sys.argv[1:] else [*_table(installed), *found]
    print("\n".join(lines or [f"The licenses of {len(installed)} packages are as we want them."]))
    if found:
        sys.exit(1)


if __name__ == "__main__":
    main()
