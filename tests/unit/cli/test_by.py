"""`burn run --by`: dimensions from a table, in every format, and they add up."""

from __future__ import annotations

import csv
import io
import json
import math
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.unit.cli.conftest import DAYS, TOY

Burn = Callable[..., Result]
TEAMS = """namespace,shared,team,cost_centre,valid_from
shop,,ice,CC-1,
shop,,fire,,2026-10-02
batch,,100%,CC-2,
"""
ON = ("--set", "run.enrichers=table", "--set", "enricher.table.files=teams.csv")


@pytest.fixture(autouse=True)
def teams() -> Path:
    path = Path("teams.csv")
    path.write_text(TEAMS)
    return path


def document(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def sums(rows: list[dict[str, Any]], name: str) -> dict[str, float]:
    out: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        if row["basis"] == "effective":
            known = row["dimensions"].get(name) or f"({row['kind']})"
            out[known].append(row["cost"])
    return {key: math.fsum(costs) for key, costs in out.items()}


def test_each_dimension_adds_up_to_the_cluster_in_every_format(burn: Burn) -> None:
    found = document(burn("run", *TOY, *DAYS, *ON, "--format", "json"))
    total = found["totals"]["cluster_effective"]
    by = {name: sums(found["allocation"], name) for name in ("team", "cost_centre")}
    for name, costs in by.items():
        assert math.isclose(math.fsum(costs.values()), total, abs_tol=1e-6), name
    # The shop's day is the same on both days, and it changes hands between them.
    assert by["team"]["ice"] == pytest.approx(by["team"]["fire"], abs=1e-6)
    assert by["cost_centre"]["CC-1"] == pytest.approx(by["team"]["ice"], abs=1e-6)
    text = burn("run", *TOY, *DAYS, *ON, "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    flat = [r | {"dimensions": {n: r[n] for n in by}, "cost": float(r["cost"])} for r in rows]
    for name, costs in by.items():
        assert sums(flat, name) == pytest.approx(costs, abs=1e-6)


def test_the_reader_chooses_what_the_screen_groups_by(burn: Burn) -> None:
    screen = burn("run", *TOY, *DAYS, *ON, "--by", "team").stdout
    assert "TEAM (USD)" in screen
    assert "100%" in screen
    assert "NAMESPACE (USD)" in burn("run", *TOY, *DAYS, *ON).stdout
    detail = burn("run", *TOY, *DAYS, *ON, "--detail").stdout
    assert detail.index("BY COST_CENTRE") < detail.index("BY TEAM")
    assert "BY TEAM" not in burn("run", *TOY, *DAYS, *ON, "--detail", "--by", "cost_centre").stdout
    burn("run", *TOY, *DAYS, *ON, *("--format", "markdown", "--output", "all.md"),
         *("--format", "html", "--output", "all.html"))  # fmt: skip
    assert "### By team" in Path("all.md").read_text()
    assert "By team" in Path("all.html").read_text()


def test_the_table_s_content_makes_the_run(burn: Burn, teams: Path) -> None:
    run = ("run", *TOY, *DAYS, *ON, "--format", "json")
    first, again = (document(burn(*run))["info"] for _ in range(2))
    teams.write_text(TEAMS.replace("fire", "water"))
    other = document(burn(*run))["info"]
    assert first["run_id"] == again["run_id"] != other["run_id"]
    assert [one.partition(" (")[0] for one in first["origin"]][-1] == "teams.csv"
    assert first["origin"] != other["origin"]


def test_what_is_wrong_is_told_before_the_work(burn: Burn, teams: Path) -> None:
    teams.unlink()
    gone = burn("run", *TOY, *DAYS, *ON)
    assert (gone.exit_code, "teams.csv cannot be read" in gone.stderr) == (4, True)
    odd = burn("run", *TOY, *DAYS, "--by", "Team A")
    assert (odd.exit_code, "`Team A` is no name" in odd.stderr) == (2, True)
    none = burn("run", *TOY, *DAYS, "--set", "run.enrichers=cmdb")
    assert (none.exit_code, "unknown enricher `cmdb`" in none.stderr) == (3, True)
    unused = burn("run", *TOY, *DAYS, "--set", "enricher.table.files=teams.csv")
    assert (unused.exit_code, "is set, but not used" in unused.stderr) == (2, True)


def test_a_dimension_that_nothing_has_is_told(burn: Burn) -> None:
    result = burn("run", *TOY, *DAYS, *ON, "--by", "product")
    assert result.exit_code == 0
    assert "no cost has a `product`: there are cost_centre, team" in " ".join(result.stderr.split())


def test_doctor_reads_the_table(burn: Burn, teams: Path) -> None:
    assert "enricher table: tables: 1 read: team, cost_centre" in burn("doctor", *TOY, *ON).stdout
    teams.write_text("namespace,team\nshop,a\nshop,b\n")
    bad = burn("doctor", *TOY, *ON)
    assert "`shop` is named twice" in bad.stdout
    assert bad.exit_code == 5
