"""GKE cost allocation: the cluster's lines by namespace, net of credits."""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.bills.queries import span
from burn.api.bills.queries.sql import literal
from burn_gcp.bill.lines.facts import CLUSTER, NAMESPACE, gross, in_scope
from burn_gcp.bill.lines.table import ZERO, Table
from burn_gcp.bill.summing import ask
from burn_gcp.scope import GcpScope

if TYPE_CHECKING:
    import pandas as pd


def split_query(table: Table, scope: GcpScope, window: Window) -> str:
    """Cost by namespace. Cost allocation cuts a node's lines, it adds none: all is in the bill."""
    inner = (
        f"SELECT {table.label(NAMESPACE)} AS namespace, {table.share(window)} AS share, "
        f"COALESCE({gross(table)}, {ZERO}) + {table.credit(())} AS cost, "
        f"{table.label(CLUSTER)} AS cluster "
        f"FROM {table.source.relation} WHERE {in_scope(table, scope, window)}"
    )
    mine = f"cluster = {literal(scope.cluster or '')} AND namespace <> ''"
    return (
        f"SELECT namespace, SUM({span.within('cost', crossing=True)}) AS cost "
        f"FROM ({inner}) AS facts WHERE {mine} GROUP BY 1 ORDER BY 1"
    )


def split_of(table: Table, scope: GcpScope, window: Window) -> pd.DataFrame:
    """Columns namespace, cost."""
    import pandas as pd

    result = ask(table.source, split_query(table, scope, window))
    return pd.DataFrame(
        {
            "namespace": result.column("namespace").cast("string").to_pandas().astype("str"),
            "cost": result.column("cost").cast("string").cast("float64").to_pandas(),
        }
    )
