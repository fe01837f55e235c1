"""What schemathesis finds when it puts the built program to the test by its OpenAPI documents.

CONTRACT_EXAMPLES asks for a long run with so many examples for each operation (make contract).
"""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from conftest import SUMMARY, Server

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "contract"
NEO = "neo_sk_test_contract"
BACKSIDE = "bsk_test_" + "Contract" * 5 + "Key"
KEYS = {"neo": NEO, "backside": BACKSIDE, "control-plane": NEO}
OPTIONS = ("--rate-limit", "count", "--clock", "manual", "--fresh-seed", "demo", "--journal", "50", "--check-contract")
LONG = int(os.environ.get("CONTRACT_EXAMPLES", 0))


def configuration(folder):
    """The configuration, with less to do in a short run."""
    text = (FOLDER / "schemathesis.toml").read_text()
    if not LONG:
        text += (FOLDER / "short.toml").read_text()
    text += f"\n[generation]\nmax-examples = {LONG or 5}\ndeterministic = true\n"
    text += f"\n[phases.stateful.generation]\nmax-examples = {LONG or 40}\n"
    (folder / "schemathesis.toml").write_text(text)
    return str(folder / "schemathesis.toml")


class Run:
    """A server of its own, and schemathesis at it."""

    def __init__(self, document, folder):
        self.server = Server(folder, OPTIONS, {})
        answer = self.server.request("POST", "/_understudy/sandbox/credentials", key=NEO, body={"token": BACKSIDE})
        assert answer.status == 201
        # Something for the journal to show.
        for path in ("/public-api/backfills", "/public-api/agents", "/public-api/nowhere"):
            self.server.request("GET", path, key=NEO)
        file = folder / f"{document}.json"
        file.write_bytes(subprocess.check_output([os.environ["UNDERSTUDY"], "openapi", document]))
        self._log = open(folder / "log", "w+")
        self._process = subprocess.Popen(
            [
                str(Path(sys.executable).parent / "schemathesis"), "--config-file", configuration(folder),
                "run", str(file), "--url", self.server.url,
                "--header", f"Authorization: Bearer {KEYS[document]}",
            ],
            cwd=FOLDER, env={**os.environ, "PYTHONHASHSEED": "0"}, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)

    def wait(self):
        """The exit code, and what was said."""
        code = self._process.wait(3600)
        self._log.seek(0)
        return code, self._log.read()

    def stop(self):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        return self.server.stop()


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """All three at once."""
    started = {document: Run(document, tmp_path_factory.mktemp(document)) for document in KEYS}
    yield started
    assert [run.stop() for run in started.values()] == [0] * len(started)


@pytest.mark.parametrize("document", KEYS)
def test_the_server_keeps_to_the_document(runs, document):
    run = runs[document]
    code, said = run.wait()
    assert code == 0, said
    # Each answer was held against its document by the server itself too.
    assert run.server.errors() == ""
    cases = int(re.search(r"(\d+) generated", said)[1])
    links = re.search(r"API Links: +(\d+) covered", said)
    SUMMARY.append(f"{document}: {cases} cases, {links[1] if links else 0} links followed")
    assert cases > 200


def test_every_exception_is_explained():
    found = set()
    for project in tomllib.loads((FOLDER / "schemathesis.toml").read_text())["project"]:
        title = project["title"]
        found |= {(f"all of {title}", check) for check in project.get("checks", {})}
        for entry in project.get("operations", []):
            named = entry["include-operation-id"]
            for operation in [named] if isinstance(named, str) else named:
                found |= {(operation, check) for check in entry.get("checks", {})}
    page = (ROOT / "docs" / "FIDELITY.md").read_text()
    section = re.search(r"\n## Contract tests\n(.*?)(\n## |\Z)", page, re.S)[1]
    explained = set()
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| `"):
            operations, checks = (re.findall(r"`([^`]+)`", cell) for cell in cells[:2])
            explained |= {(operation, check) for operation in operations for check in checks}
    assert found and found == explained
