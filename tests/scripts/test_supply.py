"""What the server is made of: no license by surprise, faults that are told, and a bill that others can read."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from subprocess import CompletedProcess
from threading import Thread

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from scripts.supply import advisories, bill_of_materials, image, installed, licenses
from scripts.supply.installed import PYTHON, Package

OURS = Package(PYTHON, "robot", "1.0", ("MIT",), is_shipped=True, digests=("0" * 64,))
FAULT = {"id": "GHSA-1", "aliases": ["CVE-1"], "summary": "It falls over.", "affected": []}


@pytest.fixture(scope="module")
def packages() -> list[Package]:
    return installed.packages()


def test_every_package_here_has_a_license_that_we_took(packages) -> None:
    assert list(licenses.problems(packages)) == []
    shipped = {package.name for package in packages if package.is_shipped}
    assert {"django", "tensorflow-cpu", "bootstrap", "@litertjs/core"} <= shipped
    assert not {"ruff", "axe-core"} & shipped


@pytest.mark.parametrize(
    ("change", "is_refused"),
    [
        ({"licenses": ("GPL-3.0-only",)}, True),
        ({"licenses": ("",)}, True),
        ({"licenses": ("MIT", "LGPL-3.0-only")}, True),
        ({"licenses": ("MIT AND GPL-2.0-only",)}, True),
        ({"licenses": ("MIT OR GPL-2.0-only",)}, False),
        ({"libraries": ("x264",)}, True),
        ({"libraries": ("jpeg",)}, False),
        ({"libraries": ("x264",), "is_shipped": False}, False),
        ({"name": "psycopg", "licenses": ("LGPL-3.0-only",)}, False),
    ],
    ids=str,
)
def test_others_are_refused_also_inside_a_wheel(change, is_refused) -> None:
    assert bool(list(licenses.problems([replace(OURS, **change)]))) == is_refused


@pytest.fixture
def faults(monkeypatch, tmp_path) -> Iterator[dict[str, list]]:
    """A list of faults like OSV's, for a lock file of one package: what it tells of each package."""
    told: dict[str, list] = {"django": [FAULT]}

    class Told(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = told.get(asked["package"]["name"])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"vulns": found} if found else {}).encode())

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    (tmp_path / "test.lock").write_text(f"robot==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    monkeypatch.setattr(advisories, "LOCKS", tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), Told) as server:
        monkeypatch.setattr(advisories, "OSV", f"http://127.0.0.1:{server.server_port}")
        Thread(target=server.serve_forever, daemon=True).start()
        yield told
        server.shutdown()


def test_a_fault_that_the_list_tells_of_is_found_until_it_is_accepted(faults) -> None:
    faults["robot"] = [FAULT]
    found = advisories.of_python()

    (line,) = advisories.judged(found, set())
    assert line.startswith("robot 1.0: CVE-1, GHSA-1.")
    text = '[[fault]]\nid = "CVE-1"\nwhy = "Never called."\nuntil = 2027-01-31\n'
    assert advisories.judged(found, advisories.accepted(text, date(2027, 1, 31))) == []
    assert advisories.judged(found, advisories.accepted(text, date(2027, 2, 1))) == [line]
    with pytest.raises(KeyError, match="why"):
        advisories.accepted('[[fault]]\nid = "CVE-1"\nuntil = 2027-01-31\n', date(2027, 1, 1))


def test_a_list_that_tells_nothing_of_what_everyone_knows_counts_as_not_reached(faults) -> None:
    faults["django"] = []
    with pytest.raises(advisories.NotReached):
        advisories.of_python()


def test_without_a_network_a_note_is_all(monkeypatch, capsys) -> None:
    monkeypatch.setattr(advisories, "OSV", "http://127.0.0.1:1")
    monkeypatch.setattr(advisories, "of_npm", list)
    advisories.main()
    assert "not checked, since the list can't be reached (ConnectionError)" in capsys.readouterr().out


def test_the_bill_of_materials_keeps_its_format_and_is_the_same_for_the_same_packages(packages) -> None:
    moment = datetime(2027, 1, 9, tzinfo=UTC)
    bill = bill_of_materials.bill(packages, moment)

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None
    assert bill == bill_of_materials.bill(packages, moment)
    names = {one["name"] for one in bill["components"]}
    assert {"django", "htmx.org"} <= names
    assert "pytest" not in names
    (av,) = (one for one in bill["components"] if one["name"] == "av")
    assert {"x264": "GPL-2.0-or-later"}.items() <= {
        one["name"]: one["licenses"][0]["expression"] for one in av["components"] if "licenses" in one
    }.items()


@pytest.mark.parametrize(("fails", "words"), [("info", "doesn't run"), ("compose", "no Compose 2")])
def test_where_docker_is_missing_a_sentence_says_so(fails: str, words: str, monkeypatch) -> None:
    def answer(command) -> CompletedProcess:
        return CompletedProcess(command, int(fails in command))

    monkeypatch.setattr(image.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert words in image.missing(answer)
    monkeypatch.setattr(image.shutil, "which", lambda name: None)
    assert "isn't installed, so no image was built" in image.missing(answer)


def test_a_service_that_is_not_there_is_not_healthy() -> None:
    assert image.unhealthy({"web": "healthy", "db": "starting"}, ["web", "db", "redis"]) == ["db", "redis"]
