"""Reads a bill: one sum over each dataset, the control beside it, then the frame.

An actual and an amortised export of the same months are read together: what was billed from the
one, everything else from the other. Both are summed to the same keys, and the sums are added.
"""

# ruff: noqa: S608 (see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from burn.api import (
    Accounted,
    Bill,
    ControlTotal,
    DataError,
    FileCount,
    Window,
    schemas,
)
from burn.api.bills.checks.repeats import require_single
from burn.api.bills.checks.settled import invoices
from burn.api.bills.checks.uneven import uneven
from burn.api.bills.months import Month
from burn.api.bills.queries.keyset import KeySet
from burn.api.bills.queries.rows import KEYS, bill_frame
from burn_azure.bill.charges.costs import Role
from burn_azure.bill.charges.currency import require_rates
from burn_azure.bill.charges.held import held
from burn_azure.bill.charges.on_demand import Rates, on_demand_rates, with_list_cost
from burn_azure.bill.checks.accounted import counts, fates
from burn_azure.bill.checks.both import same_usage
from burn_azure.bill.checks.control import control_query
from burn_azure.bill.checks.control import counted as with_parts
from burn_azure.bill.checks.gaps import missing, untagged
from burn_azure.bill.checks.notes import notes
from burn_azure.bill.checks.repeats import facts_of
from burn_azure.bill.checks.untagged import half_tagged
from burn_azure.bill.cluster.hosts import with_hosts
from burn_azure.bill.final import final_until
from burn_azure.bill.lines.kinds import kind_of_lines
from burn_azure.bill.lines.table import Table
from burn_azure.bill.query import bill_query
from burn_azure.bill.summed import summed
from burn_azure.scope import AzureScope

if TYPE_CHECKING:
    import pandas as pd

    from burn_azure.bill.opened import Opened


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table of lines and what it is: actual, amortized, or focus."""

    kind: str
    table: Table
    written: Mapping[Month, datetime] = field(default_factory=dict)
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A bill, and the list prices of VM sizes that it teaches."""

    bill: Bill
    rates: Rates


def read_bill(
    opened: Sequence[Opened],
    scope: AzureScope,
    window: Window,
    keys: Sequence[str],
    *,
    author: str = "burn-azure",
) -> Read:
    """The bill in the window, aggregated inside the engine.

    Args:
        opened: the datasets.
        scope: subscriptions, and what makes a line the cluster's.
        window: charges that overlap it; a charge that crosses its border counts in part.
        keys: resource keys of observed assets (`burn_azure.keys`).
        author: distribution and version, for the frame's errors.

    Raises:
        DataError: unknown format, unreadable dates, mixed currencies, no lines.
    """
    datasets = told_apart(opened)
    counted = [counts(dataset.table) for dataset in datasets]
    files = [count for counts_ in counted for count in counts_]
    roles, last = _roles(datasets), datasets[-1].table
    observed = [KeySet.make(dataset.table.source.engine, keys).relation for dataset in datasets]
    sums = [
        _summed(dataset, scope, relation, role)
        for dataset, relation, role in zip(datasets, observed, roles, strict=True)
    ]
    apart = same_usage(sums[0].table, sums[1].table, scope, window) if len(sums) > 1 else []
    control, open_lines, bare = _control(datasets, scope, window, files)
    lacks = dict.fromkeys(
        text
        for dataset, summed_, role in zip(datasets, sums, roles, strict=True)
        for text in missing(dataset.table, summed_.table, scope, window, role)
    )
    bare += half_tagged(last, sums[-1].table, scope, window, observed[-1])
    repeats = [
        text
        for dataset in datasets
        for text in require_single(dataset.table.source, facts_of(dataset.table, scope, window))
    ]
    rows = _rows(sums, roles, scope, window, control.currency)
    rates = on_demand_rates(sums[-1].table, scope, window)
    rows, spot = with_list_cost(rows, rates)
    rows, hosted = with_hosts(rows, last, scope, window)
    written = [dataset.written for dataset in datasets]
    final = final_until(
        datasets[0].table.format, window, written, lines=control.lines, open_lines=open_lines
    )
    bill = Bill(
        rows=schemas.BILL.validate(rows, author=author),
        control=control,
        final_until=final,
        commitments=held([one.table for one in sums], author=author),
        origin=tuple(text for dataset in datasets for text in dataset.table.source.origin),
        notes=(
            *(text for dataset in datasets for text in dataset.notes),
            *apart,
            *lacks,
            *(
                text
                for dataset, counts_ in zip(datasets, counted, strict=True)
                for text in uneven(dataset.table.source, counts_)
            ),
            *bare,
            *repeats,
            *hosted,
            *notes(
                [d.kind for d in datasets],
                [d.table for d in datasets],
                [d.table for d in sums],
                rows,
                is_open=final != window.end,
                spot=spot,
            ),
        ),
    )
    return Read(bill, rates)


def _rows(
    sums: Sequence[Dataset], roles: Sequence[Role], scope: AzureScope, window: Window, currency: str
) -> pd.DataFrame:
    """The datasets' bill rows; what both hold of one thing is one row."""
    import pandas as pd

    parts = [
        bill_frame(
            dataset.table.source.engine.query(
                bill_query(dataset.table, scope, window, currency, role)
            )
        )
        for dataset, role in zip(sums, roles, strict=True)
    ]
    return parts[0] if len(parts) == 1 else _added(pd.concat(parts, ignore_index=True))


def _summed(dataset: Dataset, scope: AzureScope, keys: str, role: Role) -> Dataset:
    table = summed(dataset.table, scope, keys, role)
    require_rates(table)
    _require_dates(table, dataset.table.format.columns["date"])
    return Dataset(dataset.kind, table)


def told_apart(opened: Sequence[Opened]) -> list[Dataset]:
    """What each table is, the one with the cash first.

    Raises:
        DataError: two tables of one kind, which would count money twice.
    """
    by_kind: dict[str, Dataset] = {}
    for one in opened:
        table = Table.of(one.source)
        focus = table.format.family == "focus"
        kind = "focus" if focus else one.kind or kind_of_lines(table)
        if kind in by_kind:
            raise DataError(
                f"two exports of {kind} cost were given; together they count money twice",
                hint="point provider.azure.bill at the actual and amortized_bill at the amortised one",
            )
        by_kind[kind] = Dataset(kind, table, one.written, one.notes)
    if "focus" in by_kind:
        # FOCUS holds both costs on one line; beside it the other exports repeat the same money.
        return [by_kind["focus"]]
    both = [by_kind[kind] for kind in ("actual", "amortized") if kind in by_kind]
    return both if len(both) == 1 else [_prefixed(one) for one in both]


def _prefixed(dataset: Dataset) -> Dataset:
    """Files of two datasets can have one name: each gets its dataset's before it."""
    source = dataset.table.source
    files = {path: f"{dataset.kind}: {name}" for path, name in source.files.items()}
    return replace(dataset, table=replace(dataset.table, source=replace(source, files=files)))


def _roles(datasets: Sequence[Dataset]) -> list[Role]:
    return ["alone"] if len(datasets) == 1 else ["cash", "amortized"]


def _require_dates(table: Table, column: str) -> None:
    (dateless,) = table.source.engine.query(
        "SELECT CAST(COALESCE(SUM(x_lines), 0) AS BIGINT) AS lines "
        f"FROM {table.source.relation} WHERE {table.day('date')} IS NULL"
    ).to_pylist()
    if dateless["lines"]:
        raise DataError(
            f"{dateless['lines']:,} bill lines have no date that can be read (`{column}`)",
            hint="exports write 2026-10-31 or 10/31/2026; was the file changed by a spreadsheet?",
        )


def _control(
    datasets: Sequence[Dataset], scope: AzureScope, window: Window, files: Sequence[FileCount]
) -> tuple[ControlTotal, int, list[str]]:
    """The total of the dataset with the cash, what became of each line of all files, and notes."""
    accounted: list[Accounted] = []
    cash: list[dict[str, Any]] = []
    bare: list[str] = []
    for at, table in enumerate(dataset.table for dataset in datasets):
        result = table.source.engine.query(control_query(table, scope, window))
        rows = with_parts(result.to_pylist(), window)
        accounted += fates(rows, table, repeats=at > 0)
        bare += untagged(rows, table)
        cash += rows if at == 0 else []
    inside = [row for row in cash if row["fate"] == "window"]
    if not inside:
        raise DataError(
            f"the bill has no line in {window}",
            hint="check the window, provider.azure.subscriptions and where the bill is",
        )
    currencies = sorted({str(row["currency"]) for row in inside if row["currency"]})
    if len(currencies) > 1:
        raise DataError(
            f"the bill is in several currencies: {', '.join(currencies)}",
            hint="limit provider.azure.subscriptions to those billed in one currency",
        )
    currency = currencies[0] if currencies else "USD"
    control = ControlTotal(
        lines=sum(int(row["lines"]) for row in inside),
        billed=sum((Decimal(str(row["billed"])) for row in inside), Decimal(0)),
        currency=currency,
        files=tuple(files),
        accounted=tuple(accounted),
        invoices=invoices(cash, currency) if _names_invoices(datasets[0].table) else (),
        unread=tuple(text for dataset in datasets for text in dataset.table.source.unread),
    )
    return control, sum(int(row["lines"]) for row in inside if not row["invoice"]), bare


def _names_invoices(table: Table) -> bool:
    return table.has("invoice") or table.has("month")


def _added(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of both datasets with the same keys become one."""
    names: dict[str, Any] = {"resource_name": "max", "x_tied_to": "max"}
    sums = [c.name for c in schemas.BILL.columns if c.kind in ("float", "int")]
    out = rows.groupby(list(KEYS), as_index=False, sort=True).agg(
        names | dict.fromkeys(sums, "sum")
    )
    given = [c for c in schemas.BILL.columns if c.name in out]
    order = [c.name for c in given if c.kind in ("timestamp", "string")]
    return out[[c.name for c in given]].sort_values(order, kind="stable", ignore_index=True)
