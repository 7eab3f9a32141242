"""`burn check`: budgets, the gap and anomalies against kept reports; exit code 6 for what was not told before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from burn.api import ToleranceError, UsageError
from burn.api.money import cents, count, money
from burn.cli import console, report_store
from burn.text.clean import clean

if TYPE_CHECKING:
    from burn.cli.options import Flags
    from burn.history.check import Crossing

_HEADS = ("check", "period", "limit", "is", "state")


def check(flags: Flags, *, ack: bool, as_json: bool) -> None:
    """Say what is over its limit, and end with 6 where that is new.

    Raises:
        ToleranceError: a limit is reached, and was not told before.
    """
    from burn.config.load import load
    from burn.history.check import crossings, tell

    config = load({}, flags.sets, file=flags.config, files=not flags.sample)
    limits = config.check
    if not (limits.budgets or limits.gap_percent or limits.anomaly_amount):
        raise UsageError(
            "there is nothing to check",
            hint="write a budget, [check.budgets.NAME] amount = …, or [check] gap_percent = 5 or anomaly_amount = 20",
        )
    store = report_store.opened(config.history, sample=flags.sample)
    mine = report_store.asked(flags).of(report_store.listed(store))
    found = crossings(store, mine, limits, console.warn)
    new = [one for one in found if one.told is None]
    if as_json:
        _print_json(found)
    else:
        _print(found)
    tell(store, mine, new, datetime.now(UTC))
    if new and not ack:
        names = ", ".join(dict.fromkeys(clean(one.check) for one in new))
        raise ToleranceError(
            f"{count(len(new), 'limit')} reached: {names}",
            hint="`burn diff` says what changed; each limit is told once a period",
        )


def _print(found: Sequence[Crossing]) -> None:
    if not found:
        console.data("No limit is reached.")
        return
    rows = [
        (
            clean(one.check),
            f"{one.period:%Y-%m-%d}",
            _amount(one.limit, one.currency)
            + (f" ({one.threshold:g} %)" if one.threshold else " expected"),
            _amount(one.amount, one.currency),
            ("new" if one.told is None else f"told {one.told:%Y-%m-%d}") + _doubt(one),
        )
        for one in found
    ]
    console.table(_HEADS, rows, right=_HEADS[2:4])
    for one in found:
        if one.because:
            console.data("")
            console.prose(clean(one.because), label=f"{clean(one.check)}, {one.period:%Y-%m-%d}: ")


def _doubt(one: Crossing) -> str:
    if one.ahead:
        return ", forecast"
    return "" if one.final else ", can still change"


def _print_json(found: Sequence[Crossing]) -> None:
    from burn.builtin.sinks.json_sink import plain

    console.data_json([plain({**asdict(one), "new": one.told is None}) for one in found])


def _amount(value: float, currency: str) -> str:
    return f"{value:.1f} %" if currency == "%" else money(cents(value), currency)
