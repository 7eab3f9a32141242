"""Every answer adds up, and every figure of it is found again where its citation says."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from burn.api import Report
from burn.questions.cited import cited
from burn.questions.desk import Desk
from tests.unit.questions.by_hand import by_hand
from tests.unit.questions.conftest import figures

ASKED: list[tuple[str, dict[str, Any]]] = [
    ("reports", {}),
    ("summary", {}),
    ("ledger", {}),
    ("ledger", {"by": "group"}),
    ("ledger", {"largest": True, "limit": 3}),
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
    ("findings", {"limit": 1}),
    ("diff", {"before": "2026-09", "after": "2026-10", "limit": 3}),
    ("diff", {"before": "2026-09", "by": "namespace", "limit": 2, "offset": 1}),
    ("trend", {"every": "month"}),
    ("trend", {"by": "namespace", "every": "week", "periods": 3, "limit": 2}),
    ("trend", {"by": "driver", "window": "2026-10", "limit": 2}),
    ("forecast", {}),
    ("budgets", {}),
    ("invoice", {}),
    ("missing", {}),
]
IDS = [f"{name} {params}" for name, params in ASKED]
LISTS = [
    one
    for one in ASKED
    if one[0] not in ("reports", "summary", "forecast", "budgets", "missing")
    and one != ("trend", {"every": "month"})  # landings contain each other
]
CENT = 0.005


@pytest.mark.parametrize(("name", "params"), ASKED, ids=IDS)
def test_each_citation_leads_to_its_figure(
    desk: Desk, both: dict[str, Report], name: str, params: dict[str, Any]
) -> None:
    answer = desk.ask(name, params)
    found = list(figures(answer))
    assert found, answer
    for figure in found:
        again = cited(desk, figure["cite"]).figure
        assert (str(again.amount), again.currency, again.basis, again.window) == (
            figure["amount"],
            figure["currency"],
            figure["basis"],
            figure["window"],
        )
        hand = by_hand(both, figure["cite"])
        if hand is not None:
            assert float(figure["amount"]) == pytest.approx(hand, abs=1e-5), figure


def test_most_figures_are_tried_by_hand(desk: Desk, both: dict[str, Report]) -> None:
    cites = [one["cite"] for name, params in ASKED for one in figures(desk.ask(name, params))]
    tried = [by_hand(both, cite) is not None for cite in cites]
    assert sum(tried) > 0.6 * len(tried)


@pytest.mark.parametrize(("name", "params"), LISTS)
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
