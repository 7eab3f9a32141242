"""The bill lines behind a figure, for `burn explain`."""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.bills.engine.source import Source
from burn.api.bills.queries.sql import literal, quoted
from burn_gcp.bill.charges.pods import PREFIX
from burn_gcp.bill.cluster.match import of_cluster
from burn_gcp.bill.lines.facts import CLUSTER, LOCATION, in_scope, in_time
from burn_gcp.bill.lines.table import ZERO, Table
from burn_gcp.bill.summing import ask
from burn_gcp.keys import resource_key_sql
from burn_gcp.scope import GcpScope

if TYPE_CHECKING:
    import pandas as pd

FEES = "commitment"
SHOWN = (
    *("start", "end", "account", "cost_type", "category", "adjustment", "adjustment_mode"),
    *("adjustment_text", "service", "sku", "resource", "global"),
    *("usage", "unit", "model", "subscription", "list", "cost", "currency", "month"),
)


def bill_lines(
    source: Source,
    scope: GcpScope,
    window: Window,
    subjects: Sequence[str],
    skus: Sequence[str],
    limit: int,
) -> pd.DataFrame:
    """Raw lines that name one of the subjects, largest cost first; no subjects: of any.

    Args:
        source: the bill.
        scope: projects.
        window: lines that overlap it.
        subjects: resource keys, commitment pools or service names, as in the `bill` frame.
        skus: only lines of these SKUs' descriptions; none means any.
        limit: the most rows to return.

    Returns:
        Columns under the export's own paths, and the sum of each line's credits.
    """
    table = Table.of(source)
    shown = {table.format.paths[fact]: _shown(table, fact) for fact in SHOWN if table.has(fact)}
    shown["credits"] = table.credit(())
    place = f"COALESCE(NULLIF({table.text('zone')}, ''), {table.text('region')})"
    names = {
        "global_name": table.text("global"),
        "cluster_place": f"COALESCE({table.label(LOCATION)}, '')",
        "resource_text": table.text("resource"),
        "project": table.text("account"),
        "place_id": place,
        "service_text": table.text("service"),
        "fee_text": table.text("subscription"),
        "sku_text": table.text("sku"),
        "cluster": f"COALESCE({table.label(CLUSTER)}, '')",
        "amount": f"ABS(COALESCE({table.money('cost')}, {ZERO}))",
    }
    items = ", ".join(f"{sql} AS {quoted(_flat(n))}" for n, sql in shown.items())
    extra = ", ".join(f"{sql} AS {name}" for name, sql in names.items())
    scoped = in_scope(table, scope, window)
    if any(_is_pool(subject) for subject in subjects):
        # A commitment's fee may be billed to another project of the account.
        fee = f"STARTS_WITH(LOWER({table.text('sku')}), {literal(FEES)})"
        scoped = f"{' AND '.join(in_time(table, window))} AND (({scoped}) OR {fee})"
    inner = f"SELECT {items}, {extra} FROM {source.relation} WHERE {scoped}"
    key = resource_key_sql("global_name", "resource_text", "project", "place_id")
    filters = ["1 = 1"]
    if subjects:
        wanted = ", ".join(literal(subject) for subject in dict.fromkeys(subjects))
        tests = [f"{name} IN ({wanted})" for name in (key, "service_text", "fee_text")]
        if any(_is_pool(subject) for subject in subjects):
            tests.append(f"STARTS_WITH(LOWER(sku_text), {literal(FEES)})")
        if any(subject.startswith(f"{PREFIX}/") for subject in subjects):
            mine = [f"({test})" for test, _ in of_cluster(scope, key)]
            pods = "STARTS_WITH(sku_text, 'Autopilot ')"
            tests += [f"({pods} AND ({' OR '.join(mine)}))"] * bool(mine)
        filters.append(" OR ".join(tests))
    if skus:
        listed = ", ".join(map(literal, dict.fromkeys(skus)))
        filters.append(f"sku_text IN ({listed})")
    where = " AND ".join(f"({test})" for test in filters)
    columns = ", ".join(quoted(_flat(name)) for name in shown)
    sql = (
        f"SELECT {columns} FROM ({inner}) AS found WHERE {where} "
        f"ORDER BY amount DESC, {columns} LIMIT {int(limit)}"
    )
    found: pd.DataFrame = ask(source, sql).to_pandas()
    return found.rename(columns={_flat(name): name for name in shown})


def _is_pool(subject: str) -> bool:
    """Whether it is a pool of commitments (see `bill/charges/commitments.py`): shown by its fees."""
    return subject.startswith("spend/") or bool(re.search(r"(^| )(core|ram)/", subject))


def _shown(table: Table, fact: str) -> str:
    if fact in {"start", "end"}:
        return table.at(fact)
    return table.money(fact) if fact in {"usage", "list", "cost"} else table.text(fact)


def _flat(path: str) -> str:
    """BigQuery allows no dot in a column's name."""
    return path.replace(".", "__")
