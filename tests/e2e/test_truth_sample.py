"""The sample through the command line: what a newcomer sees is the truth of that world."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.e2e.lab_run import differences, truth
from tests.lab.ledger import charge
from tests.lab.shop import shop


@pytest.fixture(scope="module")
def printed() -> dict:
    command = [sys.executable, "-c", "from burn.cli.app import main; main()"]
    command += ["run", "--provider", "aws", "--sample", "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_every_driver(printed: dict) -> None:
    rows: dict[tuple[str, str], float] = {}
    for row in printed["ledger"]:
        key = (row["group"], row["subject"] if row["group"] == "outside" else row["driver"])
        rows[key] = rows.get(key, 0.0) + row["amount"]
    assert differences(rows, truth(charge(shop()))) == {}


def test_the_story_has_its_findings(printed: dict) -> None:
    rules = {finding["rule"] for finding in printed["findings"]}
    assert {"orphaned-disk", "unused-commitment"} <= rules
