"""Bill: every charge in scope, aggregated, in one currency, counted a second time."""

from __future__ import annotations

from dataclasses import replace

from burn.api import (
    Bill,
    BillingProvider,
    BillPeriod,
    BillRequest,
    ContractError,
    DataError,
    IdentityFrame,
    PeriodRequest,
    Scope,
    Window,
    schemas,
)
from burn.plugin.chosen import Chosen
from burn.validation.invoices import require_invoices, unnumbered
from burn.validation.returned import returned
from burn.validation.rows_accounted import require_accounted
from burn.work.events import Events


def default_window(provider: Chosen[BillingProvider], scope: Scope) -> Window:
    """The last calendar month that the bill covers whole; else all that is complete."""
    period = returned(
        provider.made.period(PeriodRequest(scope=scope)), BillPeriod, provider.author, "period"
    )
    end = period.complete_until.replace(minute=0, second=0, microsecond=0)
    start = period.start.replace(minute=0, second=0, microsecond=0)
    month = Window.month(end.year, end.month)
    if month.end > end:
        before = end.replace(day=1, hour=0)
        month = Window.month(
            before.year - (before.month == 1), 12 if before.month == 1 else before.month - 1
        )
    return month if month.start >= start else Window(start, end)


def fetch_bill(
    provider: Chosen[BillingProvider],
    scope: Scope,
    window: Window,
    identities: IdentityFrame,
    events: Events,
) -> Bill:
    """The bill, validated, with as many lines as its control total counts.

    Raises:
        DataError: no charge in the window, several currencies, lines lost or doubled, in the
            frame or between a file and the frame.
        ContractError: a row is the cluster's and does not say why.
    """
    events.started("bill")
    bill = returned(
        provider.made.bill(BillRequest(scope=scope, window=window, identities=identities)),
        Bill,
        provider.author,
        "bill",
    )
    rows = schemas.BILL.validate(bill.rows, author=provider.author)
    if rows.empty:
        raise DataError(
            f"the bill has no charge in {window}",
            hint="check the window, the account scope and the location with `burn doctor`",
        )
    currencies = sorted(set(rows["billing_currency"]) | {bill.control.currency})
    if len(currencies) > 1:
        raise DataError(
            f"the bill is in several currencies: {', '.join(currencies)}",
            hint="limit the scope to accounts that are billed in one currency",
        )
    lines = int(rows["x_lines"].sum())
    if lines != bill.control.lines:
        raise DataError(
            f"{provider.author} read {lines:,} bill lines where {bill.control.lines:,} are in scope",
            hint="its author finds `x_lines` in docs/reference/frames.md#bill: control.lines counts them again",
        )
    untold = rows["in_cluster"] & (rows["match_method"] == "")
    if untold.any():
        raise ContractError(
            f"{provider.author} ties {int(untold.sum()):,} bill rows to the cluster and does not"
            " say how (match_method)",
            hint=f"begin it with one of {', '.join(schemas.MATCH_METHODS)}",
        )
    said = bill.commitments
    if said is not None:
        said = schemas.COMMITMENT_TERMS.validate(said, author=provider.author)
    require_accounted(bill.control, provider.author)
    require_invoices(bill.control, provider.author)
    for note in (*bill.notes, *unnumbered(bill.control)):
        events.warning(note)
    events.finished("bill", f"{lines:,} lines, {bill.control.billed:,.2f} {currencies[0]}")
    return replace(bill, rows=rows, commitments=said)
