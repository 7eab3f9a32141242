"""What could be committed to: floors by trying every amount, discounts and what comes first by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from burn.api import FindRequest, schemas
from burn.planning.asked import Lists, PlanRequest, nothing_listed
from burn.planning.demand import Demand
from burn.planning.families import bound_family
from burn.planning.offers import offers
from burn.testing.rule import DAY
from burn.testing.tiny import tiny_findings
from tests.unit.builtin.rules import builders

HOURS = 200
RATES = {"m": 0.4, "r": 0.5, "c": 0.3}
TYPES = {"m": "m6i.2xlarge", "r": "r6i.xlarge", "c": "c6i.large"}


def freed(**costs: float) -> pd.Series:
    """Of nodes that go, what commitments paid for them."""
    return pd.Series(costs, dtype="float64")


def world(seen: dict[str, list[float]]) -> tuple[Demand, pd.DataFrame]:
    """Nodes on demand, named by a letter of their family first, and the hours they were there."""
    hours = pd.date_range("2026-10-01", periods=HOURS, freq="h", tz="UTC")
    there = pd.DataFrame(
        [
            {"asset_id": name, "hour": at, "hours": part}
            for name, parts in seen.items()
            for at, part in zip(hours, parts, strict=True)
            if part
        ]
    )
    alike = {"os": "linux", "region": "here", "gpu": 0.0, "capacity_type": "on_demand"}
    sizes = {"cores": 2.0, "gib": 8.0}
    nodes = pd.DataFrame(
        [alike | sizes | {"asset_id": name, "machine": TYPES[name[0]]} for name in seen]
    )
    paid = pd.DataFrame(
        [
            {
                "asset_id": name,
                "cost": RATES[name[0]] * sum(parts),
                "standard": 1.0,
                "committed": 0.0,
            }
            for name, parts in seen.items()
        ]
    )
    return Demand(pd.DataFrame(), nodes, there, pd.DataFrame()), paid


def request(bill: list[dict[str, Any]] = (), held: list[dict[str, Any]] = ()) -> FindRequest:  # type: ignore[assignment]
    """The bill teaches discounts; `held` is what there is, with its unused cost in the window."""
    base = {"kind": "savings plan", "start": None, "end": None}
    rows = builders.frame(schemas.COMMITMENTS, [base | row for row in held])
    tiny = tiny_findings(DAY)
    return replace(tiny, bill=builders.bill(bill), commitments=rows, hours=HOURS)


def taught(name: str, listed: float, paid: float) -> dict[str, Any]:
    return {
        "day": builders.START,
        "x_cost_class": "node",
        "pricing_category": "Committed",
        "commitment_discount_id": name,
        "list_cost": listed,
        "x_public_cost": paid,
        "effective_cost": paid,
    }


def offered(
    asked: FindRequest,
    demand: Demand,
    paid: pd.DataFrame,
    gone: pd.Series | None = None,
    lists: Lists = nothing_listed,
    sustained: float = 0.0,
) -> pd.DataFrame:
    """As the plan asks for them; of what each node cost on demand, `sustained` was taken off."""
    more = {"modelled": paid["cost"], "quantity": HOURS, "sustained": -sustained}
    request = PlanRequest.of(asked, demand, paid.assign(**more), lists)
    return offers(request, request.demand, paid, freed() if gone is None else gone)


def tried(hourly: np.ndarray, first: float, discount: float) -> tuple[float, float]:
    """The largest amount that 9 of 10 hours have, of all that hours have; and what it saves a month."""
    fit = [a for a in [0.0, *hourly] if sum(h >= a for h in hourly) >= 0.9 * len(hourly)]
    amount = max(0.0, max(fit) - first)
    saved = sum(min(max(h - first, 0.0), amount) - amount * (1 - discount) for h in hourly)
    return amount, saved * 730 / len(hourly)


@pytest.mark.parametrize("seed", range(6))
def test_floors_are_what_trying_every_amount_gives(seed: int) -> None:
    """Nodes of three families that come and go; commitments of two families and of any, partly unused."""
    dice = np.random.default_rng(seed)
    seen = {
        f"{kind}{n}": [float(dice.random() < dice.choice([0.85, 0.97, 1.0])) for _ in range(HOURS)]
        for kind in "mrc"
        for n in range(3)
    }
    demand, paid = world(seen)
    idle = {"any": float(dice.choice([0.0, 9.0])), "r": float(dice.choice([0.0, 12.0]))}
    asked = request(
        [taught("any", 100.0, 72.0), taught("r", 100.0, 60.0), taught("z", 100.0, 50.0)],
        [
            {
                "commitment_discount_id": "any",
                "bound": "any",
                "months": 12.0,
                "unused_cost": idle["any"],
            },
            {
                "commitment_discount_id": "r",
                "bound": "family",
                "family": "r6i",
                "unused_cost": idle["r"],
            },
            # Of a family that the cluster has none of: neither offered, nor does it cover anything.
            {
                "commitment_discount_id": "z",
                "bound": "family",
                "family": "x2gd",
                "unused_cost": 99.0,
            },
        ],
    )
    made = offered(asked, demand, paid).set_index("family")
    by = {k: sum(RATES[k] * np.array(seen[f"{k}{n}"]) for n in range(3)) for k in "mrc"}
    whole = sum(by.values())
    # An unused cost at 60 of 100 would cover more on demand; the largest discount is the careful one.
    spare, bound = (cost / 0.5 / HOURS for cost in (idle["any"], idle["r"]))
    bound = min(bound, by["r"].mean())
    ways = {
        "": (whole, spare + bound, 0.28),
        "r6i": (by["r"], spare * by["r"].mean() / whole.mean() + bound, 0.4),
    }
    expected = {name: tried(*way) for name, way in ways.items()}
    assert set(made.index) == {name for name, (_, saving) in expected.items() if saving > 0}
    for name in made.index:
        amount, saving = expected[name]
        row = made.loc[name]
        assert row["on_demand"] == pytest.approx(amount)
        assert row["saving"] == pytest.approx(saving)
        assert row["commitment"] == pytest.approx(amount * (1 - ways[name][2]))
        assert row["break_even"] == pytest.approx(730 * (1 - ways[name][2]))
        assert row["source"] == "this bill"


def test_terms_are_apart_and_an_unknown_one_stays_unknown() -> None:
    demand, paid = world({"m0": [1.0] * HOURS})
    asked = request(
        [taught("one", 100.0, 75.0), taught("three", 100.0, 50.0), taught("which", 100.0, 60.0)],
        [
            {"commitment_discount_id": "one", "bound": "any", "months": 12.0, "upfront": "none"},
            {"commitment_discount_id": "three", "bound": "any", "months": 36.0, "upfront": "all"},
            {"commitment_discount_id": "which"},
        ],
    )
    made = offered(asked, demand, paid)
    told = made[["months", "upfront", "discount"]].fillna(-1).to_numpy().tolist()
    assert told == [[36.0, "all", 0.5], [-1.0, "", 0.4], [12.0, "none", 0.25]]
    assert made["saving"].tolist() == pytest.approx([0.4 * 730 * d for d in (0.5, 0.4, 0.25)])


def test_a_commitment_is_off_the_price_before_sustained_use_which_it_takes_the_place_of() -> None:
    """0.4 an hour are 0.5 less a fifth for use all month; 40 % off 0.5 are 0.3, a quarter less than 0.4."""
    demand, paid = world({"m0": [1.0] * HOURS})
    asked = request(
        [taught("any", 100.0, 60.0)], [{"commitment_discount_id": "any", "bound": "any"}]
    )
    (row,) = offered(asked, demand, paid, sustained=0.2).to_dict("records")
    assert (row["discount"], row["commitment"]) == pytest.approx((0.25, 0.3))
    assert row["saving"] == pytest.approx(0.1 * 730)
    # 0.05 an hour that are committed and not used cover 0.0833 of that price, which cost 0.0667 on demand.
    idle = {"commitment_discount_id": "any", "bound": "any", "unused_cost": 0.05 * HOURS}
    asked = request([taught("any", 100.0, 60.0)], [idle])
    (row,) = offered(asked, demand, paid, sustained=0.2).to_dict("records")
    assert row["first"] == pytest.approx(0.05 / 0.6 * 0.8)


def test_an_assumed_discount_is_called_so_and_the_nodes_that_go_are_not_bought_for() -> None:
    """Two nodes of 0.4, of which one goes; 0.05 an hour of it were committed, and cover first."""
    demand, paid = world({"m0": [1.0] * HOURS, "m1": [1.0] * HOURS})
    left = paid[paid["asset_id"] != "m1"]
    (row,) = offered(request(), demand, left, freed(m1=0.05 * HOURS)).to_dict("records")
    assert (row["source"], row["discount"], row["family"]) == ("assumed", 0.25, "")
    assert math.isnan(row["months"])
    assert row["on_demand"] == pytest.approx(0.4 - 0.05 / 0.75)
    assert row["first"] == pytest.approx(0.05 / 0.75)


def listing(*rows: tuple[str, str, float, str, float, float]) -> Lists:
    """A list of (machine, covers, months, upfront, rate, on_demand) of region here."""
    names = ["machine", "covers", "months", "upfront", "rate", "on_demand"]
    alike = {"region": "here", "gpus": 0.0, "source": "list of a day"}
    frame = pd.DataFrame(rows, columns=names).assign(**alike)
    return lambda machines: schemas.LISTED.validate(
        frame[frame["machine"].isin([one.machine for one in machines])], author="test"
    )


def test_price_lists_sell_by_family_and_term_at_no_more_than_they_save_here() -> None:
    """m at 0.4 was listed at 0.5; r at 0.5 as listed; of c the list has nothing, and spot is no offer."""
    demand, paid = world({"m0": [1.0] * HOURS, "r0": [1.0] * HOURS, "c0": [1.0] * HOURS})
    lists = listing(
        (TYPES["m"], "family", 12.0, "none", 0.3, 0.5),  # 40 % of the list's, 25 % of what was paid
        (TYPES["m"], "any", 36.0, "all", 0.2, 0.5),  # 60 %; 50 %
        (TYPES["r"], "any", 36.0, "all", 0.4, 0.5),  # 20 %
        (TYPES["r"], "type", 12.0, "none", 0.6, 0.5),  # dearer than on demand
        (TYPES["c"], "spot", float("nan"), "", 0.1, 0.3),
    )
    made = offered(request(), demand, paid, lists=lists)
    facts = ["family", "months", "upfront", "source", "x_price_list"]
    assert made[facts].to_numpy().tolist() == [
        ["", 36.0, "all", "price list", "list of a day"],
        ["m6i", 12.0, "none", "price list", "list of a day"],
    ]
    mean = (0.5 * 0.4 + 0.2 * 0.5) / 0.9
    assert made["discount"].tolist() == pytest.approx([mean, 0.25])
    assert made["on_demand"].tolist() == pytest.approx([0.9, 0.4])
    assert made["saving"].tolist() == pytest.approx([730 * 0.3, 730 * 0.1])
    # What this bill's commitments give stands beside it.
    bill = request(
        [taught("any", 100.0, 72.0)], [{"commitment_discount_id": "any", "bound": "any"}]
    )
    both = offered(bill, demand, paid, lists=lists)
    assert both["source"].tolist() == ["this bill", "price list", "price list"]
    assert both["discount"].iloc[0] == pytest.approx(0.28)


def test_nothing_is_offered_without_a_week_or_nodes() -> None:
    demand, paid = world({"m0": [1.0] * HOURS})
    assert offered(replace(request(), hours=100), demand, paid).empty
    assert offered(request(), demand, paid.iloc[:0]).empty


@pytest.mark.parametrize(
    ("machine", "named"),
    [
        ("m6i.2xlarge", "m6i"),
        ("u-6tb1.56xlarge", "u-6tb1"),
        ("n2-standard-8", "n2"),
        ("n2-custom-4-8192", "n2"),
        ("custom-4-8192", "n1"),
        ("n2d", "n2d"),
        ("Standard_D4s_v5", "Standard_Ds_v5"),
        ("", ""),
    ],
)
def test_a_family_is_what_commitments_are_bought_of(machine: str, named: str) -> None:
    assert bound_family(machine) == named
