"""Reads a bill: counted first, then the one query, then the rows it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from burn.api import Bill, DataError, Window, schemas
from burn.api.bills.checks.repeats import require_single
from burn.api.bills.checks.uneven import uneven
from burn.api.bills.engine.source import Source
from burn_gcp.bill.charges.commitments import unpaid_notes
from burn_gcp.bill.charges.costs import bill_rows, classed
from burn_gcp.bill.charges.elsewhere import elsewhere_query, needed
from burn_gcp.bill.charges.held import held
from burn_gcp.bill.charges.on_demand import Lookup, bill_rates, with_on_demand
from burn_gcp.bill.checks.accounted import counts
from burn_gcp.bill.checks.control import Counted, control_query, counted
from burn_gcp.bill.checks.repeats import facts_of
from burn_gcp.bill.checks.untagged import unlabelled
from burn_gcp.bill.cluster.hosts import with_hosts
from burn_gcp.bill.cluster.keyset import keys_of
from burn_gcp.bill.cluster.pools import pools_note
from burn_gcp.bill.cluster.split import split_of
from burn_gcp.bill.final import exported_query, final_until
from burn_gcp.bill.lines.facts import of_projects
from burn_gcp.bill.lines.formats import DETAILED
from burn_gcp.bill.lines.layouts import facts_in
from burn_gcp.bill.lines.table import Table
from burn_gcp.bill.query import AMOUNTS, CREDIT_NAMES, NAMES
from burn_gcp.bill.summing import ask, told
from burn_gcp.described import Described
from burn_gcp.scope import GcpScope

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

NOTHING = Described()
_TEXTS = (*NAMES, "resource_name")


@dataclass(frozen=True, slots=True)
class Read:
    """A bill, and what it teaches about prices.

    Attributes:
        bill: for the core.
        detail: its cluster rows with `usage`, `component` and `part` besides.
        rates: list price per unit by (component, region), on demand.
    """

    bill: Bill
    detail: pd.DataFrame
    rates: pd.Series[float]


def read_bill(
    source: Source,
    scope: GcpScope,
    window: Window,
    keys: Sequence[str],
    *,
    boot_disks: Sequence[str] = (),
    described: Described = NOTHING,
    lookup: Lookup = lambda _: None,
) -> Read:
    """The bill in the window, summed inside the engine.

    Args:
        source: where the lines are.
        scope: projects, and what makes a line the cluster's.
        window: charges that overlap it; a charge that crosses its border counts in part.
        keys: resource keys of observed assets.
        boot_disks: those among them that are nodes' own disks.
        described: further resources that the account says are the cluster's.
        lookup: on-demand list prices of spot usage that the bill does not teach.

    Raises:
        DataError: unknown format, missing columns, several currencies, no lines; or the export
            names no resources, and there are nodes to be found on it.
    """
    table = Table.of(source)
    _require_resources(table, keys)
    of_projects(table, scope)
    files = counts(table, window)
    lines = counted(ask(source, control_query(table, scope, window)), window, files, table)
    repeats = require_single(source, facts_of(table, scope, window))
    currency = lines.total.currency
    summed, namespaces = _summed(table, scope, window, keys_of(keys, described), lines)
    rows = classed(summed, boot_disks)
    said = held(rows, author="burn-gcp")
    rows, others = rows[~rows["elsewhere"]], rows[rows["elsewhere"]]
    rows, missing = with_on_demand(rows, lookup, currency)
    rates = bill_rates(rows)
    detail, unpaid = bill_rows(rows, others)
    detail, hosts = with_hosts(detail, table, scope, window)
    detail = detail.assign(billing_currency=currency)
    detail["commitment_discount_type"] = _commitment_type(detail["commitment_discount_id"])
    del summed, rows  # each is as large as the bill
    bill = Bill(
        rows=schemas.BILL.validate(_aggregated(detail), author="burn-gcp"),
        control=replace(lines.total, unread=source.unread),
        final_until=final_until(_newest(table, window), window),
        origin=source.origin,
        notes=(
            *repeats,
            *lines.notes,
            *uneven(source, files, facts_in),
            *unlabelled(table, scope, window, detail[detail["in_cluster"]]),
            *_notes(detail, table, missing),
            *unpaid_notes(unpaid, currency),
            *hosts,
            *pools_note(detail, set(keys) - set(boot_disks), lines.skus, table, scope, window),
            *described.notes,
        ),
        namespace_split=split_of(table, scope, window) if namespaces else None,
        commitments=said,
        bytes_scanned=source.engine.bytes_scanned,
    )
    return Read(bill, detail[detail["in_cluster"]], rates)


def _summed(
    table: Table,
    scope: GcpScope,
    window: Window,
    keys: Mapping[str, tuple[str, str]],
    lines: Counted,
) -> tuple[pd.DataFrame, bool]:
    """Sums of all lines in scope, and of those `elsewhere`; whether any of them names a namespace."""
    import pandas as pd

    result = told(table, scope, window, keys, lines)
    namespaces = any(result.column("namespace").to_pylist())
    own = _frame(result).assign(elsewhere=False)
    if not needed(scope, lines):
        return own, namespaces
    others = _frame(ask(table.source, elsewhere_query(table, scope, window)))
    return pd.concat([own, others.assign(elsewhere=True)], ignore_index=True), namespaces


def _require_resources(table: Table, keys: Sequence[str]) -> None:
    machines = sum("/instance/" in key for key in keys)
    if machines and not table.format.resources:
        raise DataError(
            f"the bill is a {table.format.name}, which names no resources: none of the {machines}"
            " nodes can be told on it",
            hint=DETAILED,
        )


def instant(value: Any) -> datetime:
    """A result's instant in UTC, whichever way the engine tells it."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _newest(table: Table, window: Window) -> datetime | None:
    sql = exported_query(table, window)
    if sql is None:
        return None
    newest = ask(table.source, sql).column("newest")[0].as_py()
    return None if newest is None else instant(newest)


def _frame(result: pa.Table) -> pd.DataFrame:
    """Decimals to float64 through text, text never null."""
    import pandas as pd

    out: dict[str, Any] = {}
    for name in _TEXTS:
        if name in result.column_names:
            text = result.column(name).cast("string").to_pandas()
            out[name] = text.fillna("").astype("str")
        else:
            out[name] = pd.Series("", index=range(result.num_rows), dtype="str")
    for name in (*AMOUNTS, *CREDIT_NAMES):
        if name in result.column_names:
            out[name] = result.column(name).cast("string").cast("float64").to_pandas().fillna(0.0)
        else:
            out[name] = 0.0
    if "x_lines" in result.column_names:
        out["x_lines"] = result.column("x_lines").cast("int64").to_pandas()
    else:
        out["x_lines"] = 0
    return pd.DataFrame(out).sort_values(list(NAMES), kind="stable", ignore_index=True)


def _aggregated(detail: pd.DataFrame) -> pd.DataFrame:
    """The cluster's rows as they are; outside one per day, service and class."""
    import pandas as pd

    names = [column.name for column in schemas.BILL.columns if not column.optional]
    amounts = ["quantity", "x_lines", *(n for n in names if n.endswith("_cost"))]
    by = [n for n in names if n not in amounts and n != "resource_name"]
    inside = detail["in_cluster"]
    sums = {name: (name, "sum") for name in amounts} | {"resource_name": ("resource_name", "max")}
    outside = detail[~inside].groupby(by, as_index=False).agg(**sums)
    rows = pd.concat([detail.loc[inside, names], outside[names]])
    return rows.sort_values(
        ["day", "resource_key", "service_name"], kind="stable", ignore_index=True
    )


def _commitment_type(ids: pd.Series[str]) -> pd.Series[str]:
    import numpy as np
    import pandas as pd

    spend = ids.str.startswith("spend/")
    kind = np.select([ids == "", spend], ["", "spend-based"], "resource-based")
    return pd.Series(kind, index=ids.index).astype("str")


def _notes(detail: pd.DataFrame, table: Table, missing: Sequence[str]) -> list[str]:
    files = {form.poorer: file for file, form in table.formats}
    several = len(files) > 1
    notes = sorted(f"{file}: {why}" if several else why for why, file in files.items() if why)
    if not table.format.resources:
        notes.append(
            "the standard export names no resources: only labels tie its lines to the cluster,"
            " and no line to one node; the detailed export does"
        )
    if missing:
        notes.append(
            f"no on-demand price for {', '.join(missing[:5])}: their spot saving is not shown"
        )
    unknown = detail[detail["x_cost_class"] == "unknown"]
    if len(unknown):
        kinds = ", ".join(sorted(unknown["x_charge_kind"].unique()))
        notes.append(f"lines burn has no rule for, kept as accounting/unknown: {kinds}")
    return notes
