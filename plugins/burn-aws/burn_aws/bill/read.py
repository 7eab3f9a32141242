"""Reads a bill: control first, then the one query, then the frame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from burn.api import Bill, ControlTotal, DataError, Window, schemas
from burn_aws.bill.control import Month, control_query, months_of, require_sound
from burn_aws.bill.dialect import to_dialect
from burn_aws.bill.keyset import KeySet
from burn_aws.bill.query import bill_query
from burn_aws.bill.typed import Table
from burn_aws.engine import Source
from burn_aws.scope import AwsScope

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def read_bill(
    source: Source,
    scope: AwsScope,
    window: Window,
    keys: Sequence[str],
    *,
    node_disks: Sequence[str] = (),
    author: str = "burn-aws",
) -> Bill:
    """The bill in the window, aggregated inside the engine.

    Args:
        source: where the lines are.
        scope: accounts, and what makes a line the cluster's.
        window: charges that overlap it; a charge that crosses its border counts in part.
        keys: resource keys of observed assets (`burn_aws.keys`).
        node_disks: resource keys of volumes known to be nodes' root volumes.
        author: distribution and version, for the frame's errors.

    Raises:
        DataError: unknown format, missing columns, mixed currencies, a month read twice, no lines.
    """
    table = Table.of(source)
    engine = source.engine
    months = months_of(_ask(source, control_query(table, scope, window)))
    lines = sum(month.lines for month in months)
    if not lines:
        raise DataError(
            f"the bill has no line in {window}",
            hint="check the window, provider.aws.accounts and where the bill is",
        )
    currency = require_sound(months, table.format.name)
    net = frozenset(month.month for month in months if month.is_net)
    known = KeySet.make(engine, keys, node_disks)
    sql = bill_query(table, scope, window, known.relation, net=net, detail=known.later)
    rows = _frame(known.finish(_ask(source, sql)))
    return Bill(
        rows=schemas.BILL.validate(rows, author=author),
        control=ControlTotal(
            lines=lines,
            billed=sum((m.total for m in months), start=months[0].total * 0),
            currency=currency,
        ),
        final_until=_final_until(table, months, window),
        origin=source.origin,
        notes=tuple(_notes(months, rows)),
        bytes_scanned=engine.bytes_scanned,
    )


def _ask(source: Source, sql: str) -> pa.Table:
    return source.engine.query(to_dialect(sql, source.engine.dialect))


def _frame(result: pa.Table) -> pd.DataFrame:
    """Decimals (or their text) to float64, text to text, days to UTC; in a fixed order."""
    import pandas as pd

    floats = [c.name for c in schemas.BILL.columns if c.kind == "float"]
    columns: dict[str, pd.Series[Any]] = {}
    for column in schemas.BILL.columns:
        values = result.column(column.name)
        if column.kind == "timestamp":
            columns[column.name] = pd.to_datetime(values.to_pandas().astype("str"), utc=True)
        elif column.name in floats:
            columns[column.name] = pd.Series(values.cast("float64").to_numpy()).fillna(0.0)
        elif column.kind == "int":
            columns[column.name] = pd.Series(values.cast("int64").to_numpy())
        elif column.kind == "bool":
            columns[column.name] = values.to_pandas().map(
                {"true": True, "false": False, True: True, False: False}
            )
        else:
            columns[column.name] = values.cast("string").to_pandas().fillna("").astype("str")
    frame = pd.DataFrame(columns)
    order = [c.name for c in schemas.BILL.columns if c.kind in ("timestamp", "string")]
    return frame.sort_values(order, kind="stable", ignore_index=True)


def _final_until(table: Table, months: Sequence[Month], window: Window) -> datetime | None:
    """AWS fills in the invoice id when a month is final; before that its lines can change."""
    if not table.has("invoice"):
        return None
    until = None
    for month in sorted({month.month for month in months}):
        same = [other for other in months if other.month == month]
        if any(other.open_lines for other in same):
            break
        until = same[0].end
    return None if until is None else min(until, window.end)


def _notes(months: Sequence[Month], rows: pd.DataFrame) -> list[str]:
    notes = []
    open_months = sorted({month.month for month in months if month.open_lines})
    if open_months:
        notes.append(f"the bill of {', '.join(open_months)} is still being written")
    unpriced = sum(month.without_list for month in months)
    if unpriced:
        notes.append(
            f"{unpriced:,} usage lines name no public price; their list cost is taken as charged,"
            " so the rate drivers say less than they could"
        )
    unknown = rows.loc[rows["x_cost_class"] == "unknown", "x_charge_kind"].unique()
    if len(unknown):
        names = ", ".join(sorted(unknown))
        notes.append(f"line types burn does not know, kept as accounting/unknown: {names}")
    return notes
