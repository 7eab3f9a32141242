"""`burn check`: a limit that is reached is told once, with exit code 6."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from burn.api import Report
from burn.history.place import Place
from burn.history.store import History
from tests.unit.cli.conftest import alone, burn, toyland
from tests.unit.history.reports import NOW, daily
from tests.unit.history.test_trend import OCTOBER, SEPTEMBER, whole

__all__ = ["alone", "burn", "toyland"]  # fixtures
Burn = Callable[..., Result]
CLUSTER = 610.6033
"""What the sample's cluster costs in a month."""
BUDGETS = """
[check.budgets.cluster]
amount = {amount}
thresholds = [50, 80, 100]
[check.budgets.shop]
amount = 1e6
by = "namespace"
of = "shop"
"""


@pytest.fixture
def store(alone: None) -> History:
    made = History(Place(".local/share/burn/history"))
    made.keep(whole(SEPTEMBER), now=NOW)
    return made


def budget(amount: float) -> None:
    Path("burn.toml").write_text(BUDGETS.format(amount=amount), encoding="utf-8")


def test_a_crossing_is_told_once_a_period(store: History, burn: Burn) -> None:
    budget(CLUSTER / 0.9)
    first = burn("check", "--format", "json")
    assert first.exit_code == 6
    assert "2 limits reached: cluster" in first.stderr
    told = json.loads(first.stdout)
    assert [(one["check"], one["threshold"], one["new"]) for one in told] == [
        ("cluster", 50.0, True),
        ("cluster", 80.0, True),
    ]
    assert told[0]["amount"] == pytest.approx(CLUSTER)
    again = burn("check", "--format", "json")
    assert again.exit_code == 0
    assert [one["new"] for one in json.loads(again.stdout)] == [False, False]
    store.keep(whole(OCTOBER, 1.2), now=NOW + timedelta(days=1))
    later = burn("check")
    assert later.exit_code == 6
    assert "3 limits reached" in later.stderr, "another month, and all three of it"
    assert later.stdout.count("told ") == 2
    assert burn("check").exit_code == 0


def test_what_is_acknowledged_is_told_as_known(store: History, burn: Burn) -> None:
    budget(CLUSTER)
    assert burn("check", "--ack").exit_code == 0
    assert burn("check").exit_code == 0
    store.keep(whole(SEPTEMBER, 0.5), now=NOW + timedelta(days=1))
    assert burn("check").stdout.count("cluster") == 1, "the newest report speaks"


def test_money_that_is_not_spent_is_no_alarm(store: History, burn: Burn) -> None:
    budget(CLUSTER / 0.49)
    result = burn("check")
    assert (result.exit_code, result.stdout) == (0, "No limit is reached.\n")


@pytest.mark.parametrize(("limit", "code"), [(5.3, 6), (5.5, 0)])
def test_the_gap_has_a_limit(store: History, burn: Burn, limit: float, code: int) -> None:
    # The sample's report says 579.392: 5.387 % less than its cluster cost.
    assert burn("check", "--set", f"check.gap_percent={limit}").exit_code == code


def unbilled(report: Report) -> Report:
    """The same as `burn analyze` makes it: at three times the list price, and no bill."""
    nan = float("nan")
    unknown = dict.fromkeys(("cluster_effective", "account_effective", "billed", "residual"), nan)
    ledger = report.ledger[report.ledger["group"] == "report"]
    made = replace(
        report,
        control=None,
        ledger=ledger.assign(amount=ledger["amount"] * 3),
        totals=replace(report.totals, **unknown),
    )
    return replace(made, daily=daily(made))


def test_a_report_without_a_bill_does_not_speak_for_a_run(store: History, burn: Burn) -> None:
    budget(CLUSTER / 0.9)
    store.keep(unbilled(whole(SEPTEMBER)), now=NOW + timedelta(days=1))
    result = burn("check", "--format", "json", "--set", "check.gap_percent=5.3")
    assert result.exit_code == 6, result.stderr
    told = {one["check"]: one["amount"] for one in json.loads(result.stdout)}
    assert told == {"cluster": pytest.approx(CLUSTER), "gap": pytest.approx(5.387, abs=1e-3)}


def test_a_gap_that_cannot_be_known_is_not_told_as_reached(burn: Burn, tmp_path: Path) -> None:
    made = History(Place(str(tmp_path / ".local/share/burn/history")))
    made.keep(unbilled(whole(SEPTEMBER)), now=NOW)
    result = burn("check", "--set", "check.gap_percent=5.3")
    assert (result.exit_code, result.stdout) == (0, "No limit is reached.\n")
    assert "the gap is not checked" in result.stderr


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("check.budgets.x.amount=0", "more than 0"),
        ("check.budgets.x.amont=5", "check.budgets"),
        ("check.gap_percent=-1", "0 or more"),
    ],
)
def test_a_budget_that_cannot_be_is_refused(
    store: History, burn: Burn, setting: str, told: str
) -> None:
    result = burn("check", "--set", setting)
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_budget_of_nothing_that_is_there_is_refused(store: History, burn: Burn) -> None:
    sets = ["--set", "check.budgets.x.amount=5", "--set", "check.budgets.x.by=namespace"]
    result = burn("check", *sets, "--set", "check.budgets.x.of=shopp")
    assert result.exit_code == 2
    assert "shopp" in result.stderr
    assert burn("check").exit_code == 2, "nothing to check"


def test_a_budget_looks_ahead(store: History, burn: Burn) -> None:
    lines = f"amount = {CLUSTER}\nthresholds = [200]\nahead = [95, 150]\n"
    Path("burn.toml").write_text(f"[check.budgets.x]\n{lines}", encoding="utf-8")
    result = burn("check", "--format", "json")
    assert result.exit_code == 6, result.stderr
    (one,) = json.loads(result.stdout)
    assert (one["ahead"], one["threshold"], one["period"]) == (True, 95.0, "2026-10-01T00:00:00Z")
    month = CLUSTER * 31 / 30
    assert one["amount"] == pytest.approx(month, rel=0.01), "September's days, and a day more"
    assert burn("check").exit_code == 0
    assert "of a month" in burn("check", "--set=check.budgets.x.period=day").stderr


def test_too_few_days_for_a_forecast_are_said(burn: Burn, tmp_path: Path) -> None:
    made = History(Place(str(tmp_path / ".local/share/burn/history")))
    made.keep(whole(OCTOBER, provisional_from=OCTOBER.start), now=NOW)
    Path("burn.toml").write_text("[check.budgets.x]\namount = 1e9\nahead = [90]\n")
    result = burn("check")
    assert result.exit_code == 0
    assert "no budget is checked ahead" in result.stderr


def test_the_result_goes_to_any_sink_that_writes_alerts(store: History, burn: Burn) -> None:
    budget(CLUSTER)
    result = burn("check", "--format", "blob", "--output", "x")
    assert result.exit_code == 2
    assert "these do: csv, json, markdown, " in result.stderr
    pairs = ("--format", "json", "--output", "-", "--format", "markdown", "--output", "a/b.md")
    assert burn("check", *pairs).exit_code == 2, "no such folder"
    Path("a").mkdir()
    Path("a/b.md").mkdir()
    assert burn("check", *pairs).exit_code == 4, "what is not written is not told"
    Path("a/b.md").rmdir()
    result = burn("check", *pairs)
    assert result.exit_code == 6
    assert [one["new"] for one in json.loads(result.stdout)] == [True, True, True]
    assert "| cluster | 2026-09-01 |" in Path("a/b.md").read_text()


def test_sinks_of_a_check_are_settings(store: History, burn: Burn) -> None:
    budget(CLUSTER)
    text = Path("burn.toml").read_text()
    lines = '[run]\nformat = "html"\n[[check.sinks]]\nformat = "csv"\noutput = "a.csv"\n'
    Path("burn.toml").write_text(lines + text, encoding="utf-8")
    result = burn("check")
    assert (result.exit_code, result.stdout) == (6, "")
    assert Path("a.csv").read_text().startswith("kind,check,period")


@pytest.mark.parametrize("typed", ["50,80", "[50, 80]"])
def test_a_list_in_a_budget_can_be_typed(store: History, burn: Burn, typed: str) -> None:
    sets = ["--set", "check.budgets.x.amount=700", "--set", f"check.budgets.x.thresholds={typed}"]
    found = json.loads(burn("check", *sets, "--format", "json").stdout)
    assert [one["threshold"] for one in found] == [50.0, 80.0]
