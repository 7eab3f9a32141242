"""`burn check`: budgets, the gap and anomalies against kept reports; exit code 6 for what was not told before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from burn.api import AlertRequest, AlertSink, OutputSinkSpec, ToleranceError, UsageError
from burn.api.money import count
from burn.cli import console, report_store
from burn.cli.session import Session
from burn.text.clean import clean

if TYPE_CHECKING:
    from burn.cli.options import Flags
    from burn.plugin.chosen import Chosen


def check(flags: Flags, *, ack: bool) -> None:
    """Say what is over its limit, and end with 6 where that is new.

    Raises:
        ToleranceError: a limit is reached, and was not told before.
    """
    from burn.history.alerts import alert
    from burn.history.check import crossings, tell

    session = Session(replace(flags, files=not flags.sample, sample=False))
    config = session.config
    limits = config.check
    if not (limits.budgets or limits.gap_percent or limits.anomaly_amount):
        raise UsageError(
            "there is nothing to check",
            hint="write a budget, [check.budgets.NAME] amount = …, or [check] gap_percent = 5 or anomaly_amount = 20",
        )
    sinks = [(_sink(session, name, to), to or None) for name, to in _outputs(flags, session)]
    store = report_store.opened(config.history, sample=flags.sample)
    mine = report_store.asked(flags).of(report_store.listed(store))
    # Where a cluster's runs are kept, a later report of `burn analyze` does not speak for their days.
    billed = {one.subject for one in mine if one.bill}
    mine = [one for one in mine if one.bill or one.subject not in billed]
    fired = crossings(store, mine, limits, console.warn)
    cluster, provider = mine[0].subject
    alerts = tuple(alert(one) for one in fired)
    for sink, target in sinks:
        # A sink that fails ends this before anything counts as told: it is told the next time.
        sink.made.alert(
            AlertRequest(cluster=cluster, provider=provider, alerts=alerts, target=target)
        )
    new = [one for one in fired if one.told is None]
    tell(store, mine, new, datetime.now(UTC))
    if new and not ack:
        names = ", ".join(dict.fromkeys(clean(one.check) for one in new))
        raise ToleranceError(
            f"{count(len(new), 'limit')} reached: {names}",
            hint="`burn diff` says what changed; each limit is told once a period",
        )


def _outputs(flags: Flags, session: Session) -> Sequence[tuple[str, str]]:
    """What was typed, else `check.sinks`; `run.format` is about reports."""
    if flags.formats or flags.outputs:
        return session.run.outputs
    stated = [(one["format"], one.get("output", "")) for one in session.config.check.sinks]
    return stated or [("table", "")]


def _sink(session: Session, name: str, target: str) -> Chosen[AlertSink]:
    """An output sink that writes alerts, made.

    Raises:
        UsageError: it writes reports alone.
    """
    registry = session.registry
    if not registry.output_sink(name).spec.alerts:
        every = registry.names(OutputSinkSpec)
        able = [one for one in every if registry.output_sink(one).spec.alerts]
        raise UsageError(
            f"format `{name}` does not write what `burn check` found",
            hint=f"these do: {', '.join(able)}",
        )
    return cast("Chosen[AlertSink]", session.sink(name, target))
