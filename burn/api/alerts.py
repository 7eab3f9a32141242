"""What `burn check` found, for sinks that write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from burn.api.contract import OutputSink
from burn.api.money import cents, money
from burn.text.clean import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A limit that is reached, or a day that cost more or less than expected.

    Attributes:
        kind: of a budget, of the gap between report and bill, or an anomaly.
        check: the budget's name, `gap`, or `anomaly` with the driver or service.
        period: when the budget's period, or the anomaly, began.
        threshold: percent of the limit; of an anomaly 0.
        limit: in `unit`; of an anomaly, what was expected.
        amount: in `unit`: what it is.
        unit: a currency, or `%`.
        final: nothing of it can still change.
        ahead: the amount is a forecast.
        told: when it was told first; None: it is new.
        because: the nodes, volumes or services behind an anomaly, as a phrase; else empty.
    """

    kind: Literal["budget", "gap", "anomaly"]
    check: str
    period: datetime
    threshold: float
    limit: float
    amount: float
    unit: str
    final: bool
    ahead: bool = False
    told: datetime | None = None
    because: str = ""


def sentence(alert: Alert) -> str:
    """An alert in a sentence or two, for a message to people; clean, not escaped for any medium."""
    name, start = clean(alert.check), f"{alert.period:%Y-%m-%d}"
    doubt = "" if alert.final or alert.ahead else " It can still change."
    if alert.kind == "gap":
        return (
            f"The cluster's cost is {alert.amount:.1f} % off the report, over the limit of"
            f" {alert.limit:g} %, in the window from {start}.{doubt}"
        )
    limit, is_ = (money(cents(value), clean(alert.unit)) for value in (alert.limit, alert.amount))
    if alert.kind == "anomaly":
        because = f" Behind it: {clean(alert.because)}." if alert.because else ""
        return f"{name[:1].upper()}{name[1:]} cost {is_} on {start}, where {limit} was expected.{because}"
    verb = "is forecast to reach" if alert.ahead else "has reached"
    return f"Budget {name} {verb} {alert.threshold:g} % ({limit}) in the period from {start}: {is_}.{doubt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRequest:
    """Alerts to write somewhere.

    Attributes:
        cluster, provider: whose reports were checked.
        alerts: all that hold now, those that were told before as well; none is an answer too.
        target: --output's value; None means standard output.
    """

    cluster: str
    provider: str
    alerts: tuple[Alert, ...]
    target: str | None = None


class AlertSink(OutputSink, Protocol):
    """An output sink that also writes what `burn check` found."""

    def alert(self, request: AlertRequest) -> None:
        """Write all alerts, or that there is none.

        Raises:
            AccessError: the target cannot be written.
        """
        ...
