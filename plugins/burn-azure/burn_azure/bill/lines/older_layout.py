"""Files of a layout without charge types, beside others: they hold usage alone, nothing is empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from burn.api.bills.checks.gaps import Gap
from burn.api.bills.engine.unite import Part
from burn_azure.bill.lines.table import Table


def without_charge_types(
    rows: Sequence[dict[str, Any]], lacking: Sequence[Gap], table: Table
) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows without that gap where a file has no such column, and a note of those files.

    Args:
        rows: how many lines of each `file` have each gap.
        lacking: the gaps, in the order of their numbers.
        table: that was counted.
    """
    charge = table.format.columns.get("charge", "")
    older = {file for part in table.source.parts if not _has(part, charge) for file in part.files}
    shown = {charge, table.source.own_name(charge)}
    silent = {f"gap_{at}": 0 for at, gap in enumerate(lacking) if gap.column in shown}
    named = sorted(table.source.files[file] for file in older if file in table.source.files)
    note = f"{', '.join(named[:3])} has no `{charge}`: all of its lines are taken to be usage on demand"
    kept = [row | silent if str(row["file"]) in older else row for row in rows]
    return kept, [note] if named and silent else []


def _has(part: Part, column: str) -> bool:
    renamed = part.layout.columns if part.layout else {}
    return column.lower() in {name.lower() for name in (*renamed, *part.columns)}
