"""What something may cost: `[check]` and `[check.budgets.NAME]` in burn.toml."""

from __future__ import annotations

from dataclasses import dataclass

from burn.api import UsageError, setting
from burn.api.dimensions import problem
from burn.history.trend import BY, EVERY


@dataclass(frozen=True, slots=True)
class Budget:
    """What something may cost in a day, a week or a month.

    Attributes:
        amount: in the currency of the reports.
        by, of: a dimension of `burn trend`, and a name in it.
        thresholds: percent of the amount; each is told when it is reached.
        ahead: the same for what the forecast says of the month that runs; by total alone.
    """

    amount: float
    period: str = "month"
    by: str = "total"
    of: str = "CLUSTER"
    thresholds: tuple[float, ...] = (80.0, 100.0)
    ahead: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.amount < float("inf"):
            raise UsageError(f"a budget's amount is {self.amount}; it must be more than 0")
        named = self.by if self.by in BY or problem(self.by) == "" else ""
        for word, known in ((self.period, EVERY), (self.by, (*BY, named))):
            if word not in known:
                hint = f"it takes {', '.join(filter(None, known))}"
                raise UsageError(f"`{word}` is not known to a budget", hint=hint)
        if min((*self.thresholds, *self.ahead), default=0) <= 0:
            raise UsageError("a budget's thresholds are percentages, more than 0")
        if self.ahead and (self.by, self.period) != ("total", "month"):
            raise UsageError(
                "a budget with `ahead` is of a month, by total",
                hint="the forecast has REPORT, CLUSTER, ACCOUNT and BILLED of a month",
            )


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """`[check]` in burn.toml."""

    budgets: dict[str, Budget] = setting(
        {},
        help="[check.budgets.NAME]: amount; period (day, week or month); by (a dimension, too) and of, as in `burn trend` "
        "(by total: REPORT, CLUSTER, ACCOUNT or BILLED); thresholds, percentages of the amount; ahead, percentages of it that the month's forecast reaches",
    )
    gap_percent: float = setting(
        0.0,
        help="how far the cluster's effective cost may be from the report, in percent; 0: any",
    )
    anomaly_amount: float = setting(
        0.0,
        help="least money by which a day of a driver, or of a service outside the cluster, must be off"
        " what is expected of it to be told; 0: anomalies are not looked for",
    )
    anomaly_percent: float = setting(
        30.0, help="least percent of what was expected by which it must be off as well"
    )

    sinks: tuple[dict[str, str], ...] = setting(
        (),
        help="where the result goes, each a [[check.sinks]] with `format` (a sink that writes alerts)"
        " and, where it needs one, `output`; none: a table on standard output",
    )

    def __post_init__(self) -> None:
        for sink in self.sinks:
            if not sink.get("format") or set(sink) - {"format", "output"}:
                raise UsageError(
                    f"check.sinks has {', '.join(sink) or 'an empty table'}; each has `format` and"
                    " may have `output`, and nothing else"
                )
        if not 0 <= self.gap_percent < float("inf"):
            raise UsageError(f"check.gap_percent is {self.gap_percent}; it must be 0 or more")
        for name in ("anomaly_amount", "anomaly_percent"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise UsageError(f"check.{name} is {getattr(self, name)}; it must be 0 or more")
