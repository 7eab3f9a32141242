"""From one report to another: a ledger of its own, closed to the cent.

A row of the ledger that both reports have, with a quantity (hours, GiB-hours) q and an amount a before
and b after, differs by

    calendar  a × (hours after / hours before − 1)
    usage     a × (q after / q before) − a − calendar        at the price of before
    price     b − a × (q after / q before)                   of the usage of now

which telescopes to b − a. Without a quantity there is no price: after the calendar, the rest has the
cause that its group can have. Nodes that only one of the reports knows and that cost the same an hour
are one pool, so that a replaced node is no change. What a month bills once has no calendar.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.api import Report, UsageError, Window
from burn.ledger.invoice import GROUP as INVOICE

if TYPE_CHECKING:
    import pandas as pd

KEYS = ["group", "driver", "subject"]
_REST = {"rate": "price", "waste": "price", "accounting": "charges"}
"""What is left of a row without a quantity, by group; else `amount`."""
_HOURS = ("uptime", "unbilled")
"""Drivers whose amount is one of hours."""
_TIMELESS = ("accounting",)
NODE_ID = "^(?:[^/]+:)?node/"
"""An asset id, after its provider's name in a report of several."""
_SAME_RATE = 1e-6
NOISE = 1e-9
"""What binary sums leave behind; the residual would show more."""
_MONTHLY = "GiB-hours"
"""Priced by the month: an hour of a short month costs more."""


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed between two reports.

    Attributes:
        rows: group, driver, subject, name, cause, amount (in the reports' currency); the amounts
            add up to what was billed after, less what was billed before.
        residual: that difference by the bills' own control totals, less the rows. 0.00. Without
            bills, by the reports' totals.
        notes: sentences a reader must see.
    """

    before: Report
    after: Report
    rows: pd.DataFrame
    residual: float
    notes: tuple[str, ...] = ()


def diff(before: Report, after: Report) -> Diff:
    """Compare two reports of one cluster.

    Raises:
        UsageError: they are of different clusters, providers or currencies.
    """
    require_alike(before, after)
    ratio = after.info.window.hours / before.info.window.hours
    joined = _joined(before, after)
    parts = (
        _same_time(joined)
        if before.info.window == after.info.window
        else _moved(joined, ratio, _month_ratio(before.info.window, after.info.window))
    )
    rows = _long(joined, parts)
    if after.control is None:
        change = after.totals.report - before.totals.report
    else:
        change = float(after.counted.billed - before.counted.billed)
    residual = change - math.fsum(rows["amount"])
    return Diff(before, after, rows, residual, notes(before, after))


def require_alike(before: Report, after: Report) -> None:
    """Reports that have nothing in common are not compared.

    Raises:
        UsageError: names what differs.
    """
    for what in ("currency", "provider", "cluster"):
        a, b = (getattr(one.info, what) for one in (before, after))
        if a != b:
            raise UsageError(
                f"the reports have different {what}s: {a} and {b}",
                hint="compare two runs of one cluster; `burn history` lists them",
            )
    kinds = ["no bill" if one.control is None else "a bill" for one in (before, after)]
    if len(set(kinds)) > 1:
        raise UsageError(
            f"the earlier report has {kinds[0]}, the later one {kinds[1]}: they do not compare",
            hint="compare two runs, or with --no-bill two reports of `burn analyze`",
        )


def notes(before: Report, after: Report) -> tuple[str, ...]:
    """What makes a comparison less than it looks."""
    out = []
    for word, one in (("earlier", before), ("later", after)):
        since = one.info.provisional_from
        if since is not None:
            out.append(
                f"the bill of the {word} report can still change from {since:%Y-%m-%d} on: what is"
                " missing there is no saving"
            )
    for what in ("policies", "basis", "source"):
        a, b = (getattr(one.info, what) for one in (before, after))
        if a != b:
            told = [", ".join(x) if isinstance(x, tuple) else x for x in (a, b)]
            out.append(f"the reports differ in {what}: {told[0]} before, {told[1]} after")
    return tuple(out)


def _joined(before: Report, after: Report) -> pd.DataFrame:
    """One row per driver and subject of either: amounts a and b, quantities qa and qb, known in."""
    pool = _pools(before.ledger, after.ledger)
    a, b = (_ledger(one.ledger, pool) for one in (before, after))
    both = a.merge(
        b, how="outer", left_index=True, right_index=True, suffixes=("_a", "_b")
    ).reset_index()
    both["name"] = both["name_b"].fillna(both["name_a"])
    both["unit"] = both["unit_b"].fillna(both["unit_a"])
    for side, ledger in (("a", a), ("b", b)):
        # A thing is there where any row of the same realm knows it.
        known = {(str(g) in _OUTER, s) for g, _, s in ledger.index}
        keys = zip(both["group"].isin(_OUTER), both["subject"], strict=True)
        both[f"known_{side}"] = [key in known for key in keys]
    both[["amount_a", "amount_b"]] = both[["amount_a", "amount_b"]].fillna(0.0)
    return both


_OUTER = ("outside", "accounting")


def _ledger(ledger: pd.DataFrame, pool: dict[str, str]) -> pd.DataFrame:
    """amount, quantity, unit and name by group, driver and subject, up to what was billed."""
    rows = ledger[ledger["group"] != INVOICE]
    report = rows[rows["group"] == "report"].set_index("subject")
    billed = report["billed"].fillna(report["observed"])
    own = rows["subject"].map(report["observed"]).where(rows["group"] == "report")
    quantity = own.fillna(rows["subject"].map(billed)).where(rows["group"].isin(_COUNTED))
    subject = rows["subject"].map(lambda one: pool.get(one, one))
    named = rows["name"].where(subject == rows["subject"], subject)
    rows = rows.assign(
        quantity=quantity,
        unit=rows["subject"].map(report["unit"]).astype("object").fillna(""),
        subject=subject,
        name=named,
    )
    return rows.groupby(KEYS).agg(
        amount=("amount", "sum"),
        quantity=("quantity", _whole_sum),
        unit=("unit", "first"),
        name=("name", "first"),
    )


_COUNTED = ("report", "rate")


def _whole_sum(values: pd.Series[Any]) -> float:
    return float(values.sum(skipna=False))


def _pools(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, str]:
    """Assets that only one side knows, by what an hour of them costs, where both sides have such."""
    import pandas as pd

    sides = [_priced(one) for one in (before, after)]
    kept = set(sides[0].index) & set(sides[1].index)
    only = [side[~side.index.isin(kept)] for side in sides]
    both = set(only[0]["pool"]) & set(only[1]["pool"])
    rows = pd.concat(only)
    rows = rows[rows["pool"].isin(both)]
    return {str(subject): str(name) for subject, name in rows["pool"].items()}


def _priced(ledger: pd.DataFrame) -> pd.DataFrame:
    """The pool that each node of a report would be in."""
    rows = ledger[(ledger["group"] == "report") & ledger["subject"].str.contains(NODE_ID)]
    rows = rows[rows["observed"] > 0]
    spot = set(ledger.loc[ledger["driver"] == "spot", "subject"])
    price = (rows["amount"] / rows["observed"]).round(6).astype(str)
    kind = rows["subject"].isin(spot).map({True: "spot nodes", False: "nodes"})
    pool = kind + " at " + price + " an hour, replaced"
    return pool.to_frame("pool").set_axis(rows["subject"].astype(str), axis="index")


def _moved(rows: pd.DataFrame, ratio: float, months: float | None) -> pd.DataFrame:
    """Columns of causes between two different times."""
    a, b = rows["amount_a"], rows["amount_b"]
    timeless = rows["group"].isin(_TIMELESS)
    stays = rows["known_a"] & rows["known_b"]
    there = stays & ~timeless
    grown = (rows["quantity_b"] / rows["quantity_a"]).where(rows["quantity_a"] > 0)
    counted = there & grown.notna()
    calendar = (a * (ratio - 1)).where(there, 0.0)
    price = (b - a * grown).where(counted, 0.0)
    if months is not None:
        # Amount by month: its hour costs more where the month has fewer, and that is no new price.
        by_month = a * grown * (months - 1)
        monthly = (
            counted
            & (rows["unit"] == _MONTHLY)
            & ((price - by_month).abs() <= _SAME_RATE * b.abs())
        )
        calendar += price.where(monthly, 0.0)
        price = price.where(~monthly, 0.0)
    rest = b - a - calendar - price
    out = {
        "new": b.where(~rows["known_a"] & ~timeless, 0.0),
        "gone": (-a).where(~rows["known_b"] & ~timeless, 0.0),
        "calendar": calendar,
        "price": price,
    }
    kind = rows["group"].map(_REST).fillna("amount")
    kind = kind.where(~counted & ~rows["driver"].isin(_HOURS), "usage")
    kind = kind.where(stays | timeless, "")
    out["price"] += rest.where(kind == "price", 0.0)
    out |= {one: rest.where(kind == one, 0.0) for one in ("usage", "amount", "charges")}
    return rows[[]].assign(**out)


def _same_time(rows: pd.DataFrame) -> pd.DataFrame:
    """Columns of causes between two reports of one window."""
    change = rows["amount_b"] - rows["amount_a"]
    seen = rows["group"] == "report"
    return rows[[]].assign(observed=change.where(seen, 0.0), restated=change.where(~seen, 0.0))


def _long(rows: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """One row for each cause that moved a subject."""
    head = rows[[*KEYS, "name"]]
    long = (
        head.join(parts)
        .melt([*KEYS, "name"], var_name="cause", value_name="value")
        .rename(columns={"value": "amount"})
    )
    return long[long["amount"].abs() > NOISE].reset_index(drop=True)


def _month_ratio(before: Window, after: Window) -> float | None:
    """Hours of the earlier window's month by those of the later's; None where one has several."""
    hours = []
    for window in (before, after):
        month = Window.month(window.start.year, window.start.month)
        if window.end > month.end:
            return None
        hours.append(month.hours)
    return hours[0] / hours[1]
