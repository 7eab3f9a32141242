"""Runs the query that reads a bill; its second half here, when the keys are too many for its text."""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.bills.engine.dialect import to_dialect
from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.engine.source import Source
from burn.api.bills.files.scratch import Scratch
from burn_gcp.bill.charges.alike import alike
from burn_gcp.bill.checks.control import Counted
from burn_gcp.bill.cluster.keyset import key_set, relation_of
from burn_gcp.bill.cluster.match import names_of
from burn_gcp.bill.lines.table import Table
from burn_gcp.bill.query import amounts, summed_query, told_query
from burn_gcp.scope import GcpScope

if TYPE_CHECKING:
    import pyarrow as pa

MAX_KINDS = 200_000
"""Characters of SQL for the account's SKUs; with more, outside rows keep theirs."""


def ask(source: Source, sql: str) -> pa.Table:
    """Run a query written in DuckDB's dialect, in the source's own."""
    return source.engine.query(to_dialect(sql, source.engine.dialect))


def told(
    table: Table,
    scope: GcpScope,
    window: Window,
    keys: Mapping[str, tuple[str, str]],
    found: Counted,
) -> pa.Table:
    """The cluster's rows by day, resource and SKU; the others by day, service and kind of SKU.

    Args:
        table: source and format.
        scope: projects, and what makes a line the cluster's.
        window: charges that overlap it.
        keys: of the cluster's resources, see `keyset.keys_of`.
        found: what the bill holds.
    """
    engine, skus = table.source.engine, alike(found.skus)
    known = key_set(engine, keys, names_of(scope))
    summed = summed_query(table, scope, window, known, found)
    sums = amounts(table, found.types)
    if not known.later:
        kinds = relation_of(engine, "burn_skus", skus)
        kinds = kinds if len(kinds) <= MAX_KINDS else ""
        return ask(table.source, f"{summed} {told_query(scope, kinds, sums)}")
    here = DuckDbEngine(Scratch())
    here.register("burn_summed", _plain(ask(table.source, f"{summed} SELECT * FROM summed")))
    kinds = relation_of(here, "burn_skus", skus)
    return here.query(
        f"WITH keys AS ({key_set(here, keys).relation}), "
        f"summed AS (SELECT * FROM burn_summed) {told_query(scope, kinds, sums)}"
    )


def _plain(result: pa.Table) -> pa.Table:
    """Decimals as text: BigQuery's are wider than DuckDB's."""
    import pyarrow as pa

    for at, field in enumerate(result.schema):
        if pa.types.is_decimal(field.type):
            result = result.set_column(at, field.name, result.column(at).cast("string"))
    return result
