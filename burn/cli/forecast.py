"""`burn forecast`: the month that runs and those after it, with how well it would have done so far."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from burn.api.money import cents, figure
from burn.cli import console, report_store
from burn.view.waterfall import known

if TYPE_CHECKING:
    from burn.cli.options import Flags
    from burn.history.forecast import Forecast, Month

_HEADS = ("", "so far", "to come", "total", "low", "high")


def forecast(flags: Flags, months: int, limit: int, as_of: str | None, *, as_json: bool) -> None:
    """Look ahead from kept reports.

    Raises:
        UsageError: less than two weeks of final days are kept.
    """
    from burn.history.forecast import forecast as made

    store = report_store.configured(flags)
    ahead = made(store, report_store.asked(flags, as_of).of(report_store.listed(store)), months)
    if as_json:
        console.data_json(_document(ahead))
        return
    days = (ahead.last - ahead.first).days + 1
    console.prose(
        f"From {days} final days, {ahead.first:%Y-%m-%d} to {ahead.last:%Y-%m-%d}, {ahead.currency}."
    )
    for month in ahead.months:
        console.data(f"\n{month.start:%B %Y}, {month.known} of {month.days} days known\n")
        console.table(_HEADS, [_landing(month, name) for name in month.landings], right=_HEADS[1:])
    console.data(f"\nDrivers of {ahead.months[0].start:%B %Y}:\n")
    _drivers(ahead.months[0], limit)
    console.data("")
    console.prose(_tried(ahead))
    for note in ahead.notes:
        console.prose(f"{note[:1].upper()}{note[1:]}.")


def _landing(month: Month, name: str) -> list[str]:
    one = month.landings[name]
    values = [one.so_far, one.to_come, one.total]
    shown = [figure(cents(value)) for value in values]
    if math.isnan(one.half):
        return [name, *shown, "", ""]
    return [name, *shown, *(figure(cents(one.total + half)) for half in (-one.half, one.half))]


def _drivers(month: Month, limit: int) -> None:
    """The largest; their sum is BILLED."""
    order = sorted(month.drivers, key=lambda name: (-abs(sum(month.drivers[name])), name))
    shown, rest = order[:limit], order[limit:]
    parts = [(known(name.partition("/")[2], "").title, month.drivers[name]) for name in shown]
    if rest:
        left = [month.drivers[name] for name in rest]
        parts.append((f"{len(rest)} others", (sum(a for a, _ in left), sum(b for _, b in left))))
    rows = [[label, *(figure(cents(value)) for value in (a, b, a + b))] for label, (a, b) in parts]
    console.table(_HEADS[:4], rows, right=_HEADS[1:4])


def _tried(found: Forecast) -> str:
    one = found.tested["BILLED"]
    if not one.tries:
        return "It could not be tried on its own past: there are no more days than it takes."
    return (
        "Low and high are the bounds of four times in five. Tried on its own past, day after day"
        f" ({one.tries:,} sums of BILLED without the lines of a month): they held {100 * one.coverage:.0f} %;"
        f" a day was missed by {figure(cents(one.error))} on average, by {figure(cents(one.naive))}"
        " if the last week is repeated."
    )


def _document(found: Forecast) -> dict[str, Any]:
    from dataclasses import asdict

    from burn.builtin.sinks.json_sink import plain

    months = [
        {
            "month": f"{month.start:%Y-%m}",
            "days": month.days,
            "known": month.known,
            "landings": {
                name: {
                    "so_far": one.so_far,
                    "to_come": one.to_come,
                    "total": one.total,
                    "low": _known(one.total - one.half),
                    "high": _known(one.total + one.half),
                }
                for name, one in month.landings.items()
            },
            "drivers": [
                {
                    "group": name.partition("/")[0],
                    "driver": name.partition("/")[2],
                    "so_far": a,
                    "to_come": b,
                }
                for name, (a, b) in month.drivers.items()
            ],
        }
        for month in found.months
    ]
    tested = {
        name: {key: _known(value) for key, value in asdict(one).items()}
        for name, one in found.tested.items()
    }
    head = {"first": found.first, "last": found.last, "currency": found.currency}
    return dict(plain({**head, "months": months, "tested": tested, "notes": found.notes}))


def _known(value: float) -> float | None:
    """Without a past to try it on there is no interval."""
    return None if math.isnan(value) else value
