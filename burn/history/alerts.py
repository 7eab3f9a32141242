"""What `burn check` found, as sinks are told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from burn.api import Alert

if TYPE_CHECKING:
    from burn.history.check import Crossing

_SHARED = (
    *("check", "period", "threshold", "limit", "amount", "final", "ahead", "told", "because"),
)


def alert(one: Crossing) -> Alert:
    """A crossing for a sink."""
    kind: Literal["budget", "gap", "anomaly"] = "budget"
    if one.currency == "%":
        kind = "gap"
    elif not one.threshold:
        kind = "anomaly"
    values = {name: getattr(one, name) for name in _SHARED}
    return Alert(kind=kind, unit=one.currency, **values)
