"""Every answer adds up, and every figure of it is found again where its citation says."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest

from burn.api import Report
from burn.questions.cited import cited
from burn.questions.desk import Desk
from tests.unit.questions.conftest import figures

ASKED: list[tuple[str, dict[str, Any]]] = [
    ("reports", {}),
    ("summary", {}),
    ("ledger", {}),
    ("ledger", {"by": "group"}),
    ("ledger", {"by": "subject", "limit": 2, "offset": 3}),
    ("ledger", {"group": "rate", "limit": 1}),
    ("ledger", {"driver": "outside", "by": "subject"}),
    ("explain", {"of": "spot"}),
    ("explain", {"of": "rate/commitment"}),
    ("explain", {"of": "node-3"}),
    ("explain", {"of": "shop", "limit": 1}),
    ("allocation", {}),
    ("allocation", {"by": "workload", "limit": 2, "offset": 1}),
    ("allocation", {"by": "resource", "where": {"namespace": "shop"}, "basis": "list"}),
]
IDS = [f"{name} {params}" for name, params in ASKED]
CENT = 0.005


def by_hand(report: Report, cite: str) -> float:
    """What a citation is about, by the report's own frames and totals."""
    _, _, kind, *rest = cite.split("/")
    words = [unquote(part) for part in rest if "=" not in part]
    keys = {key: unquote(value) for key, _, value in (p.partition("=") for p in rest if "=" in p)}
    totals = report.totals
    if kind == "total":
        known = {
            "report": totals.report,
            "cluster": totals.cluster_effective,
            "account": totals.account_effective,
            "billed": totals.billed,
            "invoice": totals.invoice,
            "residual": totals.residual,
            "gap": totals.billed - totals.report,
        }
        return float(known[words[0]] or 0.0)
    if kind == "ledger":
        rows = report.ledger[report.ledger["group"] != "invoice"]
        amount = "amount"
        keys |= {"driver": words[0]} if words else {}
    else:
        rows = report.allocation[report.allocation["basis"] == words[0]]
        amount = "cost"
    if "workload" in keys:
        namespace, kind_, workload = keys.pop("workload").split("/")
        keys |= {"namespace": namespace, "workload_kind": kind_, "workload": workload}
    for key, value in keys.items():
        column, wanted = ("kind", value[1:-1]) if value[:1] == "(" else (key, value)
        rows = rows[rows[column].astype(str) == wanted]
        if column == "kind":
            rows = rows[rows["namespace"].astype(str) == ""]
    return math.fsum(rows[amount])


@pytest.mark.parametrize(("name", "params"), ASKED, ids=IDS)
def test_each_citation_leads_to_its_figure(
    desk: Desk, report: Report, name: str, params: dict[str, Any]
) -> None:
    answer = desk.ask(name, params)
    found = list(figures(answer))
    assert found
    for figure in found:
        again = cited(desk, figure["cite"]).figure
        assert (str(again.amount), again.currency, again.basis, again.window) == (
            figure["amount"],
            figure["currency"],
            figure["basis"],
            figure["window"],
        )
        if "but=" not in figure["cite"] and "(%" not in figure["cite"]:
            assert float(figure["amount"]) == pytest.approx(
                by_hand(report, figure["cite"]), abs=1e-5
            )


@pytest.mark.parametrize(
    ("name", "params"), [one for one in ASKED if one[0] not in ("reports", "summary")]
)
def test_rows_and_what_is_left_out_add_up_exactly(
    desk: Desk, name: str, params: dict[str, Any]
) -> None:
    answer = desk.ask(name, params)
    shown = [Decimal(row["figure"]["amount"]) for row in answer["rows"]]
    assert sum(shown) + Decimal(answer["omitted"]["amount"]["amount"]) == Decimal(
        answer["total"]["amount"]
    )
    assert len(json.dumps(answer)) <= 20_000


def test_pages_are_the_list_in_parts(desk: Desk) -> None:
    whole = desk.ask("ledger", {"by": "subject"})
    rows, at = [], 0
    while at is not None:
        part = desk.ask("ledger", {"by": "subject", "limit": 2, "offset": at})
        assert part["omitted"]["rows"] == len(whole["rows"]) - len(part["rows"])
        rows += part["rows"]
        at = part["omitted"]["next"]
    assert rows == whole["rows"]


def test_the_ledger_leads_from_landing_to_landing(desk: Desk, report: Report) -> None:
    answer = desk.ask("ledger", {"by": "group"})
    at = {row["name"]: Decimal(row["figure"]["amount"]) for row in answer["rows"]}
    landings = {one["name"]: Decimal(one["figure"]["amount"]) for one in answer["landings"]}
    to_cluster = ("report", "observation", "rate", "unmodelled", "waste")
    assert sum(at.get(group, 0) for group in to_cluster) == landings["cluster"]
    assert sum(at.values()) == landings["billed"]
    assert float(landings["billed"]) == pytest.approx(report.totals.billed, abs=CENT)
