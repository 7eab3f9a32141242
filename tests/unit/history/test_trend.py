"""Days over time: each by the report that speaks for it, none twice, no sum lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from burn.api import Report, UsageError, Window
from burn.history.place import Place
from burn.history.store import History
from burn.history.trend import trend
from burn.ledger.totals import TO_CLUSTER
from tests.unit.cli.conftest import alone, burn, toyland
from tests.unit.history.reports import NOW, daily, rich

__all__ = ["alone", "burn", "toyland"]  # fixtures
Burn = Callable[..., Result]
SEPTEMBER, OCTOBER = Window.month(2026, 9), Window.month(2026, 10)


def whole(window: Window, times: float = 1.0, **info: object) -> Report:
    """A report of a window with its cost spread evenly, at so many times the sample's."""
    report = rich(window=window, **info)
    ledger = report.ledger.assign(amount=report.ledger["amount"] * times)
    report = replace(report, ledger=ledger, allocation=_spread(report, window, times))
    return replace(report, daily=daily(report))


def _spread(report: Report, window: Window, times: float) -> object:
    import pandas as pd

    days = pd.DatetimeIndex([day.start for day in window.days()])
    rows = report.allocation.drop(columns="day").merge(pd.DataFrame({"day": days}), how="cross")
    return rows.assign(cost=rows["cost"] * times / len(days))


@pytest.fixture
def history(alone: None) -> History:
    """September final; October provisional from the 21st, then a final first week at twice the cost."""
    store = History(Place(".local/share/burn/history"))
    store.keep(whole(SEPTEMBER), now=NOW)
    since = datetime(2026, 10, 21, tzinfo=UTC)
    store.keep(whole(OCTOBER, provisional_from=since), now=NOW + timedelta(days=1))
    week = Window.parse("2026-10-01..2026-10-08", now=NOW)
    store.keep(whole(week, 2.0), now=NOW + timedelta(days=2))
    store.keep(whole(OCTOBER, 9.0, provisional_from=OCTOBER.start), now=NOW + timedelta(days=3))
    return store


def test_months_are_sums_of_the_days_that_speak(history: History) -> None:
    found = trend(history, history.all(), "total", "month")
    assert [(one.complete, one.final) for one in found.periods] == [(True, True), (True, False)]
    ledger = rich().ledger
    billed = ledger.loc[ledger["group"] != "invoice", "amount"].sum()
    # The first week by its own final report, to the 20th by October's; then by the newest.
    parts = 2.0 + 13 / 31 + 9.0 * 11 / 31
    assert found.amounts.loc["BILLED", 0] == pytest.approx(billed)
    assert found.amounts.loc["BILLED", 1] == pytest.approx(billed * parts)


@pytest.mark.parametrize("by", ["driver", "service", "namespace", "workload", "resource"])
def test_no_sum_is_lost(history: History, by: str) -> None:
    found = trend(history, history.all(), by, "week").amounts.to_numpy().sum()
    landing = "BILLED" if by in ("driver", "service") else "CLUSTER"
    total = trend(history, history.all(), "total", "month").amounts.loc[landing].sum()
    if landing == "CLUSTER":  # the sample's allocation is no more than roughly its ledger's
        report = rich()
        costs = report.allocation
        own = costs.loc[costs["basis"] == "effective", "cost"].sum()
        total *= own / report.totals.cluster_effective
    assert found == pytest.approx(total, rel=1e-9)


def test_what_days_of_several_reports_do_not_add_up_to_is_said(history: History) -> None:
    assert any("in part" in note for note in trend(history, history.all(), "namespace").notes)
    assert trend(history, history.all(), "driver").notes == ()
    alone = trend(history, history.all()[-1:], "namespace")
    assert alone.notes == ()


def test_weeks_and_parts_of_them(history: History) -> None:
    found = trend(history, history.all(), "total", "week", OCTOBER)
    assert [f"{one.start:%m-%d}" for one in found.periods][:2] == ["09-28", "10-05"]
    assert [one.complete for one in found.periods] == [False, True, True, True, False]
    assert [one.final for one in found.periods] == [True, True, True, False, False]


def test_the_table_marks_what_can_change(history: History, burn: Burn) -> None:
    shown = burn("trend", "--every", "week", "--window", "2026-10")
    assert shown.exit_code == 0, shown.stderr
    lines = shown.stdout.splitlines()
    bars = next(line for line in lines if line.startswith("BILLED")).split()[1]
    marks = next(line for line in lines if line.strip().startswith("~"))
    assert marks.strip() == "~  ??"
    assert len(bars) == 5
    records = json.loads(burn("trend", "--every", "month", "--format", "json").stdout)["rows"]
    table = burn("trend", "--every", "month", "--format", "csv").stdout.splitlines()
    assert table[0] == "period,name,amount,complete,final"
    assert len(table) == len(records) + 1 == 9
    assert records[-1]["final"] is False


def test_what_was_said_then(history: History, burn: Burn) -> None:
    said = json.loads(
        burn("trend", "--as-of", "2026-11-04", "--format=json", "--every=month").stdout
    )
    now = json.loads(burn("trend", "--format=json", "--every=month").stdout)
    assert said["rows"][0] == now["rows"][0]
    assert said["rows"][-1]["amount"] < now["rows"][-1]["amount"]


def test_what_cannot_be_shown_is_said(history: History, burn: Burn) -> None:
    assert burn("trend", "--by", "namespaces").exit_code == 2
    assert burn("trend", "--every", "year").exit_code == 2
    with pytest.raises(UsageError, match="no whole day"):
        trend(history, history.all(), "total", "", Window.month(2020, 1))
    history.keep(rich(cluster="other"))
    with pytest.raises(UsageError, match="several clusters"):
        trend(history, history.all(), "total")


def test_by_node_and_by_subject_add_up_to_the_cluster(tmp_path: Path) -> None:
    report = whole(SEPTEMBER)
    store = History(Place(str(tmp_path)))
    kept = store.keep(report, now=NOW)
    ledger = report.ledger[report.ledger["group"].isin(TO_CLUSTER)]
    nodes = ledger["subject"].str.startswith("node/")
    assert nodes.any()
    for by, names in (
        ("subject", ledger["name"]),
        ("node", ledger["name"].where(nodes, "(no node)")),
    ):
        found = trend(store, [kept], by, "month").amounts[0]
        assert found.to_dict() == pytest.approx(ledger["amount"].groupby(names).sum().to_dict())


def test_a_report_from_before_tells_no_subjects_apart(tmp_path: Path) -> None:
    report = whole(SEPTEMBER)
    assert report.daily is not None
    store = History(Place(str(tmp_path)))
    kept = store.keep(replace(report, daily=report.daily.assign(subject="")), now=NOW)
    assert list(trend(store, [kept], "node", "month").amounts.index) == ["(not told apart)"]
