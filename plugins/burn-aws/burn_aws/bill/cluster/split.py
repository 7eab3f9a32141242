"""AWS's own split of instance cost over pods (split cost allocation data), by namespace.

With it, an export has two more lines per pod and hour: they repeat, pod by pod, what the
instance's own line says already, so no total may count them.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.bills.queries import span
from burn.api.bills.queries.sql import literal
from burn_aws.bill.lines.facts import readable
from burn_aws.bill.lines.table import Table
from burn_aws.scope import AwsScope

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def split_query(table: Table, scope: AwsScope, window: Window) -> str | None:
    """Cost by namespace, used and unused share together, net where it exists; None: no split.

    A pod's ARN ends in pod/CLUSTER/NAMESPACE/POD/UID.
    """
    if not table.has("split_cost") or not table.has("split_parent"):
        return None
    used = f"COALESCE({table.money('split_net_cost')}, {table.money('split_cost')}, 0)"
    unused = f"COALESCE({table.money('split_net_unused')}, {table.money('split_unused')}, 0)"
    pod = f"SPLIT_PART({table.text('resource_id')}, ':pod/', 2)"
    tests = [readable(table, scope, window), f"{table.text('split_parent')} <> ''", f"{pod} <> ''"]
    if scope.cluster:
        tests.append(f"SPLIT_PART({pod}, '/', 1) = {literal(scope.cluster)}")
    inner = (
        f"SELECT SPLIT_PART({pod}, '/', 2) AS namespace, {used} + {unused} AS cost, "
        f"{table.at('start')} AS start_at, {table.at('end')} AS end_at "
        f"FROM {table.source.relation} WHERE {' AND '.join(tests)}"
    )
    timed = f"SELECT *, {span.share(window)} AS share FROM ({inner}) AS pods"
    return (
        f"SELECT namespace, SUM({span.within('cost', crossing=True)}) AS cost "
        f"FROM ({timed}) AS timed GROUP BY 1 ORDER BY 1"
    )


def split_frame(result: pa.Table) -> pd.DataFrame | None:
    """Columns namespace and cost; None when no pod of the cluster is split."""
    import pandas as pd

    if not result.num_rows:
        return None
    return pd.DataFrame(
        {
            "namespace": result.column("namespace").cast("string").to_pandas().astype("str"),
            "cost": result.column("cost").cast("string").cast("float64").to_pandas(),
        }
    )
