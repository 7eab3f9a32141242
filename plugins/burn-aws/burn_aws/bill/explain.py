"""The bill lines behind a figure, for `burn explain`."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.bills.engine.dialect import to_dialect
from burn.api.bills.engine.source import Source
from burn.api.bills.queries.sql import literal, quoted
from burn_aws.bill.lines.facts import in_scope, service
from burn_aws.bill.lines.services import NAMES
from burn_aws.bill.lines.table import Table
from burn_aws.keys import resource_key_sql
from burn_aws.scope import AwsScope

if TYPE_CHECKING:
    import pandas as pd

SHOWN = (
    *("start", "end", "account", "line_type", "category", "service", "product_code", "usage_type"),
    *("operation", "resource_id", "sp_arn", "ri_arn", "commitment", "usage", "unit", "unblended"),
    *("net_unblended", "billed", "sp_effective", "ri_effective", "effective", "public", "list"),
    *("currency", "invoice", "description"),
)
_COMMITMENTS = ("sp_arn", "ri_arn", "commitment")
_AMOUNTS = ("unblended", "sp_effective", "ri_effective", "billed", "effective")


def bill_lines(
    source: Source,
    scope: AwsScope,
    window: Window,
    subjects: Sequence[str],
    skus: Sequence[str],
    limit: int,
) -> pd.DataFrame:
    """Raw lines that name one of the subjects, largest amount first; no subjects: of any.

    Args:
        source: the bill.
        scope: accounts.
        window: lines that overlap it.
        subjects: resource keys, commitment ids or service names, as in the `bill` frame.
        skus: usage types; none means any.
        limit: the most rows to return.
    """
    table = Table.of(source)
    columns = list(dict.fromkeys(table.format.columns[f] for f in SHOWN if table.has(f)))
    tests = [in_scope(table, scope, window)]
    codes = [code for code, name in NAMES.items() if name in subjects]
    wanted = ", ".join(literal(subject) for subject in dict.fromkeys([*subjects, *codes]))
    if wanted:
        key = resource_key_sql(table.text("resource_id"))
        named = [key, service(table), *(table.text(f) for f in _COMMITMENTS if table.has(f))]
        tests.append(" OR ".join(f"{name} IN ({wanted})" for name in named).join("()"))
    if skus:
        tests.append(f"{table.text('usage_type')} IN ({', '.join(map(literal, skus))})")
    zero = "CAST(0 AS DECIMAL(38, 12))"
    amounts = [f"ABS(COALESCE({table.money(f)}, {zero}))" for f in _AMOUNTS if table.has(f)]
    largest = f"GREATEST({', '.join(amounts)})" if len(amounts) > 1 else amounts[0]
    shown = ", ".join(quoted(column) for column in columns)
    sql = (
        f"SELECT {shown} FROM {source.relation} WHERE {' AND '.join(tests)} "
        f"ORDER BY {largest} DESC, {shown} LIMIT {int(limit)}"
    )
    lines: pd.DataFrame = source.engine.query(to_dialect(sql, source.engine.dialect)).to_pandas()
    return lines.rename(columns={name: source.own_name(name) for name in columns})
