"""What spot was paid, by hand, and what names a family."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from burn.api import Observation, schemas
from burn.planning import PlanRequest, spotted
from burn.planning.demand import Demand, together
from burn.planning.demand import demand as observed
from burn.planning.families import families_of, family
from tests.unit.planning.test_plan import HOUR, demand, pod, request

TRAITS = ["cluster", "namespace", "workload_kind", "workload", "gpu", "zonal", "said", "day"]


@pytest.mark.parametrize(
    ("machine", "name"),
    [
        ("m6i.2xlarge", "m6i"),
        ("n2-standard-8", "n2-standard"),
        ("n2d-highmem-96", "n2d-highmem"),
        ("Standard_D8s_v5", "Standard_Ds_v5"),
        ("Standard_D16ds_v5", "Standard_Dds_v5"),
        ("Standard_M416-208s_v2", "Standard_Ms_v2"),
        ("n2-custom-8-32768", "n2-custom-8-32768"),
        ("", ""),
    ],
)
def test_a_family_is_the_type_without_its_size(machine: str, name: str) -> None:
    assert family(machine) == name


def test_sizes_that_differ_in_more_than_size_are_not_compared() -> None:
    """A t3.small has as many cores as a t3.large, a GPU machine's price is its GPUs', Windows is licensed."""
    columns = ["machine", "cores", "gib", "gpu", "os"]
    rows = [
        ("m6i.large", 2, 7.6, 0, "linux"),
        ("m6i.2xlarge", 8, 31.0, 0, "linux"),
        ("m6i.2xlarge", 8, 31.0, 0, "windows"),
        ("t3.small", 2, 1.9, 0, "linux"),
        ("t3.large", 2, 7.7, 0, "linux"),
        ("g5.2xlarge", 8, 31.0, 1, "linux"),
        ("", 8, 31.0, 0, "linux"),
    ]
    found = families_of(pd.DataFrame(rows, columns=columns)).tolist()
    assert found == ["m6i", "m6i", "m6i, windows", "t3.small", "t3.large", "g5.2xlarge", ""]


def world(*ways: tuple[str, str, float]) -> Demand:
    """Nodes of (machine, capacity_type, cores), there for a week."""
    made = demand([pod("n0")], nodes=len(ways))
    machines, capacity, cores = zip(*ways, strict=True)
    nodes = made.nodes.assign(machine=machines, capacity_type=capacity, cores=cores, os="linux")
    nodes["gib"] = nodes["cores"] * 4
    return Demand(made.pods, nodes, made.presence, pd.DataFrame(columns=TRAITS))


def paid(*rows: tuple[float, float, float]) -> pd.DataFrame:
    """(cost, of which committed, of which standard) of n0, n1, …, ten hours each."""
    names = ["cost", "committed", "standard"]
    made: list[dict[str, Any]] = [
        {"asset_id": f"n{at}", "quantity": 10.0, "modelled": row[0]}
        | dict(zip(names, row, strict=True))
        for at, row in enumerate(rows)
    ]
    return pd.DataFrame(made)


def families(seen: Demand, charged: pd.DataFrame | None) -> dict[str, dict[str, Any]]:
    frame = spotted(PlanRequest.of(request(), seen, charged))
    return {row["name"]: row for row in frame[frame["scope"] == "family"].to_dict("records")}


def test_sizes_of_a_family_are_compared_by_the_core_hour() -> None:
    """On-demand 8 for 80 core-hours; spot 0.8 for 20: 0.1 and 0.04."""
    seen = world(("m6i.2xlarge", "on_demand", 8.0), ("m6i.large", "spot", 2.0))
    row = families(seen, paid((8.0, 0.0, 8.0), (0.8, 0.0, 0.0)))["m6i"]
    assert row["discount"] == pytest.approx(0.6)


@pytest.mark.parametrize("committed", [8.0, 2.0])
def test_what_a_commitment_paid_for_is_no_on_demand_rate(committed: float) -> None:
    seen = world(("m6i.2xlarge", "on_demand", 8.0), ("m6i.2xlarge", "spot", 8.0))
    charged = paid((8.0, committed, 8.0 - committed), (3.0, 0.0, 0.0))
    assert pd.isna(families(seen, charged)["m6i"]["discount"])


def test_other_families_and_no_bill_give_no_discount() -> None:
    seen = world(("m6i.2xlarge", "on_demand", 8.0), ("c6i.2xlarge", "spot", 8.0))
    found = families(seen, paid((8.0, 0.0, 8.0), (3.0, 0.0, 0.0)))
    assert all(pd.isna(row["discount"]) for row in found.values())
    assert pd.isna(families(seen, None)["m6i"]["discount"])


def test_machines_of_no_known_type_are_of_no_family() -> None:
    assert families(world(("", "", 8.0)), paid((8.0, 0.0, 8.0))) == {}


def test_a_window_in_which_nothing_was_seen_says_nothing() -> None:
    frames = {
        name: getattr(schemas, name.upper()).empty()
        for name in ("inventory", "presence", "pods", "usage", "mounts")
    }
    seen = observed(Observation(**frames, coverage=request().coverage))
    assert spotted(PlanRequest.of(request(), seen, None)).empty
    both = together([seen, seen])
    assert spotted(PlanRequest.of(request(), both, paid((1.0, 0.0, 1.0)))).empty


def test_a_spot_node_that_is_not_there_at_the_end_is_counted_as_gone() -> None:
    seen = world(("m6i.large", "spot", 2.0), ("m6i.large", "spot", 2.0))
    early = (seen.presence["asset_id"] == "n1") & (seen.presence["hour"] > HOUR)
    cut = Demand(seen.pods, seen.nodes, seen.presence[~early], seen.traits)
    row = families(cut, None)["m6i"]
    assert (row["nodes"], row["gone"]) == (2, 1)


def test_a_bill_that_counts_core_hours_is_read_as_such() -> None:
    """Of 8 and 2 cores, ten hours each: 80 core-hours at 0.1 and 20 at 0.04."""
    seen = world(("n2-standard-8", "on_demand", 8.0), ("n2-standard-2", "spot", 2.0))
    charged = paid((8.0, 0.0, 8.0), (0.8, 0.0, 0.0)).assign(quantity=[80.0, 20.0])
    asked = request()
    asked = replace(asked, prices=asked.prices.assign(unit="core-hours"))
    frame = spotted(PlanRequest.of(asked, seen, charged))
    row = frame[frame["scope"] == "family"].iloc[0]
    assert (row["name"], row["discount"]) == ("n2-standard", pytest.approx(0.6))


def test_hours_of_a_node_that_were_paid_on_demand_teach_though_others_were_committed() -> None:
    """Six of ten hours on a commitment, four at 0.8 an hour; a line takes an eighth off all of it."""
    seen = world(("m6i.2xlarge", "on_demand", 8.0), ("m6i.large", "spot", 2.0))
    names = ["asset_id", "quantity", "cost", "modelled", "committed", "standard"]
    rows = [
        ("n0", 6.0, 3.0, 3.0, 3.0, 0.0),
        ("n0", 4.0, 3.2, 3.2, 0.0, 3.2),
        ("n0", 0.0, -0.775, 0.0, 0.0, 0.0),
        ("n1", 10.0, 0.7, 0.7, 0.0, 0.0),
    ]
    row = families(seen, pd.DataFrame(rows, columns=names))["m6i"]
    assert row["discount"] == pytest.approx(1 - (0.7 / 20) / (0.1 * 7 / 8))
