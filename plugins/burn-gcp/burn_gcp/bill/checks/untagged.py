"""Lines without the cluster's label, of resources that others of their lines give to it.

A label is on a line from the hour it was set. Such lines stay outside the cluster, and how much
money that is must not go unsaid.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.bills.checks.gaps import untagged
from burn_gcp.bill.cluster.match import BY_LABEL, BY_OTHER, KEY, last_name, of_cluster, tied
from burn_gcp.bill.lines.facts import CLUSTER, lines
from burn_gcp.bill.lines.table import Table
from burn_gcp.bill.summing import ask
from burn_gcp.scope import GcpScope

if TYPE_CHECKING:
    import pandas as pd

KNOWN = "burn_labelled"


def unlabelled(table: Table, scope: GcpScope, window: Window, rows: pd.DataFrame) -> list[str]:
    """A note of such lines in files; BigQuery's own table is not read once more for them.

    Args:
        table: all lines.
        scope: projects, and the cluster's labels.
        window: charges that overlap it.
        rows: of the bill, with `resource_key` and `match_method`.
    """
    by_label = rows["match_method"].isin([BY_LABEL, BY_OTHER])
    keys = sorted(set(rows.loc[by_label, "resource_key"]) - {""})
    if not keys or table.source.engine.dialect != "duckdb":
        return []
    _register(table, keys)
    (row,) = ask(table.source, _query(table, scope, window)).to_pylist()
    return untagged(
        int(row["x_lines"]), float(row["amount"] or 0), CLUSTER, table.format.paths["labels"]
    )


def _register(table: Table, keys: Sequence[str]) -> None:
    import pyarrow as pa

    names = [key.rpartition("/")[2] for key in keys]
    table.source.engine.register(KNOWN, pa.table({"resource_key": list(keys), "name": names}))


def _query(table: Table, scope: GcpScope, window: Window) -> str:
    named = " OR ".join(
        f"{last_name(path)} IN (SELECT name FROM {KNOWN})" for path in ("resource", "global_name")
    )
    known = f"CASE WHEN {named} THEN {KEY} IN (SELECT resource_key FROM {KNOWN}) ELSE FALSE END"
    others = " OR ".join(["FALSE", *(test for test, _ in of_cluster(scope, KEY)[1:])])
    each = f"SELECT *, {tied(scope)} AS tied FROM ({lines(table, scope, window, ())}) AS lines"
    return (
        f"SELECT COUNT(*) AS x_lines, SUM(cost) AS amount FROM ({each}) AS each_line "
        f"WHERE tied = '' AND cost <> 0 AND {known} AND NOT ({others})"
    )
