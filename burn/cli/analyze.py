"""`burn analyze`: the Kubernetes report alone, with no bill read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from burn.api import UsageError
from burn.cli import console
from burn.cli.providers import open_sessions
from burn.cli.report_store import keep
from burn.cli.run import write
from burn.cli.session import Analysis
from burn.cli.write_requests import Requests

if TYPE_CHECKING:
    from burn.cli.options import Flags
    from burn.cli.session import Session
    from burn.run.plan import Plan

PRICES = ("list", "effective")


def analyze(
    flags: Flags, providers: Sequence[str], prices: str, *, by_pod: bool, quiet: bool
) -> None:
    """What the cluster costs: a pipeline per cluster, then one report, kept as one without a bill."""
    if prices not in PRICES:
        raise UsageError(f"--prices {prices} is not known", hint=f"it takes {' or '.join(PRICES)}")
    sessions = open_sessions(flags, providers)
    first = sessions[0]
    sinks = first.sinks(billed=False)
    with console.work(quiet=quiet) as events:
        from burn.combine.convert import converted
        from burn.combine.merge import merge
        from burn.run.pipeline import analyze as line

        plans = _one_window(
            [_plan(group, prices, flags, by_pod=by_pod) for group in _clusters(sessions)]
        )
        reports = [line(plan, events) for plan in plans]
        run = first.run
        report = merge(converted(reports, run.currency, run.rates), run.tolerance)
        refused = None
        if first.config.history.keep and not flags.no_keep:
            stated = (text for plan in plans for text in plan.stated)
            refused = keep(report, first.config.history, stated, first.sample)
    with Requests(report, first, sample=flags.sample) as requests:
        write(sinks, requests, refused)


def _clusters(sessions: Sequence[Session]) -> list[list[Session]]:
    """Sessions that see one cluster through one source are one report, whoever prices its parts."""
    groups: list[list[Session]] = []
    for session in sessions:
        for group in groups:
            if group[0].run.cluster == session.run.cluster and session.same_source(group[0]):
                group.append(session)
                break
        else:
            groups.append([session])
    return groups


def _plan(group: Sequence[Session], prices: str, flags: Flags, *, by_pod: bool) -> Plan:
    """The plan of a cluster; its labels, settings and prices are those of all its providers."""
    from burn.combine.providers import together

    paid = None
    if prices == "effective":
        from burn.cli.paid import paid_by

        paid = paid_by(group, sample=flags.sample)
    asked = Analysis(by_pod=by_pod, paid=paid)
    plans = [session.plan(asked) for session in group]
    keys = (key for plan in plans for key in plan.scope.node_label_keys)
    return replace(
        plans[0],
        scope=replace(plans[0].scope, node_label_keys=tuple(dict.fromkeys(keys))),
        provider=together([plan.provider for plan in plans]),
        stated=tuple(dict.fromkeys(text for plan in plans for text in plan.stated)),
    )


def _one_window(plans: list[Plan]) -> list[Plan]:
    """All over one window: a sum over different times says nothing.

    Raises:
        UsageError: they differ.
    """
    windows = {str(plan.window): plan.provider.name for plan in plans}
    if len(windows) > 1:
        told = ", ".join(f"{name}: {window}" for window, name in windows.items())
        raise UsageError(
            f"the clusters have different windows ({told})", hint="give one with --window"
        )
    return plans
