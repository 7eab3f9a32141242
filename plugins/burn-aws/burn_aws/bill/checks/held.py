"""Whose bill of which months some files hold."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from burn.api.bills.engine.source import Source
from burn_aws.bill.lines.facts import billing_month
from burn_aws.bill.lines.table import Table


def accounts_held(source: Source) -> list[tuple[str, str]]:
    """Billing month and usage account of the lines, each pair once."""
    table = Table.of(source)
    sql = (
        f"SELECT DISTINCT {billing_month(table)} AS month, {table.text('account')} AS account "
        f"FROM {source.relation} ORDER BY 1, 2"
    )
    rows = source.engine.query(sql).to_pylist()
    return [(str(row["month"]), str(row["account"])) for row in rows]
