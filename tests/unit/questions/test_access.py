"""What is hidden from a person changes nothing that they are told: not a sum, not a rest, not a hint."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from burn.api import AccessError, BurnError, Report, UsageError
from burn.history.place import Place
from burn.history.store import History
from burn.questions import opened
from burn.questions.access import AccessSettings, Grant
from burn.questions.cited import cited
from burn.questions.desk import Desk
from tests.unit.questions.by_hand import by_hand
from tests.unit.questions.conftest import CHECK, CLUSTER, figures, keep_both
from tests.unit.questions.test_answers import ASKED

SHOP = AccessSettings(grants={"shop": Grant(people=("ann",), namespaces=("shop",))})
MORE: list[tuple[str, dict[str, Any]]] = [
    ("explain", {"of": "batch"}),
    ("explain", {"of": "bacth", "what": "namespace"}),
    ("explain", {"of": "shpo", "what": "namespace"}),
    ("explain", {"of": "vol-orphan", "what": "resource"}),
    ("allocation", {"by": "owner"}),
    ("allocation", {"by": "cluster"}),
    ("allocation", {"by": "resource"}),
    ("allocation", {"where": {"namespace": "batch"}}),
    ("allocation", {"where": {"resource": "storage"}}),
    ("diff", {"before": "2026-09", "by": "resource"}),
    ("diff", {"before": "2026-09", "by": "owner"}),
    ("diff", {"before": "2026-09", "by": "workload"}),
    ("trend", {"by": "resource", "every": "month"}),
    ("trend", {"by": "cluster", "every": "month"}),
]


@pytest.fixture
def otherwise(report: Report, tmp_path: Path) -> Desk:
    """The same but for all that Ann may not see: dearer, with other names, more of it."""
    allocation = report.allocation.copy()
    for name in ("namespace", "workload", "resource", "kind", "owner"):
        allocation[name] = allocation[name].astype(str)
    hidden = allocation["namespace"] != "shop"
    allocation.loc[hidden, "cost"] *= 7.7
    named = hidden & (allocation["namespace"] != "")
    allocation.loc[named, "namespace"] = "secret-" + allocation.loc[named, "namespace"]
    allocation.loc[named, "workload"] = "secret-" + allocation.loc[named, "workload"]
    ledger = report.ledger.assign(amount=report.ledger["amount"] * 7.7)
    totals = {
        name: getattr(report.totals, name) * 7.7
        for name in ("report", "cluster_effective", "account_effective", "billed", "cluster_billed")
    }
    other = replace(
        report,
        allocation=allocation,
        ledger=ledger,
        totals=replace(report.totals, **totals),
        control=replace(report.control, billed=report.control.billed * 8),
        findings=report.findings[:1],
        notes=("secret",),
    )
    history = History(Place(str(tmp_path / "otherwise")))
    keep_both(history, other)
    return opened(history, CHECK)


def told(desk: Desk, name: str, params: dict[str, Any]) -> str:
    """An answer or a refusal, without the random ends of reports' names and without millionths."""
    try:
        found = json.dumps(desk.ask(name, params))
    except BurnError as error:
        found = f"{type(error).__name__}: {error.message} {error.hint}"
    found = re.sub(r"([0-9a-f]{12})\.[0-9a-f]{6}", r"\1", found)
    return re.sub(r'"(-?\d+\.\d{3})\d{3}"', r"\1", found)


@pytest.mark.parametrize(("name", "params"), [*ASKED, *MORE])
def test_what_is_hidden_changes_nothing(
    desk: Desk, otherwise: Desk, name: str, params: dict[str, Any]
) -> None:
    one, other = (each.of("ann", SHOP) for each in (desk, otherwise))
    assert told(one, name, params) == told(other, name, params)
    assert "secret" not in told(other, name, params)


def test_the_two_worlds_do_differ(desk: Desk, otherwise: Desk) -> None:
    differ = {
        name for name, params in ASKED if told(desk, name, params) != told(otherwise, name, params)
    }
    assert {"summary", "ledger", "findings", "allocation", "diff", "trend", "forecast"} <= differ


def test_a_part_is_summed_as_if_it_were_all(desk: Desk, report: Report) -> None:
    ann = desk.of("ann", SHOP)
    answer = ann.ask("allocation", {})
    seen = report.allocation[report.allocation["namespace"] == "shop"]
    own = seen.loc[seen["basis"] == "effective", "cost"].sum()
    assert [row["name"] for row in answer["rows"]] == ["shop"]
    assert float(answer["total"]["amount"]) == pytest.approx(own, abs=1e-5)
    for figure in figures(answer):
        assert str(cited(ann, figure["cite"]).figure.amount) == figure["amount"]


@pytest.mark.parametrize(("name", "params"), ASKED)
def test_a_citation_of_all_leads_a_part_to_its_part(
    desk: Desk, both: dict[str, Report], name: str, params: dict[str, Any]
) -> None:
    ann = desk.of("ann", SHOP)
    part = {
        run: replace(one, allocation=one.allocation[one.allocation["namespace"] == "shop"])
        for run, one in both.items()
    }
    for figure in figures(desk.ask(name, params)):
        try:
            amount = float(cited(ann, figure["cite"]).figure.amount)
        except (AccessError, UsageError):
            continue
        assert re.search("allocation/|by=namespace", figure["cite"]), "a ledger is of all"
        hand = by_hand(part, figure["cite"])
        assert hand is None or amount == pytest.approx(hand, abs=1e-5), figure


@pytest.mark.parametrize(
    "name", ["summary", "ledger", "findings", "forecast", "budgets", "invoice", "missing"]
)
def test_what_is_of_all_of_a_cluster_is_refused_to_who_sees_a_part(desk: Desk, name: str) -> None:
    with pytest.raises(AccessError, match="hidden from you") as caught:
        desk.of("ann", SHOP).ask(name, {})
    assert "[access]" in str(caught.value.hint)


def test_a_listing_has_no_totals_of_what_is_seen_in_part(desk: Desk) -> None:
    rows = desk.of("ann", SHOP).ask("reports", {})["rows"]
    assert len(rows) == 2
    assert {row[name] for row in rows for name in ("report", "cluster", "billed")} == {None}


def test_who_is_not_named_sees_nothing(desk: Desk) -> None:
    for name, params in ASKED:
        with pytest.raises(UsageError, match="no report is kept"):
            desk.of("bob", SHOP).ask(name, params)


def test_without_grants_and_for_who_runs_burn_all_is_seen(desk: Desk) -> None:
    everything = desk.ask("ledger", {})
    assert desk.of("bob", AccessSettings()).ask("ledger", {}) == everything
    assert desk.of(None, SHOP).ask("ledger", {}) == everything


def test_clusters_and_dimensions_are_granted_apart(desk: Desk) -> None:
    grants = {
        "elsewhere": Grant(people=("ann",), namespaces=("*",), clusters=("other-*",)),
        "names": Grant(people=("bea",), namespaces=("sh*",), dimensions=("namespace",)),
        "all": Grant(people=("*",), namespaces=("*",), clusters=(CLUSTER,), dimensions=("driver",)),
    }
    access = AccessSettings(grants=grants)
    assert desk.of("ann", access).ask("ledger", {})["rows"], "as everybody"
    with pytest.raises(AccessError):
        desk.of("ann", access).ask("allocation", {})
    rows = desk.of("bea", access).ask("allocation", {})["rows"]
    assert [row["name"] for row in rows] == ["shop"]
    with pytest.raises(AccessError):
        desk.of("bea", access).ask("allocation", {"by": "workload"})
    with pytest.raises(AccessError):
        desk.of("bea", access).ask("allocation", {"where": {"workload": "shop/Deployment/web"}})
    only = AccessSettings(grants={"elsewhere": grants["elsewhere"]})
    with pytest.raises(UsageError, match="no report is kept"):
        desk.of("ann", only).ask("allocation", {})


def test_what_is_hidden_by_its_dimension_is_refused_and_no_zero(desk: Desk) -> None:
    """Of two grants, the one that shows this cluster does not show it by workload."""
    grants = {
        "here": Grant(people=("ann",), namespaces=("*",), dimensions=("namespace",)),
        "there": Grant(people=("ann",), namespaces=("*",), clusters=("other",)),
    }
    ann = desk.of("ann", AccessSettings(grants=grants))
    assert ann.ask("trend", {"by": "namespace"})["rows"]
    for name, params in (
        ("trend", {"by": "workload"}),
        ("trend", {"by": "driver"}),
        ("allocation", {"by": "workload"}),
        ("diff", {"before": "2026-09", "by": "workload"}),
        ("summary", {}),
    ):
        with pytest.raises(AccessError, match="you see nothing of this cluster"):
            ann.ask(name, params)


def test_landings_are_listed_for_who_may_ask_for_them(desk: Desk) -> None:
    grants = {"names": Grant(people=("ann",), namespaces=("*",), dimensions=("namespace",))}
    ann = desk.of("ann", AccessSettings(grants=grants))
    rows = ann.ask("reports", {})["rows"]
    assert len(rows) == 2
    assert {row[name] for row in rows for name in ("report", "cluster", "billed")} == {None}
    for row in desk.ask("reports", {})["rows"]:
        with pytest.raises(AccessError):
            cited(ann, row["billed"]["cite"])


def test_a_report_of_several_clusters_is_for_who_sees_each(
    history: History, report: Report
) -> None:
    history.keep(replace(report, info=replace(report.info, cluster="a+b")))
    access = AccessSettings(
        grants={"a": Grant(people=("ann",), namespaces=("*",), clusters=("a",))}
    )
    with pytest.raises(UsageError, match="no report is kept"):
        opened(history).of("ann", access).ask("reports", {})
    with pytest.raises(UsageError, match="has no people"):
        Grant(namespaces=("shop",))
