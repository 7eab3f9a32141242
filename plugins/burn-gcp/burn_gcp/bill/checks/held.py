"""Whose bill of which months some files hold."""

# ruff: noqa: S608 (identifiers are quoted, see bill/lines/table.py)
from __future__ import annotations

from burn.api.bills.engine.source import Source
from burn_gcp.bill.lines.table import Table


def projects_held(source: Source) -> list[tuple[str, str]]:
    """Invoice month and project of the lines, each pair once; the account's own have none."""
    table = Table.of(source)
    sql = (
        f"SELECT DISTINCT {table.month()} AS month, {table.text('account')} AS project "
        f"FROM {source.relation} ORDER BY 1, 2"
    )
    rows = source.engine.query(sql).to_pylist()
    return [(str(row["month"]), str(row["project"])) for row in rows if row["project"]]
