"""Dedicated Hosts: billed by the host's hour, while the machines on them are billed at 0.

No column says which host a machine is on. A host that is the cluster's (by group, tag, or as stated)
is carried by the cluster's machines at nothing of its region and subscription that day, by their
hours. docs/reference/azure-bill.md has the sources.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.bills.hosts import carried
from burn.api.bills.queries.sql import literal
from burn_azure.bill.charges.costs import amounts
from burn_azure.bill.lines.facts import in_scope
from burn_azure.bill.lines.table import Table
from burn_azure.keys import arm_id_sql
from burn_azure.scope import AzureScope

if TYPE_CHECKING:
    import pandas as pd

HOST = "/hostgroups/[^/]+/hosts/[^/]+$"
SHOWN = 5


def with_hosts(
    rows: pd.DataFrame, table: Table, scope: AzureScope, window: Window
) -> tuple[pd.DataFrame, list[str]]:
    """Rows whose hosts are carried by the nodes on them, else a note that names the hosts in scope.

    Args:
        rows: the bill, of all datasets together.
        table: all lines, of the dataset with the effective cost.
        scope: subscriptions.
        window: lines that overlap it.
    """
    nodes = rows["in_cluster"] & (rows["x_cost_class"] == "node")
    hosts = nodes & rows["resource_key"].str.contains(HOST)
    free = (rows["effective_cost"] == 0) & (rows["billed_cost"] == 0)
    guests = nodes & ~hosts & free & (rows["quantity"] > 0) & (rows["commitment_discount_id"] == "")
    if hosts.any():
        return carried(rows, hosts, guests, ("day", "sub_account_id", "region_id")), []
    if not guests.any():
        return rows, []
    found = table.source.engine.query(_query(table, scope, window)).to_pylist()
    if not found:
        return rows, []
    named = ", ".join(f"{row['host']} ({float(row['cost']):,.2f})" for row in found[:SHOWN])
    return rows, [
        f"{rows.loc[guests, 'resource_key'].nunique()} nodes are on the bill at nothing, and there are"
        f" Dedicated Hosts: {named}. Azure bills the host and not the machines on it; state the"
        " cluster's hosts in provider.azure.cluster_resources, and their cost is the nodes'"
    ]


def _query(table: Table, scope: AzureScope, window: Window) -> str:
    key = arm_id_sql(table.text("resource_id"))
    return (
        f"SELECT {key} AS host, SUM({amounts(table)['e']}) AS cost FROM {table.source.relation} "
        f"WHERE {in_scope(table, scope, window)} AND REGEXP_MATCHES({key}, {literal(HOST)}) "
        "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20"
    )
