"""Write what the server is made of, Python's packages and npm's together, as a CycloneDX bill of materials.

python -m scripts.supply.bill_of_materials [FILE]

The same packages give the same bytes: the time in it is SOURCE_DATE_EPOCH's, where that is set, and its serial number
follows from its content.
"""

import json
import os
import sys
import tomllib
import uuid
from base64 import b64decode
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from scripts.supply.allowed import TAKEN_LIBRARIES
from scripts.supply.installed import ROOT, Package, packages

_ALGORITHMS = {"sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


def bill(all_of_them: Iterable[Package], moment: datetime) -> dict[str, Any]:
    """Return the bill of materials of the packages that are in the image. Those for tests alone aren't in it."""
    components = [_component(package) for package in all_of_them if package.is_shipped]
    ours = _ours()
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"timestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": ours},
        "components": components,
        "dependencies": [{"ref": ours["bom-ref"], "dependsOn": [one["bom-ref"] for one in components]}],
    }
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(components))
    return {**document, "serialNumber": f"urn:uuid:{number}"}


def _ours() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    name, version = project["name"], project["version"]
    licenses = [{"expression": project["license"]}]
    kind = {"type": "application", "bom-ref": f"{name}@{version}"}
    return {**kind, "name": name, "version": version, "licenses": licenses}


def _component(package: Package) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": package.address,
        "name": package.name,
        "version": package.version,
        "purl": package.address,
        "licenses": _licenses(package.licenses),
    }
    if package.digests:
        made["externalReferences"] = [_file(package.address, digest) for digest in package.digests]
    if package.libraries:
        made["components"] = [_library(package, name) for name in package.libraries]
    return made


def _file(address: str, digest: str) -> dict[str, Any]:
    """Return one of the files that the lock file takes: a package has several, for several machines."""
    algorithm, text = "sha256", digest
    if "-" in digest:  # as npm writes it
        algorithm, _, encoded = digest.partition("-")
        text = b64decode(encoded).hex()
    return {"type": "distribution", "url": address, "hashes": [{"alg": _ALGORITHMS[algorithm], "content": text}]}


def _library(package: Package, name: str) -> dict[str, Any]:
    """Return a library of others in a wheel. Its version isn't told there."""
    license_ = TAKEN_LIBRARIES.get(package.name, {}).get(name)
    made: dict[str, Any] = {"type": "library", "bom-ref": f"{package.address}#{name}", "name": name}
    return {**made, "licenses": _licenses((license_,))} if license_ else made


def _licenses(said: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return one expression, or names for what SPDX doesn't know: the format has no place for both."""
    expressions = [_expression(words) for words in said]
    if all(expressions):
        joined = expressions[0] if len(expressions) == 1 else " AND ".join(f"({one})" for one in expressions)
        return [{"expression": joined}]
    return [{"license": {"name": words}} for words in said]


def _expression(words: str) -> str:
    try:
        return canonicalize_license_expression(words)
    except InvalidLicenseExpression:
        return ""


def main() -> None:
    moment = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or datetime.now(UTC).timestamp()), UTC)
    text = json.dumps(bill(packages(), moment), indent=1) + "\n"
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
