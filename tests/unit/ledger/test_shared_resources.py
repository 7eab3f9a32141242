"""A bill resource that several assets share is split by the hours each was there."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burn.ledger.landing import land
from burn.ledger.shared_resources import AMOUNTS, with_assets
from tests.unit.ledger.frames import DAY, bill

ROW = {
    "in_cluster": True,
    "match_method": "resource id",
    "resource_key": "set",
    "quantity": 30.0,
    "list_cost": 3.0,
    "x_public_cost": 3.0,
    "effective_cost": 3.0,
    "billed_cost": 3.0,
}
NEXT = DAY + pd.Timedelta(days=1)


def claims(*assets: str, key: str = "set") -> Any:
    return pd.DataFrame({"asset_id": assets, "resource_key": key, "method": "shared: scale set"})


def hours(*rows: tuple[str, Any, float]) -> Any:
    return pd.DataFrame(rows, columns=["asset_id", "day", "hours"])


def shares(landed: pd.DataFrame) -> dict[str, float]:
    return landed.groupby("asset_id")["effective_cost"].sum().to_dict()


def test_by_the_hours_of_the_day() -> None:
    seen = hours(("a", DAY, 24.0), ("b", DAY, 6.0), ("a", NEXT, 1.0), ("b", NEXT, 24.0))
    landed = land(bill(ROW), claims("a", "b"), seen)
    assert shares(landed) == pytest.approx({"a": 2.4, "b": 0.6})
    assert landed.set_index("asset_id")["quantity"].to_dict() == pytest.approx({"a": 24, "b": 6})
    assert landed["x_lines"].sum() == bill(ROW)["x_lines"].sum()
    assert set(landed["landing"]) == {"modelled"}


def test_an_asset_that_was_not_there_gets_nothing_of_that_day() -> None:
    seen = hours(("a", DAY, 2.0), ("b", NEXT, 24.0))
    assert shares(land(bill(ROW), claims("a", "b"), seen)) == pytest.approx({"a": 3.0})


def test_a_day_that_saw_none_of_them_is_split_by_their_hours_in_the_window() -> None:
    seen = hours(("a", NEXT, 8.0), ("b", NEXT, 24.0), ("c", DAY, 24.0))
    landed = land(bill(ROW), claims("a", "b"), seen)
    assert shares(landed) == pytest.approx({"a": 0.75, "b": 2.25})


def test_other_rows_are_untouched() -> None:
    rows = bill(ROW, ROW | {"resource_key": "i-c"}, ROW | {"resource_key": "nobody's"})
    pairs = pd.concat([claims("a", "b"), claims("c", key="i-c")], ignore_index=True)
    landed = land(rows, pairs, hours(("a", DAY, 1.0), ("b", DAY, 1.0)))
    assert shares(landed) == pytest.approx({"": 3.0, "a": 1.5, "b": 1.5, "c": 3.0})


@pytest.mark.slow
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(
    seen=st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(0, 1), st.floats(0, 24)), max_size=9
    ),
    claimed=st.sets(st.sampled_from("abcd"), min_size=2),
    amounts=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=4),
)
def test_money_and_lines_are_conserved(
    seen: list[tuple[str, int, float]], claimed: set[str], amounts: list[float]
) -> None:
    rows = bill(*(ROW | {"effective_cost": a, "billed_cost": -a} for a in amounts))
    found = with_assets(
        rows, claims(*sorted(claimed)), hours(*((a, (DAY, NEXT)[d], h) for a, d, h in seen))
    )
    for name in (*AMOUNTS, "x_lines"):
        assert found[name].sum() == pytest.approx(rows[name].sum(), rel=1e-9, abs=1e-6)
    assert set(found["asset_id"]) <= claimed


def requests(*rows: tuple[str, Any, float, float]) -> Any:
    columns = ["asset_id", "day", "cpu_requested", "memory_requested"]
    return pd.DataFrame(rows, columns=columns).assign(hours=24.0, gpu_requested=float("nan"))


def of_pods(*assets: str, resource: str = "cpu") -> Any:
    return claims(*assets, key=f"pods/{resource}").assign(method=f"shared by {resource} request")


def test_pods_rows_are_split_by_what_pods_asked_for_each_resource_by_its_own() -> None:
    rows = bill(ROW | {"resource_key": "pods/cpu"}, ROW | {"resource_key": "pods/memory"})
    pairs = pd.concat([of_pods("a", "b"), of_pods("a", "b", resource="memory")], ignore_index=True)
    landed = land(rows, pairs, requests(("a", DAY, 3.0, 1.0), ("b", DAY, 1.0, 5.0)))
    assert landed.groupby(["asset_id", "resource_key"])["effective_cost"].sum().to_dict() == (
        pytest.approx(
            {
                ("a", "pods/cpu"): 2.25,
                ("b", "pods/cpu"): 0.75,
                ("a", "pods/memory"): 0.5,
                ("b", "pods/memory"): 2.5,
            }
        )
    )


def test_a_node_without_requests_gets_nothing_and_without_any_requests_hours_decide() -> None:
    rows = bill(ROW | {"resource_key": "pods/cpu"})
    some = requests(("a", DAY, 0.0, 9.0), ("b", DAY, 1.0, 0.0), ("c", NEXT, 7.0, 7.0))
    assert shares(land(rows, of_pods("a", "b", "c"), some)) == pytest.approx({"b": 3.0})
    none = requests(("a", DAY, 0.0, 0.0), ("b", DAY, 0.0, 0.0))
    assert shares(land(rows, of_pods("a", "b"), none)) == pytest.approx({"a": 1.5, "b": 1.5})


def test_a_day_on_which_nobody_was_seen_is_split_by_the_windows_requests() -> None:
    rows = bill(ROW | {"resource_key": "pods/cpu"})
    seen = requests(("a", NEXT, 1.0, 0.0), ("b", NEXT, 5.0, 0.0))
    assert shares(land(rows, of_pods("a", "b"), seen)) == pytest.approx({"a": 0.5, "b": 2.5})


def test_a_node_that_is_on_the_bill_itself_takes_no_part_in_its_pods_rows() -> None:
    node = {"x_cost_class": "node"}
    rows = bill(ROW | node | {"resource_key": "pods/cpu"}, ROW | node | {"resource_key": "vm-a"})
    pairs = pd.concat([of_pods("a", "b"), claims("a", key="vm-a")], ignore_index=True)
    landed = land(rows, pairs, requests(("a", DAY, 9.0, 0.0), ("b", DAY, 1.0, 0.0)))
    assert shares(landed) == pytest.approx({"a": 3.0, "b": 3.0})
    assert landed.set_index("resource_key")["asset_id"].to_dict() == {"vm-a": "a", "pods/cpu": "b"}
