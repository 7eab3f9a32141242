"""Sole-tenant nodes: billed whole, by cores and memory, while the instances on them are billed at 0.

No column says which sole-tenant node an instance is on. Those that are the cluster's (by label, or
as stated) are carried by its instances of the same family and region that were hosted so that day,
by their core-hours, whichever project shares them. docs/reference/gcp-bill.md has the sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.bills.hosts import alone, carried
from burn.api.money import count
from burn_gcp.bill.cluster.dearest import dearest
from burn_gcp.bill.lines.table import Table
from burn_gcp.prices.machines import FAMILIES
from burn_gcp.scope import GcpScope

if TYPE_CHECKING:
    import pandas as pd

TENANCY, GUEST = r"(?i)\bsole tenancy\b", r"(?i)\bhosted on sole tenancy\b"
_BESIDES = r"\b(?:hosted on )?sole tenancy\b(?: premium for\b)?|\b(?:core|ram)\b"
_WHERE = ("day", "region_id", "family")


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
    sku = "LOWER(sku)"
    test = f"{sku} LIKE '%sole tenancy%' AND {sku} NOT LIKE '%hosted on sole tenancy%'"
    test += f" AND {sku} NOT LIKE 'commitment%'"
    listed = dearest(table, scope, window, test, besides=set(stated))
    which = f"such as {listed}" if listed else "which are on no line in scope"
    return (
        f"sole-tenant nodes, {which}, carry {count(free, 'node')} of the cluster: Google bills the"
        " former and not the instances on them; state the cluster's in"
        " provider.gcp.cluster_resources, and their cost is the nodes'"
    )
