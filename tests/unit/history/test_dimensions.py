"""Kept reports by a dimension: over time, between two, against a budget."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.unit.cli.conftest import DAYS, TOY, alone, burn, toyland

__all__ = ["alone", "burn", "toyland"]  # fixtures
Burn = Callable[..., Result]
TEAMS = """namespace,team,valid_from
shop,ice,
shop,fire,2026-10-02
batch,ice,
"""
ON = ("--set", "run.enrichers=table", "--set", "enricher.table.files=teams.csv")
ONLY = ("--provider", "toy")


@pytest.fixture
def ran(burn: Burn) -> dict[str, Any]:
    Path("teams.csv").write_text(TEAMS)
    return document(burn("run", *TOY, *DAYS, *ON, "--format", "json"))


def document(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def cost(report: dict[str, Any], day: int, **fits: str) -> float:
    """By the report's own rows: what fits on a day at effective cost."""
    return math.fsum(
        row["cost"]
        for row in report["allocation"]
        if row["basis"] == "effective" and row["day"] == f"2026-10-0{day}T00:00:00Z"
        if all(row[name] == value for name, value in fits.items())
    )


def test_a_day_is_its_team_s(burn: Burn, ran: dict[str, Any]) -> None:
    found = document(burn("trend", "--by", "team", "--every", "day", "--format", "json"))
    rows = {(row["name"], row["period"][-1]): row["amount"] for row in found["rows"]}
    shop, batch = cost(ran, 1, namespace="shop"), cost(ran, 1, namespace="batch")
    assert shop > batch > 0
    assert rows["ice", "1"] == pytest.approx(shop + batch, abs=1e-9)
    assert rows["ice", "2"] == pytest.approx(batch, abs=1e-9)
    assert (rows["fire", "1"], rows["fire", "2"]) == (0.0, pytest.approx(shop, abs=1e-9))
    total = ran["totals"]["cluster_effective"]
    assert math.fsum(rows.values()) == pytest.approx(total, abs=1e-6)
    assert found["notes"] == []


def test_days_without_the_dimension_are_told(burn: Burn, ran: dict[str, Any]) -> None:
    burn("run", *TOY, "--window", "2026-10-03..2026-10-04")
    found = document(burn("trend", "--by", "team", "--format", "json"))
    rows = {(row["name"], row["period"][-1]): row["amount"] for row in found["rows"]}
    assert rows["ice", "3"] == rows["fire", "3"] == 0.0
    assert rows["(none)", "3"] > 0
    assert found["notes"] == ["1 days are of reports that name no team: there, all of it is (none)"]


def test_a_change_of_team_is_a_cause(burn: Burn, ran: dict[str, Any]) -> None:
    Path("teams.csv").write_text(TEAMS.replace("batch,ice", "batch,water"))
    burn("run", *TOY, *DAYS, *ON)
    first, second = (one["name"] for one in reversed(document(burn("history", "--format", "json"))))
    found = document(burn("diff", first, second, "--by", "team", "--format", "json"))
    batch = cost(ran, 1, namespace="batch") + cost(ran, 2, namespace="batch")
    assert {(r["subject"], r["cause"], round(r["amount"], 9)) for r in found["rows"]} == {
        ("ice", "ownership", round(-batch, 9)),
        ("water", "ownership", round(batch, 9)),
    }
    assert found["residual"] == 0


def test_a_team_has_a_budget(burn: Burn, ran: dict[str, Any]) -> None:
    fire = cost(ran, 2, namespace="shop")
    budget = f"""[check.budgets.fire]
amount = {fire / 2}
by = "team"
of = "fire"
"""
    Path("burn.toml").write_text(budget)
    result = burn("check", "--format", "json")
    assert result.exit_code == 6
    (crossed, *_) = json.loads(result.stdout)
    assert crossed["amount"] == pytest.approx(fire, abs=1e-6)
    Path("burn.toml").write_text(budget.replace('"fire"', '"fyre"'))
    assert "`fyre`, which no kept report has" in burn("check").stderr
    Path("burn.toml").write_text(budget.replace('"team"', '"Team A"'))
    assert burn("check").exit_code == 2


@pytest.mark.parametrize("command", ["trend", "diff latest latest"])
def test_a_dimension_that_is_not_there_is_refused(
    burn: Burn, ran: dict[str, Any], command: str
) -> None:
    result = burn(*command.split(), "--by", "taem")
    assert result.exit_code == 2
    assert "nothing can be grouped by `taem`" in result.stderr
    assert "did you mean `team`?" in result.stderr


def test_a_kept_report_is_shown_by_it(burn: Burn, ran: dict[str, Any]) -> None:
    assert "TEAM (USD)" in burn("show", "--by", "team").stdout
    shown = burn("show", "--by", "product")
    assert "no cost has a `product`: there are team" in " ".join(shown.stderr.split())
