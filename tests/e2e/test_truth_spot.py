"""What may run on spot nodes is what the lab planted, and the discount is what its bill charged."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from burn.api import Report
from burn.run.pipeline import run
from burn.work.events import Silent
from tests.e2e.lab_run import plan
from tests.lab.cur2 import write_cur2
from tests.lab.ledger import charge
from tests.lab.spot import PLANTED, SpotSource, spot_world


def rows(seen: Report, scope: str) -> dict[str, dict[str, Any]]:
    assert seen.spot is not None
    mine = seen.spot[seen.spot["scope"] == scope]
    return {row["name"]: row for row in mine.to_dict("records")}


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cur2(charge(spot_world()), tmp_path_factory.mktemp("bill"))


@pytest.fixture(scope="module")
def seen(bill: Path) -> Report:
    made = plan(spot_world(), bill, source=SpotSource(spot_world()))
    return run(replace(made, scope=replace(made.scope, label_keys=("burn/spot",))), Silent())


def test_each_verdict_is_the_planted_one(seen: Report) -> None:
    found = {name: row["verdict"] for name, row in rows(seen, "workload").items()}
    assert found == {one.name: one.answer for one in PLANTED}


def test_the_discount_is_what_the_bill_has(seen: Report, bill: Path) -> None:
    """By hand from the bill's own lines: cost ÷ hours of spot lines and of on-demand ones."""
    import pandas as pd

    lines = pd.concat([pd.read_parquet(one) for one in sorted(bill.rglob("*.parquet"))])
    boxes = lines[lines["line_item_usage_type"].str.contains("m6i.2xlarge")]
    spot = boxes["line_item_usage_type"].str.contains("SpotUsage")
    money = boxes["line_item_unblended_cost"].astype(float)
    hours = boxes["line_item_usage_amount"].astype(float)
    paid = [money[how].sum() / hours[how].sum() for how in (spot, ~spot)]
    (row,) = rows(seen, "family").values()
    assert row["subject"] == "m6i"
    assert 0 < row["discount"] < 1
    assert row["discount"] == pytest.approx(1 - paid[0] / paid[1])
    assert (row["nodes"], row["gone"]) == (2, 1)


def test_a_node_that_ready_workloads_free_together_is_a_step_of_the_plan(seen: Report) -> None:
    """What is not ready asks for 9 of 9.5 cores beside one of two new c6a.xlarge; the ready for 3 of its
    3.1. What spot of that family costs is not on the bill, so that it is listed and not priced."""
    assert seen.plan is not None
    (row,) = seen.plan[seen.plan["step"] == "spot"].to_dict("records")
    assert row["subject"].endswith(", c6a")
    assert row["x_nodes"] == 1
    assert math.isnan(row["now"])
    assert "for shop/cache, shop/told-yes, shop/web;" in row["why"]


def test_a_source_and_a_provider_that_know_less_advise_less(
    bill: Path, burn_plan: Callable[..., str]
) -> None:
    """No label is kept and no spec is known: nothing is ready, and nothing that was not becomes so.

    The provider lists no machines: that is said, not taken for no better type.
    """
    from tests.lab.source import LabSource

    made = plan(spot_world(), bill, source=LabSource(spot_world()))
    blind = run(replace(made, provider=replace(made.provider, machines=None)), Silent())
    found = {name: row["verdict"] for name, row in rows(blind, "workload").items()}
    assert "ready" not in found.values()
    assert (found["bare"], found["on-disk"], found["web"]) == ("not ready", "not ready", "unknown")
    assert blind.plan is not None
    assert not {"spot", "types"} & set(blind.plan["step"])
    said = " ".join(burn_plan(blind).split())
    assert "Provider aws lists no types of machines, so that no node gets another type." in said


def test_it_is_shown_and_its_document_is_whole(seen: Report, burn_plan: Callable[..., str]) -> None:
    said = " ".join(burn_plan(seen, spot=True).split())
    assert "Of 13 workloads 3 ready for spot, 6 not, 4 not known." in said
    assert "2 spot nodes seen, of which 1 not there at the end" in said
    document = json.loads(burn_plan(seen, as_json=True))
    assert not any("types of machines" in one for one in document["unknown"])
    assert len(document["spot"]) == len(PLANTED) + 1
    assert [one["now"] for one in document["steps"] if one["step"] == "spot"] == [None]
    assert "What 1 node would save on spot is not known, and in no sum" in document["unknown"]
    assert any("3 ready for spot" in one for one in document["unknown"])
