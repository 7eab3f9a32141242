"""`burn explain DRIVER`: from a line of the ledger down to subjects and bill lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from burn.api import UsageError
from burn.api.drivers import DRIVERS, Driver
from burn.cli import console
from burn.cli.explain import driver
from burn.cli.explain.cite import SCOPES, explain_cite
from burn.cli.explain.control import NAME as CONTROL
from burn.cli.explain.control import explain_control
from burn.cli.explain.invoice import NAME as INVOICE
from burn.cli.explain.invoice import explain_invoice
from burn.cli.explain.kept import explain_kept
from burn.plugin.messages import did_you_mean

if TYPE_CHECKING:
    from burn.api import Report
    from burn.cli.options import Flags
    from burn.history.kept import Kept
    from burn.history.store import History

_SPECIAL = {CONTROL: explain_control, INVOICE: explain_invoice}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which driver, which subject of it, how much of both, how to print it, and of which kept run."""

    driver: str | None
    subject: str | None
    limit: int
    as_json: bool
    run: str | None = None


def explain(flags: Flags, providers: Sequence[str], asked: Asked, *, quiet: bool) -> None:
    """One driver of a run, its control total or its invoices; without a name, what every driver means.

    The last needs no run. A kept run has it all but the raw bill lines.
    """
    if asked.driver is None:
        _all(as_json=asked.as_json)
        return
    if asked.driver.startswith(SCOPES):
        explain_cite(flags, asked.driver, as_json=asked.as_json)
        return
    if (
        asked.run
        and not asked.subject
        and asked.driver.rpartition("/")[2] not in (*DRIVERS, *_SPECIAL)
    ):
        explain_kept(flags, asked.driver, asked.run, asked.limit, as_json=asked.as_json)
        return
    if asked.driver in _SPECIAL:
        report = _kept(flags, providers, asked.run) if asked.run else _made(flags, providers, quiet)
        _SPECIAL[asked.driver](report, asked.limit, as_json=asked.as_json)
        return
    wanted = _driver(asked.driver)
    rows, lines = (
        _of_kept(flags, providers, wanted, asked)
        if asked.run
        else _of_run(flags, providers, wanted, asked, quiet=quiet)
    )
    show_it = driver.print_json if asked.as_json else driver.print_table
    show_it(rows, lines, asked.limit)


def _of_kept(
    flags: Flags, providers: Sequence[str], wanted: Driver, asked: Asked
) -> tuple[driver.Rows, driver.Lines]:
    """From the ledger alone: a kept report has no bill lines."""
    store, kept = _chosen(flags, providers, asked.run or "")
    return driver.of_kept(store, kept, wanted).about(asked.subject), None


def _of_run(
    flags: Flags, providers: Sequence[str], wanted: Driver, asked: Asked, *, quiet: bool
) -> tuple[driver.Rows, driver.Lines]:
    """From a run that is made for it, and the bill that it read."""
    import pandas as pd

    from burn.cli import combined
    from burn.cli.explain.trace import Trace
    from burn.cli.providers import open_sessions
    from burn.combine.names import untagged

    sessions = open_sessions(flags, providers)
    traces = [Trace() for _ in sessions]
    with console.work(quiet=quiet) as events:
        plans, note = combined.plans(sessions, shared=flags.sample)
        watched = [
            replace(plan, observers=(*plan.observers, trace))
            for plan, trace in zip(plans, traces, strict=True)
        ]
        report = combined.report(watched, sessions[0].run, events, note)
        found = driver.of_report(report, wanted).about(asked.subject)
        rows = pd.DataFrame(found.rows, columns=["subject"], dtype="str")
        lines = {}
        for plan, trace in zip(plans, traces, strict=True):
            own = rows if len(plans) == 1 else untagged(rows, plan.provider.name)
            of_plan = trace.lines(plan, report.info.window, wanted, own, asked.limit)
            lines[plan.provider.name] = of_plan
    return found, lines


def _made(flags: Flags, providers: Sequence[str], quiet: bool) -> Report:
    from burn.cli import combined

    return combined.of_command(flags, providers, quiet=quiet)


def _kept(flags: Flags, providers: Sequence[str], run: str) -> Report:
    store, kept = _chosen(flags, providers, run)
    return store.load(kept)


def _chosen(flags: Flags, providers: Sequence[str], run: str) -> tuple[History, Kept]:
    from burn.cli import report_store
    from burn.cli.history import find

    store = report_store.configured(flags)
    whose = replace(flags, provider="+".join(providers) or None, bill=True)
    return store, find(store, whose, run)


def _driver(name: str) -> Driver:
    """By name, or as `group/name` as the ledger is written about."""
    found = DRIVERS.get(name.rpartition("/")[2])
    if found is None or name not in (found.name, f"{found.group}/{found.name}"):
        meant = did_you_mean(name.rpartition("/")[2], list(DRIVERS))
        hint = f"{meant} `burn explain` lists every driver".strip()
        raise UsageError(f"unknown driver `{name}`", hint=hint)
    return found


def _all(*, as_json: bool) -> None:
    if as_json:
        names = ("name", "group", "title", "why", "advice")
        console.data_json([{n: getattr(d, n) for n in names} for d in DRIVERS.values()])
        return
    console.table(("driver", "group", "why"), [(d.name, d.group, d.why) for d in DRIVERS.values()])
