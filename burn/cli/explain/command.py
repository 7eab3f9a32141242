"""`burn explain DRIVER`: from a line of the ledger down to subjects and bill lines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from burn.api import Report, UsageError
from burn.api.drivers import DRIVERS, Driver
from burn.api.money import cents, count, figure, money
from burn.cli import combined, console
from burn.cli.explain.cite import SCOPES, explain_cite
from burn.cli.explain.control import NAME as CONTROL
from burn.cli.explain.control import explain_control
from burn.cli.explain.invoice import NAME as INVOICE
from burn.cli.explain.invoice import explain_invoice
from burn.cli.explain.kept import explain_kept
from burn.cli.explain.lines import cell, show
from burn.cli.explain.trace import Trace
from burn.cli.providers import open_sessions
from burn.plugin.messages import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from burn.cli.options import Flags

_SUBJECT_COLUMNS = ("name", "subject", "amount", "lines", "observed", "billed", "unit", "method")
_NO_LINES = (
    "No bill line is this alone: the amounts are parts of lines that other drivers count, or "
    "no line at all was charged."
)
_KEPT = "The bill lines behind them are not kept: without --run, burn reads the bill again."
_INVOICES = "`burn explain invoice` shows each invoice whole, and its part in the window."
_SPECIAL = {CONTROL: explain_control, INVOICE: explain_invoice}
_FIGURES = ("amount", "lines", "observed", "billed")


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
    kept = None if asked.run is None else _kept(flags, providers, asked.run)
    if asked.driver in _SPECIAL:
        report = kept or combined.of_command(flags, providers, quiet=quiet)
        _SPECIAL[asked.driver](report, asked.limit, as_json=asked.as_json)
        return
    driver = _driver(asked.driver)
    if kept:
        show_it = _print_json if asked.as_json else _print
        show_it(kept, driver, _rows(kept, driver, asked.subject), None, asked.limit)
        return
    from burn.combine.merge import untagged

    sessions = open_sessions(flags, providers)
    traces = [Trace() for _ in sessions]
    with console.work(quiet=quiet) as events:
        plans, note = combined.plans(sessions, shared=flags.sample)
        watched = [
            replace(plan, observers=(*plan.observers, trace))
            for plan, trace in zip(plans, traces, strict=True)
        ]
        report = combined.report(watched, sessions[0].run, events, note)
        rows = _rows(report, driver, asked.subject)
        lines = {}
        for plan, trace in zip(plans, traces, strict=True):
            own = rows if len(plans) == 1 else untagged(rows, plan.provider.name)
            found = trace.lines(plan, report.info.window, driver, own, asked.limit)
            lines[plan.provider.name] = found
    show_it = _print_json if asked.as_json else _print
    show_it(report, driver, rows, lines, asked.limit)


def _kept(flags: Flags, providers: Sequence[str], run: str) -> Report:
    from burn.cli import report_store
    from burn.cli.history import find

    store = report_store.configured(flags)
    return store.load(
        find(store, replace(flags, provider="+".join(providers) or None, bill=True), run)
    )


def _driver(name: str) -> Driver:
    """By name, or as `group/name` as the ledger is written about."""
    driver = DRIVERS.get(name.rpartition("/")[2])
    if driver is None or name not in (driver.name, f"{driver.group}/{driver.name}"):
        meant = did_you_mean(name.rpartition("/")[2], list(DRIVERS))
        hint = f"{meant} `burn explain` lists every driver".strip()
        raise UsageError(f"unknown driver `{name}`", hint=hint)
    return driver


def _rows(report: Report, driver: Driver, subject: str | None) -> pd.DataFrame:
    """The driver's ledger rows, largest amount first."""
    rows = report.ledger[report.ledger["driver"] == driver.name]
    if subject is not None:
        subjects = rows["subject"].astype(str)
        # As one provider's ledger names it.
        alone = subjects.str.partition(":")[2] if "+" in report.info.provider else subjects
        named = rows[(subjects == subject) | (rows["name"] == subject) | (alone == subject)]
        if named.empty:
            known = sorted({*rows["subject"].astype(str), *rows["name"].astype(str)} - {""})
            meant = did_you_mean(subject, known)
            hint = f"{meant} `burn explain {driver.name}` lists them".strip()
            raise UsageError(f"`{driver.name}` has no subject `{subject}`", hint=hint)
        rows = named
    order = rows["amount"].abs().sort_values(ascending=False, kind="stable").index
    return rows.loc[order]


def _print(
    report: Report,
    driver: Driver,
    rows: pd.DataFrame,
    lines: Mapping[str, pd.DataFrame] | None,
    limit: int,
) -> None:
    total = money(cents(rows["amount"].sum()), report.info.currency)
    console.data(f"{driver.title} ({driver.group}/{driver.name}): {total}")
    console.data(f"in {report.info.window}, {count(len(rows), 'subject')}\n")
    console.prose(driver.why, label="Why     ")
    console.prose(driver.advice, label="Action  ")
    if rows.empty:
        return
    used = _used_columns(rows)
    console.data("")
    shown = rows.head(limit)
    console.table(
        used, [[_cell(c, row[c]) for c in used] for row in _records(shown)], right=_FIGURES
    )
    if len(rows) > limit:
        rest = money(cents(rows["amount"].iloc[limit:].sum()), report.info.currency)
        console.data(f"and {count(len(rows) - limit, 'more subject')}, {rest}; see --limit")
    _print_lines(lines, driver)


def _used_columns(rows: pd.DataFrame) -> list[str]:
    """Those that say something: no empty one, no name that is the subject, no method of all."""
    said = [c for c in _SUBJECT_COLUMNS if c in _FIGURES or (rows[c].astype(str) != "").any()]
    silent = {c for c in ("observed", "billed") if rows[c].isna().all()}
    if (rows["name"].astype(str) == rows["subject"].astype(str)).all():
        silent.add("name")
    if rows["method"].nunique() == 1:
        silent.add("method")
    return [c for c in said if c not in silent]


def _print_lines(lines: Mapping[str, pd.DataFrame] | None, driver: Driver) -> None:
    """The bill's lines by provider; a sentence where there are none to show."""
    if lines is None:
        console.data("")
        console.prose(_KEPT)
        return
    if all(found.empty for found in lines.values()):
        console.data("")
        console.prose(_INVOICES if driver.group == INVOICE else _NO_LINES)
    for provider, found in lines.items():
        if not found.empty:
            on = f" on the bill of {provider}" if len(lines) > 1 else ""
            many = count(len(found), "line")
            console.data(f"\nLargest bill lines of these subjects{on} ({many}):\n")
            show(found)


def _print_json(
    report: Report,
    driver: Driver,
    rows: pd.DataFrame,
    lines: Mapping[str, pd.DataFrame] | None,
    limit: int,
) -> None:
    head = {
        "driver": driver.name,
        "group": driver.group,
        "title": driver.title,
        "why": driver.why,
        "advice": driver.advice,
        "window": str(report.info.window),
        "currency": report.info.currency,
        "amount": round(float(rows["amount"].sum()), 6),
        "subject_count": len(rows),
    }
    columns = [*_SUBJECT_COLUMNS, "confidence"]
    subjects = _plain(rows[columns].head(limit).to_json(orient="records", double_precision=10))
    records: list[Any] = []
    for provider, found in (lines or {}).items():
        text = found.to_json(orient="records", date_format="iso", double_precision=10)
        whose = {"provider": provider} if lines and len(lines) > 1 else {}
        records += [whose | line for line in _plain(text)]
    console.data_json({**head, "subjects": subjects, "lines": records})


def _all(*, as_json: bool) -> None:
    if as_json:
        names = ("name", "group", "title", "why", "advice")
        console.data_json([{n: getattr(d, n) for n in names} for d in DRIVERS.values()])
        return
    console.table(("driver", "group", "why"), [(d.name, d.group, d.why) for d in DRIVERS.values()])


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows to print: at most `--limit` of them, so not data to compute with."""
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _cell(column: str, value: Any) -> str:
    return figure(cents(value), sign=True) if column == "amount" else cell(value)


def _plain(text: str | None) -> Any:
    return json.loads(text or "[]")
