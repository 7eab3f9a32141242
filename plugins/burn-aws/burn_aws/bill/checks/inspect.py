"""What can be told of a bill before a run: which export it is, and whether a run can use it."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from burn.api import DataError
from burn.api.bills.engine.source import Source
from burn.api.bills.queries.sql import literal
from burn_aws.bill.charges.costs import USAGE
from burn_aws.bill.lines.facts import OURS
from burn_aws.bill.lines.table import Table


def columns(source: Source) -> str:
    """The export's name and what its columns hold.

    Raises:
        DataError: no format fits, or a column that a run needs is missing.
    """
    table = Table.of(source)
    split = "with" if table.has("split_cost") else "no"
    count = len(source.columns)
    return f"{table.format.name}, {count} columns, resource ids, {split} split cost allocation data"


def lines_of(source: Source) -> str:
    """The same, and a look at the lines themselves.

    Raises:
        DataError: as `columns`; no line is of AWS, or no usage names its resource.
    """
    told, table = columns(source), Table.of(source)
    ours = f"{table.text('provider')} IN ({OURS})"
    kind = table.text("line_type" if table.format.family == "cur" else "category")
    usage = f"{ours} AND {kind} IN ({', '.join(map(literal, USAGE))})"
    sql = (
        f"SELECT COUNT(*) AS lines, COUNT(*) FILTER (WHERE {ours}) AS ours, "
        f"COUNT(*) FILTER (WHERE {usage}) AS usage, "
        f"COUNT(*) FILTER (WHERE {usage} AND {table.text('resource_id')} <> '') AS named, "
        f"MIN(NULLIF({table.text('provider')}, '')) AS whose FROM {source.relation}"
    )
    seen = source.engine.query(sql).to_pylist()[0]
    if not seen["ours"]:
        whose = f"lines of {seen['whose']}" if seen["whose"] else "no lines"
        raise DataError(
            f"the bill is {table.format.name} with {whose}, none of AWS",
            hint="choose the --provider whose bill it is, or point provider.aws.bill at AWS's own",
        )
    if seen["usage"] and not seen["named"]:
        raise DataError(
            f"the bill is {table.format.name} whose usage names no resource",
            hint="recreate the export with resource ids (INCLUDE_RESOURCES)",
        )
    return told
