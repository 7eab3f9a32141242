"""Dedicated Hosts: billed by the host's hour, while the instances on it are billed at 0.

No column says which host an instance is on. A host that is the cluster's (by tag, or as stated) is
carried by the cluster's instances of the same family, account and region that ran on hosts that
day, by their hours. A host that no such instance used is kept as it is, under `other`.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.bills.hosts import alone
from burn.api.bills.hosts import carried as shared_out
from burn_aws.bill.lines.facts import in_scope
from burn_aws.bill.lines.table import Table
from burn_aws.keys import resource_key_sql
from burn_aws.scope import AwsScope

if TYPE_CHECKING:
    import pandas as pd

_HOST, _GUEST = r"(?:^|-)(?:Reserved)?HostUsage(?::|$)", r"(?:^|-)HostBoxUsage(?::|$)"
_WHERE = ["day", "sub_account_id", "region_id", "family"]


def is_host(rows: pd.DataFrame) -> pd.Series[bool]:
    """Hours of a host."""
    return rows["sku"].str.contains(_HOST)


def is_guest(rows: pd.DataFrame) -> pd.Series[bool]:
    """Hours of an instance on a host."""
    return rows["sku"].str.contains(_GUEST) & (rows["quantity"] > 0)


def carried(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Each of the cluster's hosts as a part on every node that it carries; sums are kept.

    Returns:
        The rows; and how many nodes run on hosts that are not known to be the cluster's.
    """
    hosts, guests = rows["in_cluster"] & is_host(rows), rows["in_cluster"] & is_guest(rows)
    if not (hosts.any() or guests.any()):
        return rows, 0
    rows = rows.assign(family=rows["sku"].str.partition(":")[2].str.partition(".")[0])
    found = shared_out(rows, hosts, guests, _WHERE)
    return found.drop(columns="family"), alone(rows, hosts, guests, _WHERE)


def hosts_query(table: Table, scope: AwsScope, window: Window) -> str:
    """Hosts in scope and what they cost, the dearest first."""
    key = resource_key_sql(table.text("resource_id"))
    cost = table.money("unblended" if table.format.family == "cur" else "effective")
    return (
        f"SELECT {key} AS host, SUM({cost}) AS cost FROM {table.source.relation} "
        f"WHERE {in_scope(table, scope, window)} "
        f"AND REGEXP_MATCHES({table.text('usage_type')}, '(^|-)(Reserved)?HostUsage(:|$)') "
        "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20"
    )
