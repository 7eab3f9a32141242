"""Reports in one currency: at rates the user states, printed in the report, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from burn.api import AssetsFrame, ControlTotal, PlanFrame, Report, Totals, UsageError

if TYPE_CHECKING:
    import pandas as pd

MONEY = (
    *("amount", "cost", "unit_price", "list_cost"),
    *("idle_cost", "system_cost", "gpu_cost", "effective_cost", "paid_cost"),
    *("used_cost", "unused_cost", "cluster_cost", "on_demand_cost"),
)
"""Columns that hold money, in the frames of a report."""


def converted(
    reports: Sequence[Report], currency: str, rates: Mapping[str, float]
) -> tuple[Report, ...]:
    """The reports in one currency.

    Args:
        reports: each in its bill's currency.
        currency: the one wanted; empty means the bills' own, which must then be the same.
        rates: what one unit of another currency is worth in `currency`.

    Raises:
        UsageError: the bills' currencies differ and no currency or rate is stated.
    """
    found = {report.info.provider: report.info.currency for report in reports}
    if not currency and len(set(found.values())) > 1:
        listed = ", ".join(f"{name}: {code}" for name, code in found.items())
        raise UsageError(
            f"the bills are in different currencies ({listed})",
            hint="state the report's currency and rates, e.g. --set run.currency=USD "
            "--set run.rates.EUR=1.08",
        )
    wanted = currency or next(iter(found.values()))
    return tuple(_convert(report, wanted, rates) for report in reports)


def _convert(report: Report, wanted: str, rates: Mapping[str, float]) -> Report:
    info, control, totals = report.info, report.control, report.totals
    if info.currency == wanted:
        return report
    if info.currency not in rates:
        raise UsageError(
            f"{_what(report)} of {info.provider} is in {info.currency}, the report in {wanted},"
            " and no rate is stated",
            hint=f"state it with --set run.rates.{info.currency}=RATE",
        )
    rate = rates[info.currency]
    exact = Decimal(str(rate))
    note = (
        f"{_what(report)} is in {info.currency}; its figures are converted at the stated rate of"
        f" 1 {info.currency} = {exact} {wanted}"
    )
    split = report.namespace_split
    return replace(
        report,
        info=replace(info, currency=wanted),
        totals=Totals(
            report=totals.report * rate,
            cluster_effective=totals.cluster_effective * rate,
            account_effective=totals.account_effective * rate,
            billed=totals.billed * rate,
            residual=totals.residual * rate,
            cluster_billed=totals.cluster_billed * rate,
            invoice=None if totals.invoice is None else totals.invoice * rate,
        ),
        control=None if control is None else _control(control, wanted, exact),
        ledger=_times(report.ledger, rate),
        prices=_times(report.prices.assign(currency=wanted), rate),
        allocation=_times(report.allocation, rate),
        findings=tuple(
            replace(
                one,
                amount=one.amount * rate,
                monthly=one.monthly * rate,
                # Its sentence was written with the bill's own figures.
                evidence=f"{one.evidence} (money in {info.currency})",
            )
            for one in report.findings
        ),
        notes=(note, *report.notes),
        namespace_split=None if split is None else _times(split, rate),
        daily=None if report.daily is None else _times(report.daily, rate),
        plan=None if report.plan is None else _plan(report.plan, rate, info.currency),
        commitments=(None if report.commitments is None else _times(report.commitments, rate)),
        assets=None if report.assets is None else AssetsFrame(_times(report.assets, rate)),
    )


def _what(report: Report) -> str:
    return "the bill" if report.control else "the price list"


def _control(control: ControlTotal, wanted: str, rate: Decimal) -> ControlTotal:
    return replace(
        control,
        billed=control.billed * rate,
        currency=wanted,
        invoice=None if control.invoice is None else control.invoice * rate,
        invoices=tuple(
            replace(one, amount=one.amount * rate, inside=one.inside * rate)
            for one in control.invoices
        ),
    )


def _plan(frame: PlanFrame, rate: float, currency: str) -> Any:
    """Its sentences were written with the bill's own figures."""
    money = {name: frame[name] * rate for name in ("idle", "now", "later")}
    priced = frame["step"] == "commit"
    said = frame["why"].where(~priced, frame["why"] + f" (money in {currency})")
    return frame.assign(**money, why=said)


def _times(frame: pd.DataFrame, rate: float) -> Any:
    """A frame of the same schema."""
    money = [name for name in MONEY if name in frame.columns]
    return frame.assign(**{name: frame[name] * rate for name in money})
