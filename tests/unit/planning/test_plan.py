"""Steps by hand: what pins a node, what a floor is worth, how amounts become a month's."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from burn.api import FindRequest, schemas
from burn.api.find import WORKLOAD
from burn.planning import PlanRequest, planned
from burn.planning.commit import break_even, floor
from burn.planning.demand import Demand, together
from burn.planning.paid import by_node
from burn.testing.rule import DAY
from burn.testing.tiny import tiny_findings
from tests.unit.sizing.worlds import row, sized

HOURS = 168
HOUR = pd.Timestamp("2026-10-01T09:00Z")
WHO = {
    "cluster": "c",
    "pool": "p",
    "namespace": "shop",
    "workload_kind": "Deployment",
    "workload": "web",
}


def request(workloads: pd.DataFrame | None = None, **more: Any) -> FindRequest:
    tiny = tiny_findings(DAY)
    values = {
        name: getattr(tiny, name) for name in ("ledger", "bill", "prices", "allocation", "usage")
    }
    day = tiny.prices["day"].iloc[0]
    each = [{"asset_id": f"n{n}", "day": day, "unit": "hours", "currency": "USD"} for n in range(9)]
    filled = schemas.PRICES.fill(pd.DataFrame(each)).assign(price_source="bill")
    values["prices"] = schemas.PRICES.validate(filled, author="test")
    return FindRequest(**values, hours=HOURS, coverage=tiny.coverage, workloads=workloads, **more)


def pod(node: str, cpu: float = 1.0, **about: Any) -> dict[str, Any]:
    size = {"cpu": cpu, "cpu_request": cpu, "cpu_used": 0.0, "memory": 1.0, "memory_request": 1.0}
    base = {
        "asset_id": node,
        "hour": HOUR,
        "memory_used": 0.0,
        "gpu": 0.0,
    }
    return WHO | base | size | about


def demand(pods: list[dict[str, Any]], nodes: int = 3) -> Demand:
    names = [f"n{number}" for number in range(nodes)]
    about = {"cluster": "c", "pool": "p", "cpu": 4.0, "memory": 16.0, "gpu": 0.0, "pod_slots": 50.0}
    about |= {"machine": "m6i.xlarge", "cores": 4.0, "gib": 16.0, "os": "linux", "arch": "amd64"}
    about |= {"capacity_type": "on_demand", "region": "here"}
    traits = pd.DataFrame()  # no step asks for them
    hours = pd.date_range("2026-10-01", periods=HOURS, freq="h", tz="UTC")
    return Demand(
        pods=pd.DataFrame(pods),
        nodes=pd.DataFrame([about | {"asset_id": name, "name": name} for name in names]),
        presence=pd.DataFrame(
            [{"asset_id": n, "hour": h, "hours": 1.0} for n in names for h in hours]
        ),
        traits=traits,
    )


def paid(**committed: float) -> pd.DataFrame:
    """Three nodes at 0.1, 0.101 and 0.102 an hour, of which commitments paid a part."""
    rows = [
        {"asset_id": f"n{n}", "cost": HOURS * 0.1 * (1 + n / 100), "quantity": HOURS}
        for n in range(3)
    ]
    frame = pd.DataFrame(rows)
    part = frame["asset_id"].map(committed).fillna(0.0)
    money = {"committed": part * frame["cost"], "standard": (1 - part) * frame["cost"]}
    return frame.assign(modelled=frame["cost"], sustained=0.0, **money)


def gone(
    pods: list[dict[str, Any]], workloads: pd.DataFrame | None = None, **committed: float
) -> pd.DataFrame:
    plan = planned(PlanRequest.of(request(workloads), demand(pods), paid(**committed)), ()).steps
    return plan[plan["step"] == "nodes"].set_index("subject")


def test_days_that_are_put_together_one_by_one_keep_the_hours_that_all_of_them_would() -> None:
    none = pd.DataFrame(columns=[*WORKLOAD, "gpu", "zonal", "said", "day"])
    days = []
    for seed in range(6):
        dice = np.random.default_rng(seed)
        hours = [HOUR + pd.Timedelta(days=seed, hours=int(hour)) for hour in dice.permutation(24)]
        day = demand([pod("n0", float(dice.integers(1, 9)), hour=hour) for hour in hours])
        days.append(replace(day, nodes=day.nodes.assign(day=seed), traits=none))
    one_by_one = functools.reduce(lambda so_far, day: together([so_far, day]), days)
    all_at_once = pd.concat([day.pods for day in days], ignore_index=True)
    sizes = all_at_once.set_index("hour")["cpu"]
    busiest = sizes.sort_values(ascending=False, kind="stable")
    kept = set(one_by_one.pods["hour"])
    assert kept == set(together(days).pods["hour"])
    assert sizes[list(kept)].nlargest(3).tolist() == busiest.head(3).tolist()
    assert sizes.index.max() in kept
    assert len(kept) <= 10


def test_the_dearest_go_and_the_last_stays() -> None:
    assert list(gone([pod("n0"), pod("n2", workload="other")]).index) == ["n2", "n1"]


def test_what_nobody_makes_again_holds_its_node() -> None:
    assert list(gone([pod("n0"), pod("n2", workload_kind="Pod")]).index) == ["n1", "n0"]


def test_a_gpu_in_use_holds_its_node() -> None:
    made = demand([pod("n0"), pod("n2", workload="ml", gpu=1.0)])
    with_gpus = Demand(made.pods, made.nodes.assign(gpu=1.0), made.presence, made.traits)
    plan = planned(PlanRequest.of(request(), with_gpus, paid()), ()).steps
    assert set(plan.loc[plan["step"] == "nodes", "subject"]) == {"n0", "n1"}


@pytest.mark.parametrize("fact", [{"disruptions_allowed": 0.0}, {"local_volumes": '["hostPath"]'}])
def test_budgets_and_disks_of_the_node_hold_it(fact: dict[str, Any]) -> None:
    row = {k: v for k, v in WHO.items() if k != "pool"} | {"day": HOUR.normalize()}
    frame = schemas.WORKLOADS.fill(pd.DataFrame([row | fact]))
    frame["local_volumes"] = frame["local_volumes"].fillna("")
    assert list(gone([pod("n2"), pod("n0", workload="other")], frame).index) == ["n1", "n0"]


def test_pods_that_were_apart_stay_apart() -> None:
    """Three of one workload, each on a node of its own: three nodes, however empty."""
    assert gone([pod("n0", 0.1), pod("n1", 0.2), pod("n2", 0.3)]).empty


def test_a_month_is_730_hours_and_a_committed_part_is_later() -> None:
    row = gone([pod("n0")], n2=0.25).loc["n2"]
    month = 0.102 * 730
    assert (row["now"], row["later"]) == pytest.approx((0.75 * month, 0.25 * month))


def test_nobody_commits_to_what_a_freed_commitment_covers() -> None:
    """n2 and n1 go; 0.03 an hour that paid for n2 covers 0.04 of n0's 0.1 at 25 % off."""
    plan = planned(PlanRequest.of(request(), demand([pod("n0")]), paid(n2=0.03 / 0.102)), ()).steps
    (row,) = plan[plan["step"] == "commit"].to_dict("records")
    assert row["now"] == pytest.approx((0.1 - 0.04) * 0.25 * 730)


def test_an_unlabelled_pool_is_left_alone() -> None:
    made = demand([pod("n0")])
    blind = Demand(made.pods, made.nodes.assign(pool=""), made.presence, made.traits)
    plan = planned(PlanRequest.of(request(), blind, paid()), ()).steps
    assert "nodes" not in set(plan["step"])


def test_less_than_a_week_and_no_bill_say_nothing_of_nodes() -> None:
    short = request()
    day = FindRequest(
        **{n: getattr(short, n) for n in ("ledger", "bill", "prices", "allocation", "usage")},
        hours=24,
        coverage=short.coverage,
    )
    assert planned(PlanRequest.of(day, demand([pod("n0")]), paid()), ()).steps.empty
    assert planned(PlanRequest.of(request(), demand([pod("n0")]), None), ()).steps.empty


def test_a_floor_is_what_nine_of_ten_hours_have() -> None:
    """20 hours: 1 of 0, the others 1.0; 25 % off. 0.95 × 1 − 0.75 an hour is saved."""
    found = floor(pd.Series([0.0] + [1.0] * 19), 0.0, 0.25)
    assert (found.hourly, found.saving) == pytest.approx((1.0, 0.2))
    # Three hours in twenty without anything: nobody should commit.
    assert floor(pd.Series([0.0] * 3 + [1.0] * 17), 0.0, 0.25).hourly == 0.0
    # What is committed and unused comes first.
    assert floor(pd.Series([1.0] * 20), 0.4, 0.25).saving == pytest.approx(0.6 * 0.25)
    assert break_even(0.25) == 547.5


def test_what_a_node_costs_is_shared_by_how_it_was_bought() -> None:
    """A negotiated line of −1 on 4 committed and 6 on-demand: 9, of which 0.4 and 0.6."""
    rows = pd.DataFrame(
        {
            "asset_id": ["n", "n", "n"],
            "cost": [4.0, 6.0, -1.0],
            "modelled": [4.0, 6.0, 0.0],
            "committed": [4.0, 0.0, 0.0],
            "standard": [0.0, 6.0, 0.0],
        }
    )
    (row,) = by_node(rows).to_dict("records")
    assert (row["cost"], row["committed"], row["standard"]) == pytest.approx((9.0, 0.4, 0.6))
    assert np.isfinite(row["cost"])


def test_where_burns_rule_is_silent_pods_keep_their_size() -> None:
    """Six days: others size, burn does not; and no bill ties to any node."""
    rows = [row("n0-1.0", number, 0.1, 0.5) for number in range(6)]
    asked = PlanRequest.of(request(sizes=sized(rows)), demand([pod("n0")]), paid())
    plan = planned(asked, ()).steps
    assert set(plan["step"]) == {"nodes", "commit"}
    assert planned(PlanRequest.of(request(), demand([pod("n0")]), paid().iloc[:0]), ()).steps.empty
