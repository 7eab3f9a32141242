"""Sole-tenant nodes: billed whole, by cores and memory, while the instances on them are billed at 0.

No column says which sole-tenant node an instance is on. Those that are the cluster's (by label, or
as stated) are carried by its instances of the same family and region that were hosted so that day,
by their core-hours, whichever project shares them. docs/reference/gcp-bill.md has the sources.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.bills.hosts import alone, carried
from burn.api.bills.queries.sql import literal
from burn_gcp.bill.cluster.match import KEY
from burn_gcp.bill.lines.facts import lines
from burn_gcp.bill.lines.table import Table
from burn_gcp.bill.summing import ask
from burn_gcp.prices.machines import FAMILIES
from burn_gcp.scope import GcpScope

if TYPE_CHECKING:
    import pandas as pd

TENANCY, GUEST = r"(?i)\bsole tenancy\b", r"(?i)\bhosted on sole tenancy\b"
_BESIDES = r"\b(?:hosted on )?sole tenancy\b(?: premium for\b)?|\b(?:core|ram)\b"
_WHERE = ("day", "region_id", "family")
_NAMED = 5


def with_hosts(
    rows: pd.DataFrame, table: Table, scope: GcpScope, window: Window
) -> tuple[pd.DataFrame, list[str]]:
    """Rows whose sole-tenant nodes are carried by the nodes on them; and what is said of the others.

    Args:
        rows: from `costs.bill_rows`.
        table: all lines.
        scope: projects.
        window: lines that overlap it.
    """
    mine = rows["in_cluster"] & rows["sku"].str.contains(TENANCY, regex=True)
    guest_lines = mine & rows["sku"].str.contains(GUEST, regex=True)
    guests = guest_lines & (rows["quantity"] > 0)
    hosts = mine & ~guest_lines & ~rows["resource_key"].str.contains("/instance/", regex=False)
    if not (guests.any() or hosts.any()):
        return rows, []
    # A rate is learned of what an instance used; what its host had is no usage of its own.
    named = rows.assign(family=_family(rows["component"]), usage=rows["usage"].mask(hosts, 0.0))
    free = alone(named, hosts, guests, _WHERE)
    notes = [_note(free, table, scope, window, rows.loc[hosts, "resource_key"])] if free else []
    return carried(named, hosts, guests, _WHERE).drop(columns="family"), notes


def _family(component: pd.Series[str]) -> pd.Series[str]:
    """`c2` of `compute optimized core` and of `c2 core hosted on sole tenancy`."""
    name = component.str.replace(_BESIDES, " ", regex=True)
    name = name.str.replace(r"\s+", " ", regex=True).str.strip()
    return name.replace({spelled.strip(): family for family, spelled in FAMILIES.items()})


def _note(free: int, table: Table, scope: GcpScope, window: Window, stated: pd.Series[str]) -> str:
    found = ask(table.source, _query(table, scope, window)).to_pylist()
    others = [row for row in found if row["host"] not in set(stated)]
    listed = ", ".join(
        f"{row['host'] or 'without a resource'} ({float(row['cost']):,.2f})"
        for row in others[:_NAMED]
    )
    return (
        f"{free} nodes run on sole-tenant nodes, "
        f"{f'such as {listed}' if listed else 'which are on no line in scope'}: Google bills those"
        " and not the instances on them; state the cluster's in provider.gcp.cluster_resources, and"
        " their cost is the nodes'"
    )


def _query(table: Table, scope: GcpScope, window: Window) -> str:
    """Sole-tenant nodes in scope and what they cost before credits, the dearest first."""
    return (
        f"SELECT {KEY} AS host, SUM(cost) AS cost FROM ({lines(table, scope, window, ())}) AS lines "
        f"WHERE LOWER(sku) LIKE {literal('%sole tenancy%')} "
        f"AND LOWER(sku) NOT LIKE {literal('%hosted on sole tenancy%')} "
        "AND LOWER(sku) NOT LIKE 'commitment%' "
        "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20"
    )
