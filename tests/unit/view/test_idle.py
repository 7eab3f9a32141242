"""Nodes behind idle: the largest stand alone, the rest is one row, and no cent is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from burn.api import Report, schemas
from burn.view.idle import idle_nodes
from tests.unit.builtin.sinks.outputs import render
from tests.unit.builtin.sinks.test_html import Page, figures, numbers
from tests.unit.view.sample import sample

AMOUNTS = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).map(lambda two: (max(two), min(two))),
    min_size=1,
    max_size=40,
)


def of(amounts: list[tuple[int, int]]) -> Report:
    """A report with nodes of (cost, idle), in hundredths of a cent, and a volume that is none."""
    blank = schemas.ASSETS.empty()
    numeric = {c.name for c in schemas.ASSETS.columns if c.kind == "float"}
    rows = [
        {name: 0.0 if name in numeric else "" for name in blank.columns}
        | {"asset_id": f"node/n{at}", "kind": "node", "name": f"n{at}", "instance_type": "m5"}
        | {"list_cost": cost / 10_000, "idle_cost": idle / 10_000}
        for at, (cost, idle) in enumerate(amounts)
    ]
    rows.append(rows[0] | {"asset_id": "volume/v", "kind": "volume", "idle_cost": 99.0})
    return replace(sample(), assets=pd.DataFrame(rows))


@given(AMOUNTS)
def test_all_nodes_are_counted_once(amounts: list[tuple[int, int]]) -> None:
    found = idle_nodes(of(amounts), most=5)
    cost, idle = (sum(column) for column in zip(*amounts, strict=True))
    if not _cents(idle):
        assert found == ()
        return
    assert sum(one.nodes for one in found) == len(amounts)
    assert len(found) == min(len(amounts), 5 + (len(amounts) > 5))
    assert abs(sum(one.cost for one in found) - Decimal(cost) / 100) <= Decimal("0.5")
    assert abs(sum(one.idle for one in found) - Decimal(idle) / 100) <= Decimal("0.5")
    largest = sorted((idle for _, idle in amounts), reverse=True)[:5]
    for one, mine in zip(found, largest, strict=False):
        assert abs(one.idle - Decimal(mine) / 100) < 1


def _cents(hundredths: int) -> int:
    return int((Decimal(hundredths) / 100).quantize(Decimal(1), ROUND_HALF_EVEN))


def test_the_page_of_thousands_is_small_and_its_figures_are_in_its_json() -> None:
    text = render("html", of([(at * 7 + 50, at * 3) for at in range(5_000)]))
    assert len(text.encode()) <= 500_000
    page = Page(text)
    values = json.loads(page.embedded)
    shown = " ".join(page.shown)
    assert "Nodes behind idle" in shown
    assert "4,985 other nodes" in shown
    held = {f"{abs(number):.2f}" for number in numbers(values)}
    assert figures(shown) <= held | figures(json.dumps(values))
    exact = sum(at * 3 for at in range(5_000))
    assert values["idle_nodes"]["idle"] == round(exact / 10_000, 2)
