"""The sample through the command line: what a newcomer sees is the truth of that world."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.lab_run import differences, truth
from tests.lab.ledger import charge
from tests.lab.shop import shop


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def said(home: Path, *words: str) -> str:
    """What burn prints in a terminal of 80 columns; its reports are kept below `home`."""
    command = [sys.executable, "-c", "from burn.cli.app import main; main()", *words]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("BURN_", "XDG_"))}
    env = kept | {"HOME": str(home), "COLUMNS": "80"}
    done = subprocess.run(command, capture_output=True, check=False, env=env)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def printed(home: Path) -> dict[str, Any]:
    return json.loads(said(home, "run", "--provider", "aws", "--sample", "--format", "json"))


def test_every_driver(printed: dict[str, Any]) -> None:
    rows: dict[tuple[str, str], float] = {}
    for row in printed["ledger"]:
        key = (row["group"], row["subject"] if row["group"] == "outside" else row["driver"])
        rows[key] = rows.get(key, 0.0) + row["amount"]
    assert differences(rows, truth(charge(shop()))) == {}


def test_the_story_has_its_findings(printed: dict[str, Any]) -> None:
    rules = {finding["rule"] for finding in printed["findings"]}
    assert {"orphaned-disk", "unused-commitment"} <= rules


@pytest.fixture(scope="module")
def plan(home: Path, printed: dict[str, Any]) -> dict[str, Any]:
    assert printed["findings"]  # it was kept
    return json.loads(said(home, "plan", "--sample", "--format", "json"))


def test_every_step_has_something_to_say(plan: dict[str, Any]) -> None:
    """By hand, from the price list: 730 hours a month, a Savings Plan at 0.72, 7 % negotiated.

    One of the four general nodes goes, all of it committed. On demand are the GPU node, 1.006 an hour,
    and what 0.45 of plan do not cover of 4 × 0.192. The plan's part that the node frees comes first, taken to
    cover what the bill's best discount would, a reservation's of 0.159 for 0.252; the one left over is of a
    family that has nothing on demand. A plan, which is of any family, gives 28 %.
    """
    steps: dict[str, list[dict[str, Any]]] = {}
    for row in plan["steps"]:
        steps.setdefault(row["step"], []).append(row)
    (node,) = steps["nodes"]
    # Gateway's budget lets nobody go from nodes 0 and 3.
    assert node["subject"][-1] in "12"
    freed = 0.192 * 0.72 * 0.93
    assert (node["now"], node["later"]) == pytest.approx((0, freed * 730), abs=0.01)
    uncovered = (1.006 + 4 * 0.192 - 0.45 / 0.72) * 0.93
    floor = uncovered - freed * 0.252 / 0.159
    (commit,) = steps["commit"]
    assert commit["now"] == pytest.approx(floor * (1 - 0.72) * 730, abs=0.01)

    sized = {row["subject"].rpartition("/")[2]: row for row in steps["right-size"]}
    assert "request 0.069 cores and 0.23 GiB" in sized["pricing"]["why"]  # 0.06 and 0.2, and 15 %
    assert "target to 100%" in sized["api"]["why"]  # 60 % of 0.5 cores is what 0.3 cores are
    assert "1.5 GiB" in sized["suggest"]["why"]  # its heap may fill 1.2
    # Killed at 2 GiB; a job; of the platform; no requests at all.
    assert not {"fraud", "load-test", "coredns", "indexer"} & sized.keys()


def test_what_may_run_on_spot(plan: dict[str, Any]) -> None:
    rows = [row for row in plan["spot"] if row["verdict"] == "ready"]
    assert {row["name"] for row in rows} == {"api", "cart", "browse", "images", "ingress-nginx"}


@pytest.mark.parametrize("words", [("plan",), ("analyze", "--provider", "aws", "--quiet")])
def test_one_screen(home: Path, plan: dict[str, Any], words: tuple[str, ...]) -> None:
    assert plan["run"]
    lines = said(home, *words, "--sample").splitlines()
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 80
