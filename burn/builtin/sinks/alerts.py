"""Alerts in words: what all sinks of ours say of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api.money import cents, money
from burn.text.clean import clean

if TYPE_CHECKING:
    from burn.api import Alert

HEADS = ("check", "period", "limit", "is", "state")
NONE = "No limit is reached."


def cells(alert: Alert) -> tuple[str, ...]:
    """One for each of `HEADS`."""
    of = f" ({alert.threshold:g} %)" if alert.threshold else " expected"
    return (
        clean(alert.check),
        f"{alert.period:%Y-%m-%d}",
        amount(alert.limit, alert.unit) + of,
        amount(alert.amount, alert.unit),
        state(alert),
    )


def state(alert: Alert) -> str:
    """New, or when it was told; and what makes it less than sure."""
    told = "new" if alert.told is None else f"told {alert.told:%Y-%m-%d}"
    if alert.ahead:
        return f"{told}, forecast"
    return told if alert.final else f"{told}, can still change"


def reasons(alerts: Sequence[Alert]) -> list[tuple[str, str]]:
    """What stands behind anomalies: a label and a sentence for each that is explained."""
    return [
        (f"{clean(one.check)}, {one.period:%Y-%m-%d}", clean(one.because))
        for one in alerts
        if one.because
    ]


def amount(value: float, unit: str) -> str:
    """Money or percent."""
    return f"{value:.1f} %" if unit == "%" else money(cents(value), unit)
